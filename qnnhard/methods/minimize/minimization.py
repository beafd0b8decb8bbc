"""What every strategy works on: the encoding, the bounds, and local search beside it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import QnnhardError
from instances.training.parameters import Parameters
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Encoding
from qnnhard.methods.minimize.bounds import Bounds
from qnnhard.methods.minimize.polish import Polish
from qnnhard.methods.portfolio.costs import conflict_cost

IMPROVED, BETWEEN = 10, 5
"""Shares of local search in percent.

Of the encoding's cost after every improvement; of the cost of conflicts between slices.
"""


@dataclass(eq=False)
class Minimization:
    """An encoded instance whose least loss is sought.

    Parameters
    ----------
    polish : Polish
        With bounds that have some parameters.
    """

    encoding: Encoding
    polish: Polish

    @property
    def bounds(self) -> Bounds:
        """What is known."""
        return self.polish.bounds

    @property
    def deadline(self) -> Deadline:
        """When to stop."""
        return self.polish.deadline

    @property
    def units(self) -> int:
        """The best loss in units of ``1 / loss_unit``."""
        loss: Any = self.bounds.loss
        return int(loss * self.encoding.loss_unit)

    def decode(self, model: NDArray[np.bool_]) -> Parameters:
        """Return the parameters that a model stands for."""
        return decode(self.encoding, model)

    def refute(self, units: int, word: str) -> None:
        """Keep the word of a solver that no loss is below so many units."""
        self.bounds.refute(Fraction(units, self.encoding.loss_unit), word)

    def improve(self, model: NDArray[np.bool_]) -> None:
        """Keep the parameters of a model for a smaller loss, and search locally from them."""
        if not self.bounds.improve(self.decode(model)):
            raise QnnhardError(
                "a model for a smaller loss stands for parameters that have none: this is a "
                "defect; please report the instance"
            )
        self.polish.run(self.polish.cost * IMPROVED // 100)

    def polish_between(self, conflicts: int, literals: int) -> None:
        """Search locally after a slice of so many conflicts."""
        self.polish.run(conflicts * conflict_cost(literals) * BETWEEN // 100)
