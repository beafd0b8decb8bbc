"""Tables as part of a formula: variables, clauses, names, and what the unary encoder sees."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from instances.deadline import Deadline
from qnnhard.encoding.formula.naming import Behaviours
from qnnhard.encoding.formula.stamper import Stamper
from qnnhard.encoding.formula.template import Literals, Shape, Template, clause_blocks
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.numbers.nodes import Leaf
from qnnhard.encoding.tables.behaviours import Vectors
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


def border_template(domain: Vectors, points: tuple[str, ...]) -> Template:
    """Return the template that turns behaviour literals into values with order literals.

    Its interface is the neuron's behaviour literals, exactly one of which holds.
    "The value at input x is at least t" is the disjunction of the behaviours of which it is
    true. Where these are one behaviour, or all but one, it has a literal already.

    Parameters
    ----------
    domain : behaviours x inputs, two behaviours or more
    points : tuple of str
        Names of the distinct inputs.
    """
    size = len(domain)
    names: list[str] = []
    clauses: list[tuple[int, ...]] = []
    literal_of: dict[int, int] = {}

    def literal(behaviours: int, name: str) -> int:
        """Return the literal of "one of these behaviours", given as a bit mask."""
        everything = (1 << size) - 1
        for mask, sign in ((behaviours, 1), (everything ^ behaviours, -1)):
            if mask.bit_count() == 1:
                return sign * mask.bit_length()
            if mask in literal_of:
                return sign * literal_of[mask]
        names.append(name)
        made = literal_of[behaviours] = size + len(names)
        clauses.extend(
            (made, -(place + 1)) if behaviours >> place & 1 else (-made, -(place + 1))
            for place in range(size)
        )
        return made

    leaves = []
    for point, column in zip(points, domain.T.tolist(), strict=True):
        values = sorted(set(column))
        literals = [
            literal(
                sum(1 << place for place, held in enumerate(column) if held >= value),
                f"f[{{v}}|{point}]>={value}",
            )
            for value in values[1:]
        ]
        clauses.extend((-high, low) for low, high in pairwise(literals))
        leaves.append(Leaf(values, literals))
    shape, behind = Shape.of(leaves)
    assert TRUE not in behind
    return Template(
        interface=size,
        auxiliary=tuple(names),
        blocks=clause_blocks([clause for clause in clauses if clause[0] != -clause[1]]),
        shape=shape,
        literals=np.array(behind, dtype=np.int32),
        passes_through=True,
    )
