"""Satisfiability: of any formula, with clauses of up to 3 literals, with one of them true."""

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import ClassVar

import numpy as np

from instances.deadline import Deadline
from instances.enumeration.systems import every_formula
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Problem
from instances.sources.assignments import ASSIGNMENTS, Assignment, holds, require_assignment
from instances.sources.cnf import Cnf, require_length
from instances.sources.dimacs import FORMULAS
from instances.sources.sat_solver import Clauses, at_most, solve_clauses
from instances.text.parameters import Parameter, Values


class Sat(Problem[Cnf, Assignment]):
    """The question whether some assignment makes a literal of every clause true.

    Empty clauses, repeated literals, tautologies, no clauses and no variables are legal.
    A witness has one truth value for every variable.
    """

    name = "sat"
    title = "Satisfiability"
    question = "Is there an assignment that satisfies every clause?"
    form = FORMULAS
    witnesses = ASSIGNMENTS
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("variables", "20", "number of variables"),
        Parameter("clauses", "", "number of clauses; without it, ratio decides"),
        Parameter("ratio", "4.26", "clauses for every variable, if clauses is not given"),
        Parameter("size", "3", "literals in every clause, of distinct variables"),
        Parameter("planted", "no", "yes: every clause holds under a hidden assignment"),
    )
    longest: ClassVar[int | None] = None

    def admit(self, source: Cnf) -> None:
        """Raise `InputError` if a clause is too long for this problem."""
        if self.longest is not None:
            remedy = "use the problem sat: a bridge shortens clauses"
            require_length(source, self.longest, self.name, remedy)

    def draw(self, given: Values, random: Random) -> Cnf:
        """Draw clauses uniformly; see the parameters.

        A planted formula draws every clause uniformly among those of the given size, over
        distinct variables, that a hidden uniform assignment satisfies.
        """
        variables = given.integer("variables")
        count = (
            round(given.decimal("ratio") * variables)
            if given.is_empty("clauses")
            else given.integer("clauses")
        )
        size = given.integer("size", 1)
        if self.longest is not None and size > self.longest:
            raise InputError(f"{self.name}: size {size} is too large: at most {self.longest}")
        if count and size > variables:
            raise InputError(
                f"{self.name}: a clause of {size} distinct variables needs variables={size} or more"
            )
        hidden = None
        if given.choice("planted"):
            hidden = tuple(random.random() < 0.5 for _ in range(variables))
        return Cnf.of(
            variables, (_draw_clause(variables, size, hidden, random) for _ in range(count))
        )

    def random(self, random: Random) -> Cnf:
        """Draw up to 6 variables and clauses of up to 4 literals, of any degenerate kind."""
        variables = random.randint(0, 6)
        if variables == 0:
            return Cnf.of(0, [()] * random.choice((0, 0, 1, 2)))
        lengths = [n for n in (1, 2, 2, 3, 3, 3, 4) if self.longest is None or n <= self.longest]
        clauses = []
        for _ in range(random.randint(0, 5 * variables)):
            length = 0 if random.random() < 0.005 else random.choice(lengths)
            clauses.append(
                [random.choice((1, -1)) * random.randint(1, variables) for _ in range(length)]
            )
        return Cnf.of(variables, clauses)

    def every(self, variables: int, clauses: int, length: int = 3) -> Iterator[Cnf]:
        """Yield all multisets of clauses of up to `length` literals; see `every_formula`."""
        self._require_short(length)
        return every_formula(variables, clauses, length)

    def scope(self, size: int) -> dict[str, int]:
        """Return one variable and one clause less: there are far more clauses than sets."""
        return {"variables": max(0, size - 1), "clauses": max(0, size - 1)}

    def _require_short(self, length: int) -> None:
        if self.longest is not None and length > self.longest:
            raise InputError(f"{self.name}: length {length} is too large: at most {self.longest}")

    def check(self, source: Cnf, witness: Assignment) -> None:
        """Raise `InvalidWitness` with the first clause that the assignment does not satisfy."""
        self.admit(source)
        require_assignment(source, witness)
        for number, clause in enumerate(source.clauses, start=1):
            fault = self._fault(clause, witness)
            if fault is not None:
                literals = " ".join(map(str, clause)) or "empty"
                raise InvalidWitness(f"clause {number} ({literals}) has {fault}")

    def _fault(self, clause: tuple[int, ...], assignment: Assignment) -> str | None:
        """Return what is wrong with the true literals of a clause."""
        true = any(holds(literal, assignment) for literal in clause)
        return None if true else "no true literal"

    def solve(self, source: Cnf, deadline: Deadline) -> Assignment | None:
        """Decide `source` by CaDiCaL."""
        self.admit(source)
        return solve_clauses(source.variables, source.clauses, deadline)


