"""What became of an instance's neurons."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from instances.canonical.problem import canonical
from instances.training.names import Names
from qnnhard.encoding.encode import Encoding

SHOWN = 8
"""Neurons of a kind that are named."""


@dataclass(frozen=True)
class Explanation:
    """How the neurons that matter were encoded.

    Parameters
    ----------
    hidden, outputs : int
        Hidden neurons on which an output depends and whose values are not known beforehand,
        and outputs.
    tabulated : int
        Hidden neurons encoded by their behaviours.
    decided : int
        Outputs encoded by what they accept of their predecessors.
    merged : int
        Tables merged into another one over the same neurons.
    fixed : int
        Tabulated neurons of which one behaviour was left.
    substituted : int
        Other tabulated neurons without variables of their own.
    variables : int
        Variables for behaviours.
    contradiction : bool
        Whether the tables alone exclude every solution.
    kinds : dict of str to int64 array
        The neurons by how they were encoded: ``tabulated``, ``decided``, ``probed`` (one by
        one, after probing excluded values of their parameters) and ``unary``.
    """

    hidden: int
    outputs: int
    tabulated: int
    decided: int
    merged: int
    fixed: int
    substituted: int
    variables: int
    contradiction: bool
    kinds: dict[str, NDArray[np.int64]] = field(default_factory=dict, compare=False)

    def lines(self, names: Names) -> Iterator[str]:
        """Yield the figures, and for every kind of neuron their number and first names."""
        yield from str(self).splitlines()
        for kind, neurons in self.kinds.items():
            if len(neurons):
                shown = ", ".join(names[int(neuron)] for neuron in neurons[:SHOWN])
                more = ", ..." if len(neurons) > SHOWN else ""
                yield f"{kind}, {len(neurons)}: {shown}{more}"

    def __str__(self) -> str:
        found = (
            f"tables: {self.tabulated} of {self.hidden} hidden neurons, "
            f"{self.decided} of {self.outputs} outputs; {self.merged} tables merged\n"
        )
        if self.contradiction:
            return found + "the tables alone exclude every solution"
        return found + (
            f"tabulated neurons: {self.fixed} fixed, {self.substituted} substituted, "
            f"{self.variables} variables for the others\n"
            f"unary: {self.hidden - self.tabulated} hidden neurons, "
            f"{self.outputs - self.decided} outputs"
        )


def explain(encoding: Encoding) -> Explanation | None:
    """Return what became of the neurons; ``None`` where nothing was, or could be, tabulated."""
    tables = encoding.tables
    if tables is None:
        return None
    problem = canonical(encoding.instance)
    outputs = encoding.instance.network.is_output
    literals = None if encoding.lift is None else encoding.lift.literals
    sizes = tables.sizes
    # Variables are numbered neuron by neuron.
    named = np.zeros(0) if literals is None else literals.named[0]
    owners = int(np.count_nonzero(np.diff(named))) + bool(len(named))
    return Explanation(
        hidden=int((problem.relevant & ~(problem.frozen.known | outputs)).sum()),
        outputs=int(outputs.sum()),
        tabulated=int(tables.tabulated.sum()),
        decided=int(tables.decided.sum()),
        merged=tables.merged,
        fixed=int((sizes == 1).sum()),
        substituted=int((sizes > 1).sum()) - owners,
        variables=0 if literals is None else literals.count,
        contradiction=literals is None,
        kinds={
            "tabulated": np.flatnonzero(tables.tabulated),
            "decided": np.flatnonzero(tables.decided),
            "probed": np.flatnonzero(encoding.probed),
            "unary": np.flatnonzero(encoding.single & ~encoding.probed),
        },
    )
