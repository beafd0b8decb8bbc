"""What is known of neurons after their tables were made."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers
from qnnhard.encoding.tables.behaviours import Domains
from qnnhard.encoding.tables.constraints import Relations, TableConstraint


@dataclass(eq=False)
class Tables:
    """The tabulated part of an instance.

    Parameters
    ----------
    domains : Domains
    domain_of : int64 array
        Per neuron the number of its domain, or -1; known neurons have one behaviour.
    tabulated : bool array
        Per neuron whether it is a hidden neuron with a domain of its own.
    decided : bool array
        Per neuron whether it is an output that the constraints speak for.
    relations : Relations
    constraints : list of TableConstraint
    contradiction : bool
        Whether the tables alone exclude every solution.
    merged : int
        Number of scopes that were merged into equal ones.
    consumed : bool array
        Per neuron whether the unary encoder asks for its value.
    """

    domains: Domains
    domain_of: Numbers
    tabulated: NDArray[np.bool_]
    decided: NDArray[np.bool_]
    relations: Relations = field(default_factory=Relations)
    constraints: list[TableConstraint] = field(default_factory=list)
    contradiction: bool = False
    merged: int = 0
    consumed: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    @property
    def sizes(self) -> Numbers:
        """Per neuron the number of its behaviours; 0 where it is not tabulated."""
        sizes = np.zeros(len(self.domain_of), dtype=np.int64)
        neurons = np.flatnonzero(self.tabulated)
        sizes[neurons] = self.domains.sizes()[self.domain_of[neurons]]
        return sizes
