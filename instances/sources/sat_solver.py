"""The SAT solver behind the problems' own exact solvers: CaDiCaL 1.9.5 through PySAT.

CaDiCaL holds Python's global lock while it runs, so it is called in slices of a fixed
number of conflicts, and the deadline is consulted between two slices.

In the main thread PySAT leaves a call on SIGINT by a long jump out of the solver. That can
happen in the middle of an allocation, after which the process crashes or hangs. From any
other thread PySAT leaves signals alone: Python raises `KeyboardInterrupt` after the call.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, combinations
from typing import TypeVar

from instances.deadline import Deadline
from instances.progress import stage

CONFLICTS_PER_SLICE = 2000
_PAIRWISE_UP_TO = 6
_COUNTER_UP_TO = 200_000

Clauses = list[list[int]]
T = TypeVar("T")


def _in_thread(call: Callable[[], T]) -> T:
    """Return what `call` returns in a thread of its own, which ends before this function does."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(call).result()


def solve_clauses(
    variables: int, clauses: Iterable[Sequence[int]], deadline: Deadline
) -> tuple[bool, ...] | None:
    """Return an assignment that satisfies clauses, false for variables in none, if there is one.

    Parameters
    ----------
    variables : int
        Variables 1 to `variables` get a value in the answer; the clauses may use more.
    clauses : iterable of sequences of int
        Literals without the closing 0; empty, tautological and repeating clauses are legal.
    deadline : Deadline
        `LimitReached` is raised after it.
    """
    from pysat.solvers import Cadical195

    deadline.check()
    with Cadical195() as solver:
        for clause in clauses:
            solver.add_clause(clause)
        answer = None
        with stage("source: CaDiCaL", "conflicts") as progress:
            while answer is None:
                deadline.check()
                solver.conf_budget(CONFLICTS_PER_SLICE)
                answer = _in_thread(solver.solve_limited)
                progress.done += CONFLICTS_PER_SLICE
        if not answer:
            return None
        true = {literal for literal in solver.get_model() if literal > 0}
    return tuple(variable in true for variable in range(1, variables + 1))


def at_most(literals: Sequence[int], bound: int, top: int) -> tuple[Clauses, int]:
    """Encode "at most `bound` of these literals are true", for `bound` at least 0.

    Parameters
    ----------
    literals : sequence of int
        Literals of distinct variables.
    bound : int
        The largest number that may be true.
    top : int
        The largest variable in use.

    Returns
    -------
    clauses : list of list of int
    top : int
        The largest variable in use afterwards.
    """
    from pysat.card import CardEnc, EncType

    if bound >= len(literals):
        return [], top
    if bound == 0:
        return [[-literal] for literal in literals], top
    if bound == 1 and len(literals) <= _PAIRWISE_UP_TO:
        return [[-a, -b] for a, b in combinations(literals, 2)], top
    # The counter propagates better; its size is the product, so large ones get a network.
    small = len(literals) * bound <= _COUNTER_UP_TO
    encoding = EncType.seqcounter if small else EncType.cardnetwrk
    clauses: Clauses = _in_thread(
        lambda: CardEnc.atmost(list(literals), bound, top_id=top, encoding=encoding).clauses
    )
    return clauses, max(top, max(map(abs, chain.from_iterable(clauses))))


def choose_at_most(
    candidates: int, clauses: Iterable[Sequence[int]], bound: int, deadline: Deadline
) -> tuple[int, ...] | None:
    """Find at most `bound` of the candidates 0, 1, ... such that every clause holds.

    Candidate ``i`` is variable ``i + 1`` of the clauses. Returns the chosen candidates in
    increasing order, or ``None`` if there is no such choice; raises `LimitReached`.
    """
    counting, _ = at_most(range(1, candidates + 1), bound, candidates)
    values = solve_clauses(candidates, chain(clauses, counting), deadline)
    return None if values is None else tuple(i for i, chosen in enumerate(values) if chosen)
