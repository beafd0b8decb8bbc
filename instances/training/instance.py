"""Training instances: D-NNT in general and d-QNNT as its special case (theory, section 1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from instances.errors import InvalidInstance
from instances.text.numbers import Array, Number, domain_of
from instances.text.values import unknown
from instances.training.activations import Activation
from instances.training.any_instance import AnyInstance, fingerprint_of
from instances.training.names import Names, name_blocks
from instances.training.network import Ints, Network, sorted_edges

LOSSES = ("mismatch", "l1", "l2")


@dataclass(frozen=True, eq=False)
class TrainingInstance(AnyInstance):
    """The question whether some choice of parameters has total loss at most the bound.

    Parameters
    ----------
    network, inputs, targets, bound, origin
        See `AnyInstance`.
    domains : tuple of tuple of numbers
        The finite sets that weights and biases range over, each in increasing order.
    weight_domain, bias_domain : int32 arrays
        An index into `domains` per edge, and per neuron (-1 at inputs).
    loss : str
        ``mismatch`` counts the points where any output differs; ``l1`` and ``l2`` sum absolute
        and squared differences over points and outputs.
    d : int or None
        Set where the instance is a d-QNNT instance: every domain is Z_d, data lie in Z_d, every
        activation is ``relu_clipped(max Z_d)`` and the loss is ``mismatch``.

    Raises
    ------
    InvalidInstance
        Where the parts do not fit together.
    """

    network: Network
    domains: tuple[tuple[Number, ...], ...]
    weight_domain: Ints
    bias_domain: Ints
    inputs: Array
    targets: Array
    loss: str = "mismatch"
    bound: Number = 0
    d: int | None = None
    origin: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        network = self.network
        object.__setattr__(self, "domains", tuple(tuple(domain) for domain in self.domains))
        for name, length in (("weight_domain", network.edges), ("bias_domain", network.size)):
            index = np.array(getattr(self, name), dtype=np.int32)
            if index.shape != (length,):
                raise InvalidInstance(f"{name}: {index.size} entries where {length} are needed")
            index.flags.writeable = False
            object.__setattr__(self, name, index)
        self._settle()
        self._check_domains()
        if self.loss not in LOSSES:
            raise InvalidInstance(unknown("loss", self.loss, LOSSES))
        if self.d is not None:
            self._check_quantized(self.d)

    def _check_domains(self) -> None:
        for position, domain in enumerate(self.domains):
            if not domain:
                raise InvalidInstance(f"domain {position} is empty: no parameter could be chosen")
            if domain != domain_of(domain):
                raise InvalidInstance(f"domain {position}: values must be distinct and increasing")
        biases = self.bias_domain[~self.network.is_input]
        for name, index in (("weight_domain", self.weight_domain), ("bias_domain", biases)):
            if index.size and not (0 <= index.min() and index.max() < len(self.domains)):
                raise InvalidInstance(
                    f"{name}: indices of domains are 0 to {len(self.domains) - 1}"
                )
        if (self.bias_domain[self.network.is_input] != -1).any():
            raise InvalidInstance("bias_domain: inputs have no bias; their index is -1")

    def _check_quantized(self, d: int) -> None:
        levels = z(d)
        if any(self.domains[index] != levels for index in self.used_domains):
            raise InvalidInstance(f"d={d}: every weight and bias must range over Z_{d}")
        clipped = Activation("relu_clipped", levels[-1])
        kinds = self.network.activations
        if any(kinds[index] != clipped for index in _used(len(kinds), self.network.activation)):
            raise InvalidInstance(f"d={d}: every activation must be {clipped}")
        if self.loss != "mismatch":
            raise InvalidInstance(f"d={d}: the loss must be mismatch")
        for name, array in (("inputs", self.inputs), ("targets", self.targets)):
            outside = (array < levels[0]) | (array > levels[-1])
            if array.dtype == object or outside.any():
                row, column = np.argwhere(outside)[0] if outside.any() else (0, 0)
                raise InvalidInstance(
                    f"{name}: value {array[row, column]} of data point {row + 1} is outside "
                    f"Z_{d} = {{{levels[0]}, ..., {levels[-1]}}}"
                )

    @cached_property
    def domain_steps(self) -> NDArray[np.int64]:
        """Per domain the number of its values minus 1; then 0, for the index -1 of no domain."""
        steps = np.array([len(domain) - 1 for domain in self.domains] + [0], dtype=np.int64)
        steps.flags.writeable = False
        return steps

    @cached_property
    def used_domains(self) -> list[int]:
        """The indices of domains that some weight or bias ranges over, increasing."""
        return _used(len(self.domains), self.weight_domain, self.bias_domain)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, as 64 hexadecimal digits, of everything but names and origin."""
        network = self.network
        domains = [",".join(map(str, domain)) for domain in self.domains]
        activations = list(map(str, network.activations))
        return fingerprint_of(
            (network.size, self.loss, self.bound, self.d),
            (
                (domains, self.weight_domain),
                (domains, self.bias_domain),
                (activations, network.activation),
            ),
            (
                network.inputs,
                network.outputs,
                network.sources,
                network.targets,
                self.inputs,
                self.targets,
            ),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the constructor's arguments, whose `origin` is a plain mapping."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        return partial(TrainingInstance, **{**parts, "origin": dict(self.origin)}), ()


def z(d: int) -> tuple[int, ...]:
    """Return Z_d = {-floor((d-1)/2), ..., ceil((d-1)/2)}: the d values of d-QNNT."""
    if not 2 <= d <= 1 << 16:
        raise InvalidInstance(f"d={d}: the number of quantization levels is 2 to {1 << 16}")
    return tuple(range(-((d - 1) // 2), d // 2 + 1))


def quantized(
    d: int,
    names: Names,
    inputs: ArrayLike,
    outputs: ArrayLike,
    edges: tuple[ArrayLike, ArrayLike],
    data: tuple[ArrayLike, ArrayLike],
    bound: int = 0,
    origin: Mapping[str, str] | None = None,
) -> TrainingInstance:
    """Return a d-QNNT instance, of which `bound` data points may be mismatched.

    Edges are sources and targets in any order; data are points x alpha inputs and points x omega
    targets, in Z_d.
    """
    levels = z(d)
    inputs = np.asarray(inputs, dtype=np.int32)
    activation = np.zeros(len(names), dtype=np.int32)
    activation[inputs] = -1
    sources, targets = sorted_edges(*(np.asarray(end).reshape(-1) for end in edges))
    network = Network(
        names=names,
        inputs=inputs,
        outputs=np.asarray(outputs, dtype=np.int32),
        sources=sources,
        targets=targets,
        activations=(Activation("relu_clipped", levels[-1]),),
        activation=activation,
    )
    return TrainingInstance(
        network=network,
        domains=(levels,),
        weight_domain=np.zeros(network.edges, dtype=np.int32),
        bias_domain=activation,
        inputs=_rows(data[0], len(network.inputs)),
        targets=_rows(data[1], len(network.outputs)),
        bound=bound,
        d=d,
        origin=origin or {},
    )


def _rows(values: ArrayLike, width: int) -> Array:
    """Return data as points x width, also where there are no points or no columns."""
    array = np.asarray(values)
    return array.reshape(0, width) if array.size == 0 and array.ndim < 2 else array


def _used(count: int, *indices: Ints) -> list[int]:
    """Return the entries, below `count`, of indices in which -1 stands for none."""
    used = np.zeros(count + 1, dtype=np.bool_)
    for index in indices:
        used[index] = True
    found: list[int] = np.flatnonzero(used[:-1]).tolist()
    return found


def layered(
    widths: Iterable[int],
    d: int,
    data: tuple[ArrayLike, ArrayLike],
    bound: int = 0,
) -> TrainingInstance:
    """Return the d-QNNT instance of a fully connected network with layers of the given widths.

    The first layer holds the inputs x1, x2, ..., the last the outputs y1, y2, ...; hidden
    layer l holds h<l>_1, h<l>_2, ...
    """
    sizes = list(widths)
    if len(sizes) < 2 or min(sizes) < 1:
        raise InvalidInstance("a layered network needs two layers or more, none of them empty")
    hidden = [(f"h{layer}_", size) for layer, size in enumerate(sizes[1:-1], 1)]
    layers = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    sources = [np.tile(below, len(above)) for below, above in pairwise(layers)]
    targets = [np.repeat(above, len(below)) for below, above in pairwise(layers)]
    return quantized(
        d,
        name_blocks(("x", sizes[0]), *hidden, ("y", sizes[-1])),
        layers[0],
        layers[-1],
        (np.concatenate(sources), np.concatenate(targets)),
        data,
        bound,
    )
