"""What a verification is to show: reductions, and the sources on which each is tried."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from instances.deadline import Deadline, enforced
from instances.errors import InputError, QnnhardError, Unsupported
from instances.files import read_text
from instances.problems.registry import PROBLEMS
from instances.problems.scopes import parse_scope, show_scope, sources_in
from instances.progress import stage
from qnnhard.verification.sources import (
    NamedSource,
    chain_from,
    parse_source,
    random_sources,
)
from qnnhard.verification.verify import SOLUTIONS
from reductions.chain import Chain
from reductions.map import AnyMap
from reductions.registry import get_reduction, reductions


@dataclass(frozen=True)
class Plan:
    """What to verify, and how.

    Parameters
    ----------
    reduction : str
        A name, a path, or ``all``.
    paths : sequence of str
        Source files.
    problem : str or None
        The problem that the files belong to, where the user named it.
    values : mapping
        Generator parameters, or fields of the sources to replace.
    random : int
        Number of random sources per reduction.
    seed : int
    using : str
        The backend.
    timeout : float or None
        Limit in seconds on reading each file and on each step.
    proof_dir : str or None
        Where proofs of NO are written before they are checked.
    failures_dir : str
        Where failing sources are saved.
    cross_check : bool
        Whether every other available backend must agree.
    solutions : int
        How many solutions of every target are pulled at most.
    memory : int or None
        The budget in MiB that the user gave, which is kept elsewhere.
    exhaustive : str or None
        The scope of which all sources are verified, as typed; see `parse_scope`.
    """

    reduction: str
    paths: Sequence[str]
    problem: str | None
    values: Mapping[str, str]
    random: int
    seed: int
    using: str
    timeout: float | None
    proof_dir: str | None
    failures_dir: str
    cross_check: bool = False
    solutions: int = SOLUTIONS
    memory: int | None = None
    exhaustive: str | None = None


@dataclass(frozen=True)
class Case:
    """One reduction on one source.

    `digest` is the SHA-256 of the file that it comes from, `scope` the sizes that it is listed
    with, the same for all sources of a reduction.
    """

    chain: Chain
    source: NamedSource
    digest: str | None = None
    scope: str | None = None


ENTRIES_LIMIT = 10**7
"""Largest dataset that ``all`` asks for; a reduction named by the user has no such limit."""


def cases(plan: Plan, note: Callable[[str], None] = lambda _: None) -> list[Case]:
    """Return all pairs of reduction and source that the plan asks for.

    With ``all``, a file goes to every reduction that its problem leads to and whose dataset
    has at most `ENTRIES_LIMIT` entries; `note` is told what is left out. Without files and
    random sources every reduction gets its example. With a scope, all sources of the reduction's
    problem, or of the problem that the user named, are taken; see `_listed`.
    """
    every = plan.reduction == "all"
    chosen = list(reductions().values()) if every else [get_reduction(plan.reduction)]
    found: list[Case] = []
    for path in plan.paths:
        with enforced(Deadline(plan.timeout)):
            found += _file_cases(plan, path, chosen, note)
    if plan.exhaustive is not None:
        found += _listed(plan, plan.exhaustive, chosen, note)
    for reduction in chosen:
        problem = PROBLEMS.get(reduction.source_problem)
        values = {} if plan.paths else plan.values
        sources = list(random_sources(problem, plan.random or bool(values), plan.seed, values))
        if not (plan.paths or sources or plan.exhaustive):
            name = f"example of {reduction.name}"
            sources.append(NamedSource(name, problem, reduction.example()))
        found.extend(Case(Chain((reduction,)), source) for source in sources)
    return found


def scopes(found: Sequence[Case]) -> dict[tuple[str, str, str], int]:
    """Return how many sources were listed, by the reduction, their problem and its scope."""
    return Counter(
        (case.chain.last.name, case.source.problem.name, case.scope)
        for case in found
        if case.scope is not None
    )


def _listed(
    plan: Plan, scope: str, chosen: list[AnyMap], note: Callable[[str], None]
) -> Iterator[Case]:
    """Yield a case for every reduction and every source of its problem that is in the scope.

    Of several reductions those are left out whose problem cannot list such sources, and `note` is
    told why; an error is raised where none remains.
    """
    listed: dict[str, tuple[str, list[NamedSource]]] = {}
    errors: dict[str, InputError] = {}
    for reduction in chosen:
        problem = PROBLEMS.get(plan.problem or reduction.source_problem)
        try:
            chain = chain_from(problem, reduction)
            if problem.name not in listed:
                sizes = parse_scope(problem, scope)
                with stage(f"listing {problem.name}", "sources") as progress:
                    sources = []
                    for name, source in sources_in(problem, sizes):
                        sources.append(NamedSource(name, problem, source))
                        progress.done += 1
                if not sources:
                    raise InputError(
                        f"exhaustive: {problem.name} has no source up to {show_scope(sizes)}"
                    )
                listed[problem.name] = show_scope(sizes), sources
        except InputError as error:
            errors[reduction.name] = error
            continue
        far = [crossed.name for crossed in chain.maps if not crossed.in_all]
        if len(chosen) > 1 and far:
            note(f"{reduction.name} left out of all: it lies behind {far[0]}")
            continue
        shown, sources = listed[problem.name]
        yield from (Case(chain, source, scope=shown) for source in sources)
    if not listed:
        raise next(iter(errors.values()))
    for name, why in errors.items():
        note(f"{name} left out of all: {why}")


def _file_cases(
    plan: Plan, path: str, chosen: list[AnyMap], note: Callable[[str], None]
) -> list[Case]:
    """Return a case for every chosen reduction that the file's problem leads to.

    Of several reductions those that the file does not fit are left out; where it fits none,
    an error is raised, preferably that of a reduction from the file's own problem.
    """
    text = read_text(path)
    digest = hashlib.sha256(text.encode()).hexdigest()
    found: list[Case] = []
    errors: list[QnnhardError] = []
    left_out: list[str] = []
    for reduction in chosen:
        try:
            source = parse_source(text, path, reduction.source_problem, plan.problem, plan.values)
            case = Case(chain_from(source.problem, reduction), source, digest)
            far = [crossed.name for crossed in case.chain.maps if not crossed.in_all]
            if len(chosen) > 1 and far:
                left_out.append(reduction.name)
                note(f"{path}: {reduction.name} left out of all: it lies behind {far[0]}")
                continue
            entries = case.chain.build(source.source).data_entries() if len(chosen) > 1 else None
        except (InputError, Unsupported) as error:
            errors.append(error)
            continue
        if entries is not None and entries > ENTRIES_LIMIT:
            left_out.append(reduction.name)
            note(f"{path}: {reduction.name} left out of all: its dataset has {entries} entries")
        else:
            found.append(case)
    if not found and left_out:
        raise InputError(f"{path}: too large for all; name the reduction ({', '.join(left_out)})")
    if not found:
        raise next((e for e in errors if isinstance(e, Unsupported)), errors[0])
    return found
