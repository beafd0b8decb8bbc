"""What the unary encoder sees of a tabulated neuron: order literals of its values."""

from itertools import pairwise

import numpy as np

from qnnhard.encoding.formula.template import Shape, Template, clause_blocks
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.numbers.nodes import Leaf
from qnnhard.encoding.tables.behaviours import Vectors


def border_template(domain: Vectors, points: tuple[str, ...]) -> Template:
    """Return the template that turns behaviour literals into values with order literals.

    "The value at input x is at least t" is the disjunction of the behaviours of which it is
    true. Where these are one behaviour, or all but one, it has a literal already.

    Parameters
    ----------
    domain : behaviours x inputs, two behaviours or more
    points : tuple of str
        Names of the distinct inputs.

    Returns
    -------
    Template
        Its interface is the neuron's behaviour literals, exactly one of which holds.
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
