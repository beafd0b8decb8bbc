"""Names of CNF variables, tied to the network and computed on demand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from string import Formatter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.text.numbers import spell_number
from instances.training.instance import TrainingInstance

CHUNK = 1 << 14
"""Variables that are named at a time."""

_NUMBER = ""
"""Where the fields of a name are listed, the variable itself."""


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

    def lines(self, start: str = "") -> Iterator[str]:
        """Yield lines ``ID NAME``, each after `start`, in order and many at a time."""
        line = start.replace("%", "%%") + "%d "
        network = self.instance.network
        names = np.array(network.names.all(), dtype=object)
        edges: list[NDArray[Any]] = [network.sources, network.targets]
        for form, start_of, domain, ends in (
            ("w[%s,%s]", self.weight_start, self.instance.weight_domain, edges),
            ("b[%s]", self.bias_start, self.instance.bias_domain, [np.arange(network.size)]),
        ):
            yield from self._parameters(line + form, start_of, domain, ends, names)
        if self.group_start is not None:
            points = np.array(self.group_first, dtype=np.int64) + 1
            yield from _filled(line + "m[x%d]\n", _from(self.group_start, points), points)
        if self.behaviours is not None:
            yield from self._behaviours(line + "g[%s]=%s\n", self.behaviours, names)
        for stamped in self.stamped:
            if stamped.neurons is None:
                listed = np.array(stamped.names, dtype=object)
                yield from _filled(line + "%s\n", _from(stamped.start, listed), listed)
            else:
                yield from self._auxiliary(line, stamped, stamped.neurons, names)
        if self.contradiction is not None:
            yield f"{start}{self.contradiction} contradiction\n"

    def _parameters(
        self,
        line: str,
        start: NDArray[np.int64],
        domain: NDArray[np.int32],
        ends: list[NDArray[Any]],
        names: NDArray[np.object_],
    ) -> Iterator[str]:
        """Yield the lines of parameters, of which `ends` has the neurons."""
        domains, steps = self.instance.domains, self.instance.domain_steps
        forms = [
            "".join(
                f"{line}{'=' if len(values) == 2 else '>='}{spell_number(value)}\n"
                for value in values[1:]
            )
            for values in domains
        ]
        places = np.flatnonzero(start)
        size = max(1, CHUNK // int(steps.max(initial=1)))
        for begin in range(0, len(places), size):
            part = places[begin : begin + size]
            count = steps[domain[part]]
            each = np.repeat(part, count)
            step = np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
            form = "".join(map(forms.__getitem__, domain[part].tolist()))
            yield _fill(form, start[each] + step, *(names[end[each]] for end in ends))

    def _behaviours(
        self, line: str, behaviours: Behaviours, names: NDArray[np.object_]
    ) -> Iterator[str]:
        digits = all(0 <= value <= 9 for row in behaviours.rows for value in row)
        rows = [("" if digits else ",").join(map(str, row)) for row in behaviours.rows]
        columns = names[behaviours.neurons], np.array(rows, dtype=object)[behaviours.row_of]
        yield from _filled(line, _from(behaviours.start, behaviours.neurons), *columns)

    def _auxiliary(
        self,
        line: str,
        stamped: Stamped,
        neurons: NDArray[np.int64],
        names: NDArray[np.object_],
    ) -> Iterator[str]:
        """Yield the lines of all copies of a template, a row of the columns each."""
        network = self.instance.network
        form, fields = "", []
        for name in stamped.names:
            form += line
            fields.append(_NUMBER)
            for text, field, _, _ in Formatter().parse(name):
                form += text.replace("%", "%%")
                if field is not None:
                    form += "%s"
                    fields.append(field)
            form += "\n"
        sources = set(fields) - {_NUMBER, "v"}
        width = len(stamped.names)
        size = max(1, CHUNK // max(1, width))
        for begin in range(0, len(neurons), size):
            part = neurons[begin : begin + size]
            found = {"v": names[part]}
            for field in sources:
                edge = network.in_start[part] + int(field.removeprefix("u[").removesuffix("]"))
                found[field] = names[network.sources[edge]]
            variable = stamped.start + (begin + np.arange(len(part))) * width
            numbers = (variable + number for number in range(width))
            columns = (next(numbers) if field == _NUMBER else found[field] for field in fields)
            yield _fill(form * len(part), *columns)


def point_names(points: Sequence[int]) -> tuple[str, ...]:
    """Return the names of distinct inputs, by the first data points that have them, from 0."""
    return tuple(f"x{point + 1}" for point in points)


def _from(start: int, column: NDArray[Any]) -> NDArray[np.int64]:
    """Return the numbers from `start` on, as many as a column has entries."""
    return np.arange(start, start + len(column))


def _filled(line: str, *columns: NDArray[Any]) -> Iterator[str]:
    """Yield a line for every row of some columns, many at a time."""
    for begin in range(0, len(columns[0]), CHUNK):
        part = [column[begin : begin + CHUNK] for column in columns]
        yield _fill(line * len(part[0]), *part)


def _fill(form: str, *columns: NDArray[Any]) -> str:
    """Return a format filled with the rows of some columns."""
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return form % tuple(chain.from_iterable(rows))
