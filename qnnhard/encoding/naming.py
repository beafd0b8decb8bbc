"""Names of CNF variables, tied to the network and computed on demand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.training.instance import TrainingInstance


@dataclass(frozen=True, eq=False)
class Stamped:
    """Auxiliary variables that one template got, copy by copy.

    Parameters
    ----------
    names : sequence of str
        With ``{v}`` for the neuron and ``{u[i]}`` for its i-th predecessor.
    neurons : int64 array or None
        The neurons that the copies belong to; ``None`` for the loss.
    start : int
        The first variable.
    """

    names: Sequence[str]
    neurons: NDArray[np.int64] | None
    start: int


@dataclass(frozen=True, eq=False)
class Behaviours:
    """Variables for behaviours: what neurons do on all distinct inputs.

    Parameters
    ----------
    neurons : int64 array
        Per variable its neuron.
    rows : list of tuple of int
        The distinct vectors of values.
    row_of : int64 array
        Per variable the position of its neuron's values in `rows`.
    start : int
        The first variable.
    """

    neurons: NDArray[np.int64]
    rows: list[tuple[int, ...]]
    row_of: NDArray[np.int64]
    start: int


@dataclass(frozen=True, eq=False)
class Naming:
    """The naming rule of an encoding.

    ``w[u,v]=1`` and ``b[v]=1`` are parameters of two values, ``w[u,v]>=k`` and ``b[v]>=k`` the
    order literals of larger domains; ``f[v|x2]>=1`` is a value at the input that data point 2
    is the first to have, ``s[...]`` a partial sum over a range of in-edges, ``p[u,v|x2]`` a
    product of weight and value, ``m[x2]`` the mismatch of data point 2 and its equals,
    ``e[...]`` a distance to a target and ``loss[i-j]`` a partial loss. ``g[v]=101`` says that v
    takes the values 1, 0 and 1 on the distinct inputs, which are separated by commas where they
    are not digits.
    """

    instance: TrainingInstance
    weight_start: NDArray[np.int64]
    bias_start: NDArray[np.int64]
    group_start: int | None
    group_first: list[int]
    stamped: list[Stamped]
    contradiction: int | None
    behaviours: Behaviours | None = None

    def all(self) -> Iterator[tuple[int, str]]:
        """Yield every variable and its name, in increasing order of variables."""
        network = self.instance.network
        yield from self._parameters(
            "w", self.weight_start, self.instance.weight_domain, network.edge_name
        )
        yield from self._parameters(
            "b", self.bias_start, self.instance.bias_domain, network.names.__getitem__
        )
        if self.group_start is not None:
            for number, point in enumerate(self.group_first):
                yield self.group_start + number, f"m[x{point + 1}]"
        if self.behaviours is not None:
            yield from self._behaviours(self.behaviours)
        for stamped in self.stamped:
            variable = stamped.start
            neurons = [None] if stamped.neurons is None else stamped.neurons.tolist()
            for neuron in neurons:
                for name in self._auxiliary(stamped.names, neuron):
                    yield variable, name
                    variable += 1
        if self.contradiction is not None:
            yield self.contradiction, "contradiction"

    def _parameters(
        self,
        letter: str,
        start: NDArray[np.int64],
        domain: NDArray[np.int32],
        name: Callable[[int], str],
    ) -> Iterator[tuple[int, str]]:
        for place in np.flatnonzero(start).tolist():
            values = self.instance.domains[int(domain[place])]
            relation = "=" if len(values) == 2 else ">="
            for step, value in enumerate(values[1:]):
                yield int(start[place]) + step, f"{letter}[{name(place)}]{relation}{value}"

    def _behaviours(self, behaviours: Behaviours) -> Iterator[tuple[int, str]]:
        names = self.instance.network.names
        digits = all(0 <= value <= 9 for row in behaviours.rows for value in row)
        rows = [("" if digits else ",").join(map(str, row)) for row in behaviours.rows]
        for place, (neuron, row) in enumerate(
            zip(behaviours.neurons.tolist(), behaviours.row_of.tolist(), strict=True)
        ):
            yield behaviours.start + place, f"g[{names[neuron]}]={rows[row]}"

    def _auxiliary(self, names: Sequence[str], neuron: int | None) -> Iterator[str]:
        if neuron is None:
            yield from names
            return
        network = self.instance.network
        begin, end = network.in_start[neuron : neuron + 2].tolist()
        sources = [network.names[source] for source in network.sources[begin:end].tolist()]
        for name in names:
            yield name.format(v=network.names[neuron], u=sources)
