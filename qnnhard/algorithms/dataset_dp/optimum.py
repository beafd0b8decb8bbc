"""Two-layer training for a fixed dataset size, in pseudo-polynomial time (theory, section 5.4).

Statement: [DT]; construction: qnnhard. With p distinct inputs, a hidden neuron contributes a
vector of Z^p, its values, times a weight to each output. The vectors that a neuron can have are
found by adding its edges one by one, then its bias, then applying the activation; the vectors
of Z^(p * omega) that the outputs can have are found by adding neuron by neuron. Every vector
keeps one way in which it came about. Tables are sets, so their sizes are bounded by the numbers
that occur and not by the number of parameters: at most (2R + 1)^(p * omega) vectors where
all sums stay within R. The least loss is that of the best vector of the last table.

Outputs that share no hidden neuron are independent and get tables of their own. Rational
numbers are scaled to integers, exactly.
"""

from dataclasses import dataclass, field
from math import lcm

from instances.deadline import Deadline
from instances.progress import stage
from instances.text.numbers import Array, Number, exact_array, normal
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from qnnhard.algorithms.dataset_dp.activation import activated_scale
from qnnhard.algorithms.dataset_dp.chain import (
    Assignment,
    Chain,
    Choice,
    Contributions,
    Values,
    activate,
)
from qnnhard.algorithms.dataset_dp.layout import (
    Component,
    Data,
    Edge,
    Neuron,
    components,
    denominator,
    merge_points,
)
from qnnhard.algorithms.dataset_dp.loss import Judge, least_union
from qnnhard.algorithms.dataset_dp.packing import Packing
from qnnhard.algorithms.dataset_dp.tables import DEFAULT_MEMORY, Workspace


@dataclass(frozen=True, eq=False)
class Optimum:
    """The least loss of an instance, parameters that attain it, and the rows of all tables."""

    loss: Number
    parameters: Parameters
    rows: int


def least_loss(
    instance: TrainingInstance, deadline: Deadline, memory: int = DEFAULT_MEMORY
) -> tuple[Number, Parameters]:
    """Return the least loss of a two-layer instance and parameters that attain it.

    Parameters
    ----------
    instance : TrainingInstance
        Its bound does not matter. Hidden neurons are fed by inputs and feed outputs, outputs
        are fed by both and feed nothing; neurons that no output needs do not count.
    deadline : Deadline
    memory : int
        Budget in bytes for the tables, checked before each of them is made.

    Raises
    ------
    Unsupported
        For a deeper network.
    LimitReached
        When the deadline passes; `MemoryBudgetReached` where the tables exceed the budget.
    """
    optimum = best(instance, deadline, memory)
    return optimum.loss, optimum.parameters


def best(instance: TrainingInstance, deadline: Deadline, memory: int = DEFAULT_MEMORY) -> Optimum:
    """Return what `least_loss` returns together with the work done."""
    deadline.check()
    parts = components(instance)
    with stage("dataset-dp", "rows") as progress:
        work = Workspace(deadline, memory, progress)
        return _Program(instance, merge_points(instance), work).run(parts)


