"""Tables as part of a formula: variables, clauses, names, and the way back."""

from dataclasses import dataclass

import numpy as np

from instances.deadline import Deadline
from qnnhard.encoding.formula.naming import Behaviours
from qnnhard.encoding.formula.stamper import Stamper
from qnnhard.encoding.formula.template import Literals, Shape
from qnnhard.encoding.tables.border import border_template
from qnnhard.encoding.tables.emit import table_clauses
from qnnhard.encoding.tables.equivalences import renamed, substitute_equal
from qnnhard.encoding.tables.literals import BehaviourLiterals, moved, number_behaviours
from qnnhard.encoding.tables.tabulated import Tables


@dataclass(frozen=True, eq=False)
class CompiledTables:
    """Tables with a literal for every behaviour.

    Parameters
    ----------
    tables : Tables
        Without contradiction.
    literals : BehaviourLiterals
        Variables from 1 on.
    blocks : list of int32 arrays
        Clauses over these variables.
    """

    tables: Tables
    literals: BehaviourLiterals
    blocks: list[Literals]

    def stamp(
        self, stamper: Stamper, points: tuple[str, ...]
    ) -> tuple[BehaviourLiterals, Behaviours]:
        """Add the variables and clauses, and show consumed neurons to the unary encoder.

        Parameters
        ----------
        points : tuple of str
            Names of the distinct inputs.

        Returns
        -------
        literals : BehaviourLiterals
            Over the formula's variables.
        behaviours : Behaviours
            What these stand for.
        """
        tables = self.tables
        start = stamper.reserve(self.literals.count)
        literals = self.literals.shifted(start - 1)
        stamper.add([moved(block, start - 1) for block in self.blocks])
        consumed = np.flatnonzero(tables.consumed & tables.tabulated)
        for number in np.unique(tables.domain_of[consumed]).tolist():
            neurons = consumed[tables.domain_of[consumed] == number]
            domain = tables.domains.behaviours[number]
            if len(domain) == 1:
                stamper.shape_of[neurons] = stamper.intern(*Shape.constants(domain))
            else:
                template = border_template(domain, points)
                stamper.stamp_values(template, neurons, literals.of(neurons, len(domain)))
        return literals, _meaning(tables, literals, start)


def compile_tables(tables: Tables, deadline: Deadline) -> CompiledTables | None:
    """Return `tables` with literals and clauses, or ``None`` where they leave no solution."""
    if tables.contradiction:
        return None
    literals = number_behaviours(tables.constraints, tables.relations, tables.sizes)
    if literals is None:
        return None
    simple = substitute_equal(literals.count, table_clauses(tables, literals, deadline))
    if simple is None:
        return None
    blocks, by = simple
    # The variables that are left are numbered from 1 on.
    number = np.cumsum(by == np.arange(len(by)), dtype=np.int32) - np.int32(1)
    blocks = [renamed(block, number) for block in blocks]
    return CompiledTables(tables, literals.replaced(by), blocks)


def _meaning(tables: Tables, literals: BehaviourLiterals, start: int) -> Behaviours:
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
