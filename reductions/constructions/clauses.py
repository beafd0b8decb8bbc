"""What the bridges from 3-SAT share: literals as things to choose, and further variables."""

from instances.errors import InvalidWitness
from instances.sources.assignments import Assignment, require_assignment
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.cnf import Cnf, require_length


def require_three(formula: Cnf, reduction: str) -> None:
    """Raise `InputError` if a clause has more than 3 literals, which `reduction` cannot take."""
    require_length(formula, 3, reduction, "bridge from sat to 3-sat first")


def distinct_clauses(formula: Cnf, reduction: str) -> list[tuple[int, ...]]:
    """Return the clauses of a 3-CNF without repeated literals."""
    require_three(formula, reduction)
    return [tuple(dict.fromkeys(clause)) for clause in formula.clauses]


def thing(literal: int) -> int:
    """Return what stands for a literal: things 2v - 2 and 2v - 1 are the literals v and -v."""
    return 2 * abs(literal) - (2 if literal > 0 else 1)


def true_things(formula: Cnf, assignment: Assignment) -> list[int]:
    """Return what stands for the true literals; raise `InvalidWitness` for no assignment."""
    require_assignment(formula, assignment)
    return [2 * v + (not value) for v, value in enumerate(assignment)]


def read_things(formula: Cnf, chosen: Chosen, size: int, noun: str) -> Assignment:
    """Return the assignment that makes a variable true iff its positive literal is chosen.

    Raises `InvalidWitness` unless `chosen` are indices of `size` things, which are called `noun`.
    """
    require_chosen(chosen, size, noun)
    found = set(chosen)
    return tuple(2 * v in found for v in range(formula.variables))


def own_values(formula: Cnf, assignment: Assignment, variables: int) -> Assignment:
    """Return the values of the variables of `formula`, the first of so many `variables`."""
    if len(assignment) != variables:
        raise InvalidWitness(
            f"the assignment has {len(assignment)} values for {variables} variables"
        )
    return assignment[: formula.variables]
