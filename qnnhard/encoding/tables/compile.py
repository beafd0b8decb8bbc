"""Tables as part of a formula: variables, clauses, names, and the way back."""

from collections.abc import Sequence

import numpy as np

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.encoding.formula.naming import Behaviours
from qnnhard.encoding.formula.stamper import Stamper
from qnnhard.encoding.formula.template import Literals, Shape
from qnnhard.encoding.tables.border import border_template
from qnnhard.encoding.tables.emit import table_clauses
from qnnhard.encoding.tables.equivalences import renamed
from qnnhard.encoding.tables.lift import Lift
from qnnhard.encoding.tables.literals import BehaviourLiterals, moved, number_behaviours
from qnnhard.encoding.tables.simplify import substitute_equal
from qnnhard.encoding.tables.tabulated import Tables


class Compiled:
    """Tables with a literal for every behaviour.

    Parameters
    ----------
    instance : TrainingInstance
    tables : Tables
        Without contradiction.
    literals : BehaviourLiterals
        Variables from 1 on.
    blocks : list of int32 arrays
        Clauses over these variables.
    points : sequence of int
        Per distinct input its first data point, from 0.
    """

    def __init__(
        self,
        instance: TrainingInstance,
        tables: Tables,
        literals: BehaviourLiterals,
        blocks: list[Literals],
        points: Sequence[int],
    ) -> None:
        self.tables = tables
        self.blocks = blocks
        self.points = tuple(f"x{point + 1}" for point in points)
        self.lift = Lift(instance, tables, literals)
        self.behaviours: Behaviours | None = None

    def stamp(self, stamper: Stamper) -> None:
        """Add the variables and clauses, and show consumed neurons to the unary encoder."""
        start = stamper.reserve(self.lift.literals.count)
        literals = self.lift.literals.shifted(start - 1)
        self.lift = Lift(self.lift.instance, self.tables, literals)
        self.behaviours = _names(self.tables, literals, start)
        stamper.add([moved(block, start - 1) for block in self.blocks])
        self._show(stamper, literals)

    def _show(self, stamper: Stamper, literals: BehaviourLiterals) -> None:
        tables = self.tables
        consumed = np.flatnonzero(tables.consumed & tables.tabulated)
        for number in np.unique(tables.domain_of[consumed]).tolist():
            neurons = consumed[tables.domain_of[consumed] == number]
            domain = tables.domains.behaviours[number]
            if len(domain) == 1:
                stamper.shape_of[neurons] = stamper.intern(*Shape.constants(domain))
            else:
                template = border_template(domain, self.points)
                stamper.stamp_values(template, neurons, literals.of(neurons, len(domain)))


def compile_tables(
    instance: TrainingInstance, tables: Tables, points: Sequence[int], deadline: Deadline
) -> Compiled | None:
    """Return `tables` with literals and clauses, or ``None`` where they leave no solution."""
    if tables.contradiction:
        return None
    literals = number_behaviours(tables.constraints, tables.relations, tables.sizes)
    if literals is None:
        return None
    blocks = table_clauses(tables, literals, deadline)
    simple = substitute_equal(literals.count, blocks)
    if simple is None:
        return None
    return Compiled(instance, tables, *_renumbered(literals, *simple), points)


def _renumbered(
    literals: BehaviourLiterals, blocks: list[Literals], by: Literals
) -> tuple[BehaviourLiterals, list[Literals]]:
    """Number the variables that are left from 1 on."""
    number = np.cumsum(by == np.arange(len(by)), dtype=np.int32) - np.int32(1)
    return literals.replaced(by), [renamed(block, number) for block in blocks]


def _names(tables: Tables, literals: BehaviourLiterals, start: int) -> Behaviours:
    """Return what the variables stand for."""
    neurons, places = literals.named
    if not len(neurons):
        return Behaviours(neurons, [], neurons, start)
    rows: dict[tuple[int, ...], int] = {}
    sizes = tables.domains.sizes()
    begin = np.cumsum(sizes) - sizes
    row_of = [
        rows.setdefault(tuple(row), len(rows))
        for domain in tables.domains.behaviours
        for row in domain.tolist()
    ]
    place = begin[tables.domain_of[neurons]] + places
    return Behaviours(neurons, list(rows), np.array(row_of, dtype=np.int64)[place], start)