class ThreeSat(Sat):
    """Satisfiability where no clause has more than 3 literals, repetitions counted."""

    name = "3-sat"
    title = "3-Satisfiability"
    question = "Is there an assignment that satisfies every clause, each of at most 3 literals?"
    longest: ClassVar[int | None] = 3
    detected = False


class OneInThree(Sat):
    """The question whether some assignment makes exactly one occurrence in every clause true.

    Clauses have at most three literals, all positive. Occurrences count: (x, x, y) asks for
    2x + y = 1, and (x, x, x) and the empty clause are unsatisfiable. A witness has one truth
    value for every variable.
    """

    name = "one-in-three"
    title = "Positive 1-in-3-Satisfiability"
    question = "Is there an assignment that makes one literal of every clause true?"
    longest: ClassVar[int | None] = 3
    detected = False
    parameters = (
        Parameter("variables", "12", "number of variables"),
        Parameter("clauses", "8", "number of clauses, each of three distinct variables"),
        Parameter("planted", "no", "yes: every clause holds under a hidden assignment"),
    )

    def admit(self, source: Cnf) -> None:
        """Raise `InputError` if it is not a positive formula of short clauses."""
        require_length(source, 3, self.name, "split longer clauses")
        negative = np.flatnonzero(source.literals < 0)
        if len(negative):
            clause = int(np.searchsorted(source.starts, negative[0], side="right"))
            raise InputError(
                f"{self.name}: clause {clause} has the negative literal "
                f"{source.literals[negative[0]]}: use the problem 3-sat, which a bridge leads here"
            )

    def draw(self, given: Values, random: Random) -> Cnf:
        """Draw clauses of three distinct variables uniformly.

        A planted formula has a hidden set of true variables, of a third of all, and draws
        every clause uniformly among those with exactly one of them.
        """
        variables, count = given.integer("variables"), given.integer("clauses")
        if count and variables < 3:
            raise InputError(f"{self.name}: a clause of 3 distinct variables needs variables=3")
        names = range(1, variables + 1)
        if not given.choice("planted"):
            return Cnf.of(variables, (random.sample(names, 3) for _ in range(count)))
        shuffled = random.sample(names, variables)
        true, false = shuffled[: variables // 3], shuffled[variables // 3 :]
        clauses = []
        for _ in range(count):
            clause = [random.choice(true), *random.sample(false, 2)]
            random.shuffle(clause)
            clauses.append(clause)
        return Cnf.of(variables, clauses)

    def random(self, random: Random) -> Cnf:
        """Draw up to 6 variables and clauses of up to 3 literals, repeated and empty included."""
        variables = random.randint(0, 6)
        if variables == 0:
            return Cnf.of(0, [()] * random.choice((0, 0, 1)))
        clauses = []
        for _ in range(random.randint(0, variables)):
            length = 0 if random.random() < 0.01 else random.choice((1, 2, 2, 3, 3, 3, 3))
            clauses.append([random.randint(1, variables) for _ in range(length)])
        return Cnf.of(variables, clauses)

    def every(self, variables: int, clauses: int, length: int = 3) -> Iterator[Cnf]:
        """Yield all multisets of positive clauses; see `every_formula`."""
        self._require_short(length)
        return every_formula(variables, clauses, length, positive=True)

    def scope(self, size: int) -> dict[str, int]:
        """Return so many variables and clauses."""
        return {"variables": size, "clauses": size}

    def _fault(self, clause: tuple[int, ...], assignment: Assignment) -> str | None:
        true = sum(assignment[variable - 1] for variable in clause)
        return None if true == 1 else f"{true} true literals, not 1"

    def solve(self, source: Cnf, deadline: Deadline) -> Assignment | None:
        """Decide `source` by a SAT solver."""
        self.admit(source)
        encoded = [c for clause in source.clauses for c in _exactly_one(clause)]
        return solve_clauses(source.variables, encoded, deadline)


def _draw_clause(variables: int, size: int, hidden: Assignment | None, random: Random) -> list[int]:
    """Draw a clause uniformly, among those that `hidden` satisfies if it is given."""
    chosen = random.sample(range(1, variables + 1), size)
    # Every choice of variables leaves the same number of sign patterns that hidden
    # satisfies, so drawing the signs again keeps the clause uniform.
    while True:
        clause = [random.choice((1, -1)) * variable for variable in chosen]
        if hidden is None or any(holds(literal, hidden) for literal in clause):
            return clause


def _exactly_one(clause: Sequence[int]) -> Clauses:
    """Encode that exactly one occurrence in `clause` is true."""
    occurrences = Counter(clause)
    once = [variable for variable, times in occurrences.items() if times == 1]
    repeated = [[-variable] for variable, times in occurrences.items() if times > 1]
    pairs, _ = at_most(once, 1, 0)
    return [once, *pairs, *repeated]