@dataclass(eq=False)
class _Program:
    instance: TrainingInstance
    data: Data
    work: Workspace
    chosen: Assignment = field(default_factory=dict)

    def run(self, parts: list[Component]) -> Optimum:
        """Solve the components; only mismatches tie them together again."""
        self.input_scale = denominator(*(value for row in self.data.inputs for value in row))
        loss: Number = 0
        if self.instance.loss == "mismatch" and len(parts) > 1:
            judges, profiles = [], []
            for part in parts:
                judges.append(self._judge(part))
                profiles.append(judges[-1].profiles())
                judges[-1].chain.drop_keys()
            loss, rows = least_union(profiles, self.data.multiplicity, self.work)
            for judge, row in zip(judges, rows, strict=True):
                judge.chain.assign(row, self.chosen)
        else:
            for part in parts:
                before = self.work.held
                judge = self._judge(part)
                least, row = judge.least()
                judge.chain.assign(row, self.chosen)
                loss += least
                self.work.held = before
        return Optimum(normal(loss), self._parameters(), self.work.rows)

    def _parameters(self) -> Parameters:
        """Return what was chosen; parameters that no output depends on are at their least."""
        weights, biases = lowest(self.instance)
        for name, value in self.chosen.items():
            if name >= 0:
                weights[name] = value
            else:
                biases[-1 - name] = value
        return Parameters(_exact(weights), _exact(biases))

    def _judge(self, part: Component) -> Judge:
        chain, scale = self._outputs(part)
        return Judge(part, self.data, chain, scale, self.instance.loss)

    def _hidden(self, neuron: Neuron) -> Values:
        """Return the values of a hidden neuron over the distinct inputs."""
        scale = self._own_scale(neuron)
        choices = self._choices(neuron, scale, 0)
        packing = Packing.for_sums((choice.box() for choice in choices), len(self.data.inputs))
        chain = Chain(packing, self.work)
        for choice in choices:
            chain.add_choice(choice)
        return activate(chain, neuron.activation, scale)

    def _own_scale(self, neuron: Neuron) -> int:
        """Return a denominator for what edges from inputs and the bias add to a neuron."""
        weights = denominator(*(w for edge in neuron.incoming for w in edge.domain))
        return lcm(self.input_scale * weights, denominator(*neuron.bias))

    def _choices(self, neuron: Neuron, scale: int, start: int) -> list[Choice]:
        """Return the choices of a neuron's own parameters, in the coordinates from `start` on."""

        def choice(name: int, domain: tuple[Number, ...], column: list[Number]) -> Choice:
            self.work.deadline.check()
            vectors = (tuple(int(value * x * scale) for x in column) for value in domain)
            return Choice(name, domain, tuple(vectors), start)

        def inputs(edge: Edge) -> list[Number]:
            return [row[edge.other] for row in self.data.inputs]

        edges = [choice(edge.number, edge.domain, inputs(edge)) for edge in neuron.incoming]
        return [*edges, choice(-1 - neuron.number, neuron.bias, [-1] * len(self.data.inputs))]

    def _outputs(self, part: Component) -> tuple[Chain, int]:
        """Return the pre-activations of a component's outputs, and their scale."""
        points, omega = len(self.data.inputs), len(part.outputs)
        scale = lcm(*(self._own_scale(neuron) for neuron in part.outputs))
        for neuron in part.hidden:
            own = activated_scale(neuron.activation, self._own_scale(neuron))
            weights = denominator(*(w for edge in neuron.outgoing for w in edge.domain))
            scale = lcm(scale, own * weights)
        choices = [
            choice
            for place, neuron in enumerate(part.outputs)
            for choice in self._choices(neuron, scale, place * points)
        ]
        hidden = [self._contributions(neuron, scale) for neuron in part.hidden]
        places = [
            [list(range(edge.other * points, (edge.other + 1) * points)) for edge in h.outgoing]
            for h in part.hidden
        ]
        boxes = [choice.box() for choice in choices]
        boxes += [h.box(where) for where, h in zip(places, hidden, strict=True)]
        chain = Chain(Packing.for_sums(boxes, points * omega), self.work)
        for choice in choices:
            chain.add_choice(choice)
        for where, contribution in zip(places, hidden, strict=True):
            keys = contribution.table(chain.packing, where)
            size = len(keys) * chain.packing.key_bytes
            self.work.held += size
            chain.add(keys, contribution)
            self.work.held -= size
            contribution.values.release()
        return chain, scale

    def _contributions(self, neuron: Neuron, scale: int) -> Contributions:
        own = activated_scale(neuron.activation, self._own_scale(neuron))
        return Contributions(
            self._hidden(neuron),
            [edge.number for edge in neuron.outgoing],
            [edge.domain for edge in neuron.outgoing],
            [[int(w * scale) // own for w in edge.domain] for edge in neuron.outgoing],
        )


def _exact(values: Array) -> Array:
    return exact_array(values, values.shape)
