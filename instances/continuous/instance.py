"""C-NNT instances: every parameter is frozen or ranges over the reals (theory, section 1)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.errors import InvalidInstance
from instances.text.numbers import Array, Number, object_array
from instances.training.any_instance import AnyInstance
from instances.training.network import Network
from instances.training.parameters import Parameters


@dataclass(frozen=True, eq=False)
class ContinuousInstance(AnyInstance):
    """The question whether real parameters mismatch at most `bound` data points.

    Parameters
    ----------
    network, inputs, targets, bound, origin
        See `AnyInstance`; the bound is a number of mismatched data points.
    frozen : Parameters
        The values of the frozen parameters; entries of real ones carry no meaning and become 0.
    real_weights, real_biases : bool arrays
        Per edge and per neuron whether the parameter ranges over the reals; false at inputs.

    Raises
    ------
    InvalidInstance
        Where the parts do not fit together.
    """

    network: Network
    frozen: Parameters
    real_weights: NDArray[np.bool_]
    real_biases: NDArray[np.bool_]
    inputs: Array
    targets: Array
    bound: Number = 0
    origin: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        network = self.network
        values = []
        for kind, given, length in (
            ("weights", self.frozen.weights, network.edges),
            ("biases", self.frozen.biases, network.size),
        ):
            real = np.array(getattr(self, f"real_{kind}"), dtype=np.bool_)
            if real.shape != (length,):
                raise InvalidInstance(f"real_{kind}: {real.size} entries where {length} are needed")
            real.flags.writeable = False
            object.__setattr__(self, f"real_{kind}", real)
            if given.shape != (length,):
                raise InvalidInstance(f"{kind}: {given.size} entries where {length} are needed")
            values.append(np.where(real, 0, given))
        if self.real_biases[network.is_input].any():
            raise InvalidInstance("biases: inputs have no bias, so none that is real")
        values[1][network.is_input] = 0
        object.__setattr__(self, "frozen", Parameters(*values))
        self._settle()

    @property
    def real(self) -> int:
        """Number of real parameters."""
        return int(self.real_weights.sum() + self.real_biases.sum())

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, as 64 hexadecimal digits, of everything but names and origin."""
        network = self.network
        digest = hashlib.sha256()
        kinds = (str(network.activations[kind]) for kind in network.activation if kind >= 0)
        for part in (
            [network.size, self.bound, self.points],
            network.inputs.tolist(),
            network.outputs.tolist(),
            network.sources.tolist(),
            network.targets.tolist(),
            kinds,
            entries(self.frozen.weights, self.real_weights),
            entries(self.frozen.biases, self.real_biases),
            self.inputs.ravel().tolist(),
            self.targets.ravel().tolist(),
        ):
            digest.update((" ".join(map(str, part)) + "\n").encode())
        return digest.hexdigest()


def entries(values: Array, real: NDArray[np.bool_]) -> list[Number | None]:
    """Return the values of parameters as a list with ``None`` at those that are real."""
    pairs = zip(values.tolist(), real.tolist(), strict=True)
    return [None if free else value for value, free in pairs]


def from_entries(values: list[Any]) -> tuple[Array, NDArray[np.bool_]]:
    """Return frozen values, 0 for ``None``, and the mask of what is ``None``."""
    real = np.array([value is None for value in values], dtype=np.bool_)
    return object_array([0 if value is None else value for value in values]), real
