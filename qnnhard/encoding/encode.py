"""Training instance to CNF, neuron templates stamped with NumPy.

The encoder sees a training instance and nothing else. It proceeds level by level: neurons
with the same in-degree, domains, activation, predecessor shapes and targets share a template.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.instance import TrainingInstance
from instances.training.numbers import Array
from qnnhard.encoding.circuits import Form
from qnnhard.encoding.cnf import CONTRADICTION, Formula
from qnnhard.encoding.frozen import frozen_neurons, frozen_values
from qnnhard.encoding.loss import LossPart, compile_loss, loss_form, renamed, total_loss
from qnnhard.encoding.naming import Naming, Stamped
from qnnhard.encoding.neuron import compile_neuron
from qnnhard.encoding.pool import Pool
from qnnhard.encoding.scaling import find_scaling
from qnnhard.encoding.task import Goal, NeuronTask
from qnnhard.encoding.template import Literals, Shape, Template, stamp, without_repeats
from qnnhard.encoding.view import DataView, distinct_columns, view_data

LITERAL_LIMIT = 1 << 29
"""Most literals of a formula: 2 GiB of memory."""

_STAMP_LIMIT = 1 << 23
_POWER = {"mismatch": 0, "l1": 1, "l2": 2}


@dataclass(frozen=True, eq=False)
class Encoding:
    """A formula that is satisfiable iff the instance is a yes-instance.

    Parameters
    ----------
    instance : TrainingInstance
    formula : Formula
    weight_start, bias_start : int64 arrays
        Variable of the first order literal per edge and per neuron; 0 where the parameter is
        frozen, or irrelevant because no output depends on it.
    naming : Naming
    loss : Form or None
        For minimization: `loss_unit` times the loss, over the formula's variables. Its least
        value over all models is the least loss.
    loss_unit : int
    """

    instance: TrainingInstance
    formula: Formula
    weight_start: NDArray[np.int64]
    bias_start: NDArray[np.int64]
    naming: Naming
    loss: Form | None = None
    loss_unit: int = 1


def encode(
    instance: TrainingInstance, deadline: Deadline | None = None, minimize: bool = False
) -> Encoding:
    """Return the encoding of `instance`.

    Parameters
    ----------
    instance : TrainingInstance
    deadline : Deadline or None
    minimize : bool
        Whether to leave the bound out and give the loss as a form to be minimized.

    Raises
    ------
    Unsupported
        Where the formula or a common denominator of fractions grows too large.
    LimitReached
        When the deadline passes.
    """
    return _Encoder(instance, deadline or Deadline(), minimize).run()


@dataclass(eq=False)
class _Encoder:
    instance: TrainingInstance
    deadline: Deadline
    minimize: bool
    loss_form: Form | None = None
    blocks: list[Literals] = field(default_factory=list)
    stamped: list[Stamped] = field(default_factory=list)
    variables: int = 0
    literals: int = 0
    pool: Pool = field(default_factory=Pool)

    def run(self) -> Encoding:
        instance, network = self.instance, self.instance.network
        self.view: DataView = view_data(instance)
        self.frozen = frozen_neurons(instance)
        self.frozen_values = frozen_values(instance, self.view.inputs, self.frozen)
        self.scaling = find_scaling(instance, self.frozen, self.frozen_values)
        self.bound = floor(instance.bound * self.scaling.loss ** _POWER[instance.loss])
        self.exact = self.bound <= 0 and not self.minimize
        self.relevant = _relevant(instance) & bool(instance.points)
        self.weight_start = np.zeros(network.edges, dtype=np.int64)
        self.bias_start = np.zeros(network.size, dtype=np.int64)
        if (self.bound < 0 and not self.minimize) or (self.exact and self.view.contradictory):
            return self._finish(contradiction=True)
        self._parameters()
        self.group_start = self.variables + 1
        if not self.exact and instance.loss == "mismatch":
            self.variables += len(self.view.group_first)
        contradiction = bool(instance.points) and self._neurons()
        if not (self.exact or contradiction) and instance.points:
            contradiction = self._loss()
        return self._finish(contradiction)

    def _parameters(self) -> None:
        """Number the order literals of weights and biases, and chain those of a parameter."""
        instance, network = self.instance, self.instance.network
        sizes = np.array([len(domain) - 1 for domain in instance.domains] + [0])
        for start, index, relevant in (
            (self.weight_start, instance.weight_domain, self.relevant[network.targets]),
            (self.bias_start, instance.bias_domain, self.relevant),
        ):
            count = np.where(relevant, sizes[index], 0)
            begin = self.variables + 1 + np.cumsum(count) - count
            start[:] = np.where(count > 0, begin, 0)
            self.variables += int(count.sum())
            for size in np.unique(count[count > 1]).tolist():
                first = begin[count == size].astype(np.int32)
                for step in range(size - 1):
                    chain = np.stack((first + step, -(first + step + 1)), axis=1)
                    self._add([chain.astype(np.int32)])

    def _neurons(self) -> bool:
        """Encode all relevant neurons; return whether some target cannot be reached at all."""
        network = self.instance.network
        self.shapes: list[Shape] = []
        self.shape_number: dict[Shape, int] = {}
        self.shape_of = np.full(network.size, -1, dtype=np.int64)
        self.pool_start = np.zeros(network.size, dtype=np.int64)
        self.foreign = np.zeros(network.size, dtype=np.bool_)
        self.feeds = network.out_degree > 0
        self.unit_number = self._number_units()
        self._known_rows(network.inputs, self.view.inputs)
        self._known_rows(self.frozen, self.frozen_values)
        if self.exact:
            self._known_rows(network.outputs, self.view.targets)
        self.goal_row = np.full(network.size, -1, dtype=np.int64)
        self.goal_rows, place = distinct_columns(self.view.targets)
        self.goal_row[network.outputs] = place
        self.loss_parts: list[LossPart] = []
        known = network.is_input.copy()
        known[self.frozen] = True
        for level in network.by_level():
            neurons = level[self.relevant[level] & ~known[level]]
            for task_neurons in self._alike(neurons):
                self.deadline.check()
                template = compile_neuron(self._task(int(task_neurons[0])), self.deadline)
                if template.contradiction:
                    return True
                self._stamp(template, task_neurons)
        return False

    def _number_units(self) -> NDArray[np.int64]:
        """Number the combinations of units, in which neurons of one template agree."""
        units = self.scaling
        table = np.stack((units.total, units.value, units.goal))
        return distinct_columns(table)[1]

    def _known_rows(self, neurons: NDArray[np.integer[Any]], values: Array) -> None:
        """Give neurons with known values, inputs x neurons, their constant shapes."""
        if not len(neurons):
            return
        if self.scaling.value.dtype == object:
            values = values.astype(object) * self.scaling.value[neurons]
        rows, place = distinct_columns(values)
        numbers = [self._intern(Shape.constant(tuple(map(int, row)))) for row in rows]
        self.shape_of[neurons] = np.array(numbers, dtype=np.int64)[place]

    def _intern(self, shape: Shape) -> int:
        number = self.shape_number.setdefault(shape, len(self.shapes))
        if number == len(self.shapes):
            self.shapes.append(shape)
        return number

    def _alike(self, neurons: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        """Yield sets of neurons that share one template, in a fixed order."""
        instance, network = self.instance, self.instance.network
        degree = network.in_degree[neurons]
        for size in np.unique(degree).tolist():
            members = neurons[degree == size]
            edges = network.in_start[members][:, None] + np.arange(size)
            key = np.concatenate(
                (
                    instance.bias_domain[members][:, None],
                    network.activation[members][:, None],
                    self.goal_row[members][:, None],
                    self.feeds[members][:, None],
                    self.unit_number[members][:, None],
                    instance.weight_domain[edges],
                    self.shape_of[network.sources[edges]],
                ),
                axis=1,
            )
            _, inverse = np.unique(key, axis=0, return_inverse=True)
            inverse = inverse.ravel()
            order = np.argsort(inverse, kind="stable")
            bounds = np.flatnonzero(np.diff(inverse[order])) + 1
            yield from np.split(members[order], bounds)

    def _task(self, neuron: int) -> NeuronTask:
        instance, network = self.instance, self.instance.network
        edges = slice(*network.in_start[neuron : neuron + 2].tolist())
        goals: tuple[Goal, ...] = ()
        if self.goal_row[neuron] >= 0:
            row = self.goal_rows[self.goal_row[neuron]]
            unit = int(self.scaling.goal[neuron])
            goals = tuple(
                Goal(place, int(target * unit), group)
                for group, (place, target) in enumerate(
                    zip(self.view.group_input, row, strict=True)
                )
            )
        return NeuronTask(
            weights=tuple(
                self._domain(index, int(self.scaling.total[neuron] // self.scaling.value[source]))
                for index, source in zip(
                    instance.weight_domain[edges].tolist(),
                    network.sources[edges].tolist(),
                    strict=True,
                )
            ),
            sources=tuple(
                self.shapes[number] for number in self.shape_of[network.sources[edges]].tolist()
            ),
            bias=self._domain(int(instance.bias_domain[neuron]), int(self.scaling.total[neuron])),
            activation=network.activations[int(network.activation[neuron])],
            points=tuple(f"x{point + 1}" for point in self.view.first),
            feeds=bool(self.feeds[neuron]) and not (self.exact and goals),
            goals=goals,
            loss="exact" if self.exact else instance.loss,
            groups=len(self.view.group_first),
            unit=int(self.scaling.total[neuron]),
            stretch=int(self.scaling.goal[neuron] // self.scaling.value[neuron]),
        )

    def _domain(self, index: int, unit: int) -> tuple[int, ...]:
        return tuple(int(value * unit) for value in self.instance.domains[index])

    def _stamp(self, template: Template, neurons: NDArray[np.int64]) -> None:
        """Copy a template for every neuron, and note the neurons' literals for successors."""
        step = max(1, _STAMP_LIMIT // max(1, template.size + template.interface))
        for begin in range(0, len(neurons), step):
            self.deadline.check()
            self._stamp_part(template, neurons[begin : begin + step])

    def _stamp_part(self, template: Template, neurons: NDArray[np.int64]) -> None:
        network = self.instance.network
        edges = network.in_start[neurons][:, None] + np.arange(network.in_degree[neurons[0]])
        sources = network.sources[edges]
        meaning = self._meaning(template, neurons, edges, sources)
        blocks = stamp(template.blocks, meaning)
        foreign = bool(self.foreign[sources].any())
        if foreign:
            blocks = [clean for block in blocks for clean in without_repeats(block)]
        self._add(blocks)
        self.stamped.append(Stamped(template.auxiliary, neurons, self.variables + 1))
        self.variables += len(template.auxiliary) * len(neurons)
        if template.shape is not None:
            start = self.pool.append(meaning[:, template.literals - 1])
            self.pool_start[neurons] = start + np.arange(len(neurons)) * len(template.literals)
            self.shape_of[neurons] = self._intern(template.shape)
            self.foreign[neurons] = template.passes_through or foreign
        if template.loss is not None:
            ratio = int(self.scaling.loss // self.scaling.goal[neurons[0]])
            scale = ratio ** _POWER[self.instance.loss]
            self.loss_parts.extend(
                LossPart(template.loss, row[template.loss_literals - 1], scale) for row in meaning
            )

    def _meaning(
        self,
        template: Template,
        neurons: NDArray[np.int64],
        edges: NDArray[np.int64],
        sources: NDArray[np.int32],
    ) -> Literals:
        """Return the global literal of every local variable, neurons x locals."""
        instance, copies = self.instance, len(neurons)
        columns: list[NDArray[np.integer[Any]]] = [np.zeros((copies, 0), dtype=np.int32)]
        first = int(neurons[0])
        for position, index in enumerate(instance.weight_domain[edges[0]].tolist()):
            span = np.arange(len(instance.domains[index]) - 1)
            columns.append(self.weight_start[edges[:, position]][:, None] + span)
        span = np.arange(len(instance.domains[int(instance.bias_domain[first])]) - 1)
        columns.append(self.bias_start[neurons][:, None] + span)
        for position, number in enumerate(self.shape_of[sources[0]].tolist()):
            count = self.shapes[number].count
            if count:
                columns.append(self.pool.gather(self.pool_start[sources[:, position]], count))
        used = sum(column.shape[1] for column in columns)
        groups = self.group_start + np.arange(template.interface - used)
        columns.append(np.broadcast_to(groups, (copies, len(groups))))
        auxiliary = np.arange(copies * len(template.auxiliary)).reshape(copies, -1)
        columns.append(self.variables + 1 + auxiliary)
        return np.concatenate(columns, axis=1).astype(np.int32)

    def _loss(self) -> bool:
        """Bound the sum of all groups' losses; return whether it exceeds the bound anyway."""
        values, literals = total_loss(
            self.view, self.loss_parts, self.instance.loss, self.group_start
        )
        if self.minimize:
            self.loss_form = renamed(loss_form(values), literals)
            return False
        template = compile_loss(self.bound, values, len(literals), self.deadline)
        auxiliary = self.variables + 1 + np.arange(len(template.auxiliary))
        meaning = np.concatenate((literals, auxiliary)).astype(np.int32)[None, :]
        blocks = stamp(template.blocks, meaning)
        self._add([clean for block in blocks for clean in without_repeats(block)])
        self.stamped.append(Stamped(template.auxiliary, None, self.variables + 1))
        self.variables += len(template.auxiliary)
        return template.contradiction

    def _add(self, blocks: list[Literals]) -> None:
        self.blocks.extend(block for block in blocks if len(block))
        self.literals += sum(block.size for block in blocks)
        if self.literals > LITERAL_LIMIT or self.variables >= 1 << 30:
            raise Unsupported(
                f"the encoding has more than {LITERAL_LIMIT} literals: "
                "use a smaller instance or another backend"
            )

    def _finish(self, contradiction: bool) -> Encoding:
        if contradiction:
            self.variables += 1
            units = np.array(CONTRADICTION, dtype=np.int32)[:, None] * np.int32(self.variables)
            self._add([units])
        naming = Naming(
            instance=self.instance,
            weight_start=self.weight_start,
            bias_start=self.bias_start,
            group_start=self.group_start if self._names_groups else None,
            group_first=self.view.group_first,
            stamped=self.stamped,
            contradiction=self.variables if contradiction else None,
        )
        return Encoding(
            instance=self.instance,
            formula=Formula(self.variables, tuple(self.blocks)),
            weight_start=self.weight_start,
            bias_start=self.bias_start,
            naming=naming,
            loss=self.loss_form if self.loss_form is not None or not self.minimize else Form(),
            loss_unit=self.scaling.loss ** _POWER[self.instance.loss],
        )

    @property
    def _names_groups(self) -> bool:
        return not self.exact and self.instance.loss == "mismatch"


def _relevant(instance: TrainingInstance) -> NDArray[np.bool_]:
    """Return per neuron whether it is an output or leads to one."""
    network = instance.network
    relevant = network.is_output.copy()
    for level in reversed(list(network.by_level())):
        edges = network.in_edges(level[relevant[level]])
        relevant[network.sources[edges]] = True
    return relevant
