"""Reductions to discrete training, whose constructions describe the target."""

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
from reductions.map import Map, S, W
from reductions.parts import Parts


class ToTraining(Map[S, W, TrainingInstance, Parameters]):
    """A reduction to discrete training: `describe` says what neurons and edges there are."""

    target_problem = "d-nnt"
    theorem: ClassVar[str]
    """What the origin of an instance names, short."""

    @abstractmethod
    def describe(self, made: Construction) -> None:
        """Declare the neurons of `made`, with data and parts, and join them."""

    def _construction(self) -> Construction:
        made = Construction(self.d)
        self.describe(made)
        return made

    @cached_property
    def target(self) -> TrainingInstance:
        """The training instance, as `describe` says."""
        origin = {"reduction": self.name, "theorem": self.theorem}
        return self._construction().instance(origin)

    def parts(self) -> Parts:
        """Return the parts that `describe` gives the neurons to."""
        # Described once more: a large target should not keep its description.
        return self._construction().parts()

    def layer_claims(self, *widths: int, bound: int = 0, **others: int) -> list[Claim]:
        """Return the size laws of complete layers; see `layered_claims`."""
        return layered_claims(widths, bound=bound, **others, d=self.d)

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
