"""The sizes of target instances, by the names that the claims of bridges use."""

from instances.sources.cnf import Cnf
from instances.sources.set_system import SetSystem
from instances.text.numbers import Number


def formula_sizes(formula: Cnf) -> dict[str, Number | None]:
    """Return the numbers of variables, clauses and literals, and the longest clause's length."""
    return {
        "variables": formula.variables,
        "clauses": formula.number_of_clauses,
        "literals": len(formula.literals),
        "longest": int(formula.lengths.max(initial=0)),
    }


def system_sizes(system: SetSystem) -> dict[str, Number | None]:
    """Return the numbers of elements, sets and memberships, and the budget (or ``None``)."""
    return {
        "universe": system.universe,
        "sets": len(system.sets),
        "memberships": sum(map(len, system.sets)),
        "budget": system.budget,
    }
