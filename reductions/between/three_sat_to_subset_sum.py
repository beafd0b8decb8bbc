"""3-SAT to Subset Sum (theory 4.6; the construction is Karp's, 1972, in decimal digits).

Numbers have one decimal digit a variable, the leading ones, and one a clause. A literal becomes
a number with 1 at its variable and 1 at every clause that contains it; a clause has two further
numbers, 1 and 2 at its digit. The target has 1 at every variable and 4 at every clause.

A digit adds up to 1 + 1 at a variable, and to at most 3 + 1 + 2 at a clause: nothing is carried,
so every digit must come out by itself. The variables then say that one literal of each is chosen,
and a clause that t chosen literals are in misses 4 - t, of which 1 + 2 = 3, 2 and 1 can be made,
each in one way, and 4 cannot. So witnesses correspond one to one.
"""

from functools import cached_property

from instances.errors import InvalidWitness, Unsupported
from instances.sources.assignments import Assignment, holds
from instances.sources.chosen import Chosen
from instances.sources.cnf import Cnf
from instances.sources.number_lists import SumInstance
from instances.text.values import MOST_DIGITS
from reductions.claims import Claim, at_most, exactly
from reductions.constructions.clauses import (
    distinct_clauses,
    read_things,
    require_three,
    thing,
    true_things,
)
from reductions.map import Map

_FILLERS = {1: (0, 1), 2: (1,), 3: (0,)}
"""Which of the numbers 1 and 2 of a clause are added where 1, 2 or 3 of its literals are true."""


class ThreeSatToSubsetSum(Map[Cnf, Assignment, SumInstance, Chosen]):
    """The bridge `3-sat-to-subset-sum`.

    Numbers 2v - 2 and 2v - 1 are the literals v and -v; then come two for every clause.
    """

    name = "3-sat-to-subset-sum"
    source_problem = "3-sat"
    target_problem = "subset-sum"
    construction = (
        "A decimal digit for every variable and clause. A literal is the number with 1 at its "
        "variable and its clauses, and each clause has fillers 1 and 2; the target is 1 at "
        "variables and 4 at clauses, and nothing is ever carried."
    )
    parsimonious = True
    in_all = False

    @cached_property
    def target(self) -> SumInstance:
        """The numbers and the target, in time quadratic in the digits."""
        clauses = distinct_clauses(self.source, self.name)
        n, m = self.source.variables, len(clauses)
        if n + m > MOST_DIGITS:
            raise Unsupported(
                f"{self.name}: the numbers would have {n + m} digits, at most {MOST_DIGITS} "
                "are supported: take a smaller formula"
            )
        numbers = [10 ** (m + n - 1 - index // 2) for index in range(2 * n)]
        fillers = []
        for place, clause in enumerate(clauses):
            unit = 10 ** (m - 1 - place)
            for literal in clause:
                numbers[thing(literal)] += unit
            fillers += [unit, 2 * unit]
        target = sum(10**digit for digit in range(m, m + n)) + sum(
            4 * 10**digit for digit in range(m)
        )
        return SumInstance((*numbers, *fillers), target)

    def push(self, witness: Assignment) -> Chosen:
        """Return the true literals, and what their clauses miss to 4."""
        chosen = true_things(self.source, witness)
        for place, clause in enumerate(distinct_clauses(self.source, self.name)):
            true = sum(holds(literal, witness) for literal in clause)
            if not true:
                raise InvalidWitness(f"no literal of clause {place + 1} is true")
            chosen += [2 * (self.source.variables + place) + filler for filler in _FILLERS[true]]
        return tuple(chosen)

    def pull(self, witness: Chosen) -> Assignment:
        """Return the assignment that makes a variable true iff its positive literal is chosen."""
        size = 2 * (self.source.variables + self.source.number_of_clauses)
        return read_things(self.source, witness, size, "number")

    def claims(self) -> list[Claim]:
        """Return the size laws."""
        require_three(self.source, self.name)
        digits = self.source.variables + self.source.number_of_clauses
        return [*exactly(numbers=2 * digits), *at_most(digits=max(1, digits))]
