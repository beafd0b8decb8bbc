"""Images of reductions to discrete training, which their constructions describe."""

from abc import abstractmethod
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from instances.errors import InvalidWitness
from instances.text.numbers import Array
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from reductions.claims import Claim
from reductions.constructions.construction import Construction
from reductions.constructions.layers import layered_claims
from reductions.map import Image, Map, S, W
from reductions.parts import Parts


class TrainingImage(Image[S, W, TrainingInstance, Parameters]):
    """What a reduction makes of a source: `build` says which neurons there are, and their edges."""

    map: "ToTraining[S, W]"

    @abstractmethod
    def build(self, made: Construction) -> None:
        """Declare the neurons of `made`, with data and parts, and join them."""

    def _construction(self) -> Construction:
        made = Construction(self.map.d)
        self.build(made)
        return made

    @cached_property
    def target(self) -> TrainingInstance:
        """The training instance, as `build` describes it."""
        origin = {"reduction": self.map.name, "theorem": self.map.theorem}
        return self._construction().instance(origin)

    def parts(self) -> Parts:
        """Return the parts that `build` gives the neurons to."""
        # Described once more: a large target should not keep its description.
        return self._construction().parts()

    def layers(self, *widths: int, bound: int = 0, **others: int) -> list[Claim]:
        """Return the size laws of complete layers; see `layered_claims`."""
        return layered_claims(widths, bound=bound, **others, d=self.map.d)

    def weighted(self, weights: ArrayLike) -> Parameters:
        """Return the parameters with these weights and biases 0."""
        return Parameters(np.asarray(weights), np.zeros(self.target.network.size, dtype=np.int64))

    def weights(self, witness: Parameters, given: str = "the source gives") -> Array:
        """Return the weights of a witness.

        Raises `InvalidWitness` unless parameters are as many as what is `given` needs.
        """
        network = self.target.network
        found = len(witness.weights), len(witness.biases)
        if found != (network.edges, network.size):
            raise InvalidWitness(
                f"{found[0]} weights and {found[1]} biases where {given} "
                f"{network.edges} and {network.size}"
            )
        return witness.weights


class ToTraining(Map[S, W, TrainingInstance, Parameters]):
    """A reduction to discrete training."""

    target = "d-nnt"
    theorem: ClassVar[str]
    """What the origin of an instance names, short."""
