"""The formula under construction: templates stamped for many neurons at once, with NumPy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import present
from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.instance import TrainingInstance
from qnnhard.encoding.formula.cnf import CONTRADICTION, Formula
from qnnhard.encoding.formula.naming import Stamped
from qnnhard.encoding.formula.template import Literals, Shape, Template, stamp, without_repeats

LITERAL_LIMIT = 1 << 29
"""Most literals of a formula: 2 GiB of memory."""

_STAMP_LIMIT = 1 << 23


def consecutive(start: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, row by row, ``count[k]`` numbers from each ``start[:, k]`` on."""
    step = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    literals: NDArray[np.int64] = np.repeat(start, count, axis=1) + step
    return literals


def require_room(literals: int, variables: int = 0) -> None:
    """Raise `Unsupported` where a formula of this size is too large."""
    if literals > LITERAL_LIMIT or variables >= 1 << 30:
        raise Unsupported(
            f"the encoding has more than {LITERAL_LIMIT} literals: "
            "use a smaller instance or another backend"
        )


class _Pool:
    """The order literals of all encoded neurons, one neuron's after the other's."""

    def __init__(self) -> None:
        self._data = np.zeros(1 << 10, dtype=np.int32)
        self._size = 0

    def append(self, literals: Literals) -> int:
        """Append a flat array and return the position of its first element."""
        begin, end = self._size, self._size + literals.size
        if end > len(self._data):
            grown = np.zeros(max(end, 2 * len(self._data)), dtype=np.int32)
            grown[:begin] = self._data[:begin]
            self._data = grown
        self._data[begin:end] = literals.ravel()
        self._size = end
        return begin

    def gather(self, start: NDArray[np.int64], count: int) -> Literals:
        """Return `count` literals from each of the positions `start`, as starts x count."""
        literals: Literals = self._data[start[:, None] + np.arange(count)]
        return literals


