"""The peers: each decides a case and returns its answer; imports count for nobody."""

from collections.abc import Callable
from importlib.util import find_spec

from cases import Case

from instances.deadline import Deadline
from instances.errors import LimitReached

Answer = bool | None
"""Whether there is a solution; ``None`` where the limit was reached."""


def direct(case: Case, seconds: float) -> Answer:
    """CaDiCaL on the source itself."""
    from instances.problems.registry import PROBLEMS

    problem = PROBLEMS.get(case.problem)
    try:
        return problem.solve(case.source, Deadline(seconds)) is not None
    except LimitReached:
        return None


def peer(name: str) -> Callable[[Case, float], Answer]:
    """Return a peer that runs a backend of qnnhard, from the source on."""

    def run(case: Case, seconds: float) -> Answer:
        from qnnhard.methods.request import Request
        from qnnhard.verdict import Verdict

        deadline = Deadline(seconds)
        answer = Request(name).method().solve(case.build(), deadline)
        return None if answer.verdict is Verdict.UNKNOWN else answer.verdict is Verdict.YES

    return run


def naive(case: Case, seconds: float) -> Answer:
    """CaDiCaL on the baseline CNF."""
    from naive import clauses
    from pseudo_boolean import model

    from instances.sources.sat_solver import solve_clauses

    try:
        return solve_clauses(0, clauses(model(case.build())), Deadline(seconds)) is not None
    except LimitReached:
        return None


def z3(case: Case, seconds: float) -> Answer:
    """z3 with pseudo-Boolean constraints."""
    import z3 as api
    from pseudo_boolean import model

    made = model(case.build())
    solver = api.Solver()
    solver.set("timeout", int(1000 * seconds))
    variables = [None, *(api.Bool(f"v{number}") for number in range(1, made.variables + 1))]

    def literal(number: int) -> "api.BoolRef":
        return variables[number] if number > 0 else api.Not(variables[-number])

    for clause in made.clauses:
        solver.add(api.Or([literal(number) for number in clause]))
    for product, left, right in made.products:
        solver.add(variables[product] == api.And(variables[left], variables[right]))
    for head, terms, bound in made.thresholds:
        shift = sum(-factor for factor, _ in terms if factor < 0)
        positive = [(literal(x if f > 0 else -x), abs(f)) for f, x in terms]
        reached = api.PbGe(positive, bound + shift) if positive else api.BoolVal(bound <= 0)
        solver.add(literal(head) == reached)
    for literals, bound in made.at_most:
        solver.add(api.PbLe([(literal(x), 1) for x in literals], bound))
    result = solver.check()
    return None if result == api.unknown else result == api.sat


def exact(case: Case, seconds: float) -> Answer:
    """Exact, a pseudo-Boolean solver with cutting planes."""
    from exact import Exact
    from pseudo_boolean import model

    made = model(case.build())
    solver = Exact()
    for number in range(1, made.variables + 1):
        solver.addVariable(f"v{number}")

    def at_least(terms: list[tuple[int, int]], bound: int) -> tuple[list[tuple[int, str]], int]:
        """Return the terms over variables alone: c * not x = c - c * x."""
        shifted = bound - sum(factor for factor, literal in terms if literal < 0)
        return [(f if x > 0 else -f, f"v{abs(x)}") for f, x in terms], shifted

    for clause in made.clauses:
        terms, bound = at_least([(1, literal) for literal in clause], 1)
        solver.addConstraint(terms, True, bound)
    for product, left, right in made.products:
        both = [(1, f"v{left}"), (1, f"v{right}")]
        solver.addReification(f"v{product}", True, both, 2)
    for head, terms, bound in made.thresholds:
        merged: dict[int, int] = {}
        for factor, literal in terms:
            merged[literal] = merged.get(literal, 0) + factor
        over, need = at_least([(f, x) for x, f in merged.items() if f], bound)
        solver.addReification(f"v{head}", True, over, need)
    for literals, bound in made.at_most:
        solver.addConstraint([(1, f"v{x}") for x in literals], False, 0, True, bound)
    status = solver.runFull(False, seconds)
    return {"SAT": True, "UNSAT": False, "INCONSISTENT": False}.get(str(status))


PEERS: dict[str, Callable[[Case, float], Answer]] = {
    "direct": direct,
    "qnnhard": peer("auto"),
    "sat": peer("sat"),
    "local-search": peer("local-search"),
    "lazy": peer("lazy"),
    "cp-sat": peer("cp-sat"),
    "naive": naive,
    "z3": z3,
    "exact": exact,
}
"""All peers by name; `qnnhard` is what ``qnnhard solve`` takes."""

PACKAGES = {"cp-sat": "ortools", "z3": "z3", "exact": "exact"}


def installed(name: str) -> bool:
    """Return whether a peer can run."""
    return name not in PACKAGES or find_spec(PACKAGES[name]) is not None