class Stamper:
    """Numbers the variables, turns templates into clauses and remembers neurons' shapes.

    Parameters
    ----------
    instance : TrainingInstance
    deadline : Deadline

    Attributes
    ----------
    weight_start, bias_start : int64 arrays
        Variable of the first order literal per edge and per neuron, or 0.
    group_start : int
        Variable of the first group's mismatch.
    shapes : list of Shape
        The distinct shapes so far.
    shape_of : int64 array
        Per neuron the position of its shape in `shapes`, or -1.
    stamped : list of Stamped
    variables : int
    """

    def __init__(self, instance: TrainingInstance, deadline: Deadline) -> None:
        network = instance.network
        self.instance = instance
        self.deadline = deadline
        self.weight_start = np.zeros(network.edges, dtype=np.int64)
        self.bias_start = np.zeros(network.size, dtype=np.int64)
        self.group_start = 0
        self.shapes: list[Shape] = []
        self.shape_of = np.full(network.size, -1, dtype=np.int64)
        self.stamped: list[Stamped] = []
        self.variables = 0
        self._shape_number: dict[Shape, int] = {}
        self._pool = _Pool()
        self._pool_start = np.zeros(network.size, dtype=np.int64)
        self._foreign = np.zeros(network.size, dtype=np.bool_)
        self._blocks: list[Literals] = []
        self._literals = 0

    @property
    def formula(self) -> Formula:
        """All clauses so far."""
        return Formula(self.variables, tuple(self._blocks))

    def number_parameters(self, relevant: NDArray[np.bool_]) -> None:
        """Number the order literals of relevant neurons' parameters, and chain each one's."""
        if not relevant.any():
            return
        instance, network = self.instance, self.instance.network
        sizes = instance.domain_steps
        for start, index, needed in (
            (self.weight_start, instance.weight_domain, relevant[network.targets]),
            (self.bias_start, instance.bias_domain, relevant),
        ):
            count = np.where(needed, sizes[index], 0)
            begin = self.variables + 1 + np.cumsum(count) - count
            start[:] = np.where(count > 0, begin, 0)
            self.variables += int(count.sum())
            for size in present(count[count > 1]):
                first = begin[count == size].astype(np.int32)
                for step in range(size - 1):
                    chain = np.stack((first + step, -(first + step + 1)), axis=1)
                    self.add([chain.astype(np.int32)])

    def parameter_literals(self, neurons: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the order literals of weights and bias, neurons x literals.

        The neurons have equally many of each, parameter by parameter.
        """
        instance, steps = self.instance, self.instance.domain_steps
        edges = instance.network.in_edge_rows(neurons)
        start = np.concatenate(
            (self.weight_start[edges], self.bias_start[neurons][:, None]), axis=1
        )
        index = (*instance.weight_domain[edges[0]], instance.bias_domain[neurons[0]])
        return consecutive(start, steps[np.array(index)])

    def number_groups(self, count: int) -> None:
        """Number the mismatches of `count` groups of data points."""
        self.group_start = self.variables + 1
        self.variables += count

    def intern(self, shape: Shape) -> int:
        """Return the position of a shape in `shapes`."""
        number = self._shape_number.setdefault(shape, len(self.shapes))
        if number == len(self.shapes):
            self.shapes.append(shape)
        return number

    def stamp(self, template: Template, neurons: NDArray[np.int64]) -> Literals:
        """Copy a template for every neuron, and note the neurons' literals for successors.

        Returns
        -------
        int32 array, neurons x loss literals
            The global literals behind the template's `loss`.
        """
        step = max(1, _STAMP_LIMIT // max(1, template.size + template.interface))
        parts = []
        for begin in range(0, len(neurons), step):
            self.deadline.check()
            parts.append(self._stamp_part(template, neurons[begin : begin + step]))
        return np.concatenate(parts)

    def stamp_once(self, template: Template, literals: Literals) -> None:
        """Copy a template whose interface stands for the given literals, for no neuron."""
        meaning = self._with_auxiliary(template, literals[None, :])
        self._place(template, None, meaning, foreign=True)

    def stamp_values(
        self, template: Template, neurons: NDArray[np.int64], literals: Literals
    ) -> None:
        """Copy a template for every neuron, whose interface stands for its row of `literals`."""
        self._place(template, neurons, self._with_auxiliary(template, literals), foreign=True)

    def reserve(self, count: int) -> int:
        """Number `count` variables and return the first."""
        self.variables += count
        return self.variables - count + 1

    def contradict(self) -> int:
        """Make the formula unsatisfiable; return the variable that says so."""
        self.variables += 1
        self.add([np.array(CONTRADICTION, dtype=np.int32)[:, None] * np.int32(self.variables)])
        return self.variables

    def _stamp_part(self, template: Template, neurons: NDArray[np.int64]) -> Literals:
        network = self.instance.network
        sources = network.sources[network.in_edge_rows(neurons)]
        meaning = self._meaning(template, neurons, sources)
        self._place(template, neurons, meaning, bool(self._foreign[sources].any()))
        loss_literals: Literals = meaning[:, template.loss_literals - 1]
        return loss_literals

    def _with_auxiliary(self, template: Template, *columns: NDArray[np.integer[Any]]) -> Literals:
        """Return the literals of all local variables: those given, then auxiliary ones."""
        copies = len(columns[0])
        auxiliary = np.arange(copies * len(template.auxiliary)).reshape(copies, -1)
        meaning = np.concatenate((*columns, self.variables + 1 + auxiliary), axis=1)
        return meaning.astype(np.int32)

    def _place(
        self,
        template: Template,
        neurons: NDArray[np.int64] | None,
        meaning: Literals,
        foreign: bool,
    ) -> None:
        """Add a template's copies; `foreign` literals may coincide, and are looked at closely."""
        blocks = stamp(template.blocks, meaning)
        if foreign:
            blocks = [clean for block in blocks for clean in without_repeats(block)]
        self.add(blocks)
        self.stamped.append(Stamped(template.auxiliary, neurons, self.variables + 1))
        self.variables += len(template.auxiliary) * len(meaning)
        if template.shape is not None and neurons is not None:
            start = self._pool.append(meaning[:, template.literals - 1])
            self._pool_start[neurons] = start + np.arange(len(neurons)) * len(template.literals)
            self.shape_of[neurons] = self.intern(template.shape)
            self._foreign[neurons] = template.passes_through or foreign

    def _meaning(
        self,
        template: Template,
        neurons: NDArray[np.int64],
        sources: NDArray[np.int32],
    ) -> Literals:
        """Return the global literal of every local variable, neurons x locals."""
        copies = len(neurons)
        columns: list[NDArray[np.integer[Any]]] = [self.parameter_literals(neurons)]
        for position, number in enumerate(self.shape_of[sources[0]].tolist()):
            count = self.shapes[number].count
            if count:
                columns.append(self._pool.gather(self._pool_start[sources[:, position]], count))
        used = sum(column.shape[1] for column in columns)
        groups = self.group_start + np.arange(template.interface - used)
        columns.append(np.broadcast_to(groups, (copies, len(groups))))
        return self._with_auxiliary(template, *columns)

    def add(self, blocks: list[Literals]) -> None:
        """Add clauses; raise `Unsupported` where the formula grows too large."""
        self._blocks.extend(block for block in blocks if len(block))
        self._literals += sum(block.size for block in blocks)
        require_room(self._literals, self.variables)
