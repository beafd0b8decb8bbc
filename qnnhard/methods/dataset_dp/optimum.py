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

from instances.canonical.data import MergedData
from instances.canonical.problem import canonical
from instances.canonical.scaled import ScaledActivation
from instances.deadline import Deadline
from instances.progress import stage
from instances.text.numbers import Number, common_denominator, normal
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.dataset_dp.chain import Assignment, Choice, Contributions, SumChain
from qnnhard.methods.dataset_dp.layout import Component, components
from qnnhard.methods.dataset_dp.loss import Judge, least_union
from qnnhard.methods.dataset_dp.packing import VectorPacking
from qnnhard.methods.dataset_dp.tables import DEFAULT_MEMORY, Workspace


@dataclass(frozen=True, eq=False)
class Optimum:
    """The least loss of an instance, parameters that attain it, and the rows of all tables."""

    loss: Number
    parameters: Parameters
    rows: int


def best(instance: TrainingInstance, deadline: Deadline, memory: int = DEFAULT_MEMORY) -> Optimum:
    """Return the least loss of a two-layer instance and parameters that attain it.

    Parameters
    ----------
    instance : TrainingInstance
        Its bound does not matter. Hidden neurons are fed by inputs and feed outputs, outputs
        are fed by both and feed nothing; neurons that no output needs do not count.
    memory : int
        Budget in bytes for the tables, checked before each of them is made.

    Raises
    ------
    Unsupported
        For a deeper network.
    LimitReached
        When the deadline passes; `MemoryBudgetReached` where the tables exceed the budget.
    """
    deadline.check()
    parts = components(instance)
    with stage("dataset-dp", "rows") as progress:
        work = Workspace(deadline, memory, progress)
        return _TwoLayers(instance, canonical(instance).data, work).run(parts)


@dataclass(frozen=True)
class _Own:
    """A weight from an input, or a bias: its name, and what it is multiplied with at inputs."""

    name: int
    domain: tuple[Number, ...]
    column: list[Number]


def _unit(parameters: list[_Own]) -> int:
    """Return a denominator of what such parameters add to a neuron."""
    return lcm(*(common_denominator(p.domain) * common_denominator(p.column) for p in parameters))


@dataclass(eq=False)
class _TwoLayers:
    instance: TrainingInstance
    data: MergedData
    work: Workspace
    chosen: Assignment = field(default_factory=dict)

    def run(self, parts: list[Component]) -> Optimum:
        """Solve the components; only mismatches tie them together again."""
        columns = zip(self.instance.network.inputs.tolist(), self.data.inputs.T, strict=True)
        self.columns = {neuron: column.tolist() for neuron, column in columns}
        self.points = len(self.data.inputs)
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
        # Parameters that no output depends on are at their least.
        weights, biases = lowest(self.instance)
        for name, value in self.chosen.items():
            if name >= 0:
                weights[name] = value
            else:
                biases[-1 - name] = value
        return Optimum(normal(loss), Parameters(weights, biases), self.work.rows)

    def _judge(self, part: Component) -> Judge:
        """Return the sums of a component's outputs against their targets."""
        network, domains = self.instance.network, self.instance.domains
        neurons = network.outputs[part.columns].tolist()
        outputs = [self._own(neuron) for neuron in neurons]
        weights = {
            neuron: [domains[int(self.instance.weight_domain[edge])] for edge, _ in edges]
            for neuron, edges in part.hidden.items()
        }
        hidden = {neuron: self._own(neuron) for neuron in part.hidden}
        activations = {v: self._activation(v, _unit(own)) for v, own in hidden.items()}
        unit = lcm(
            *map(_unit, outputs),
            *(
                activations[neuron].value_unit * common_denominator(domain)
                for neuron, found in weights.items()
                for domain in found
            ),
        )
        choices = [
            choice
            for place, own in enumerate(outputs)
            for choice in self._choices(own, unit, place * self.points)
        ]
        contributions = []
        for neuron, edges in part.hidden.items():
            activation = activations[neuron]
            chain = self._chain(self._choices(hidden[neuron], activation.unit), [], self.points)
            contributions.append(
                Contributions(
                    chain.activated(activation),
                    [edge for edge, _ in edges],
                    weights[neuron],
                    [[int(w * unit) // activation.value_unit for w in d] for d in weights[neuron]],
                    [place * self.points for _, place in edges],
                )
            )
        return Judge(
            self._chain(choices, contributions, self.points * len(neurons)),
            [self._activation(neuron, unit) for neuron in neurons],
            self.data,
            part.columns,
            self.instance.loss,
        )

    def _activation(self, neuron: int, unit: int) -> ScaledActivation:
        network = self.instance.network
        return ScaledActivation(network.activations[int(network.activation[neuron])], unit)

    def _own(self, neuron: int) -> list[_Own]:
        """Return the weights from inputs and the bias of a neuron."""
        instance, network = self.instance, self.instance.network
        domains = instance.domains
        found = [
            _Own(edge, domains[int(instance.weight_domain[edge])], self.columns[source])
            for edge in network.edges_into(neuron)
            if (source := int(network.sources[edge])) in self.columns
        ]
        bias = domains[int(instance.bias_domain[neuron])]
        return [*found, _Own(-1 - neuron, bias, [-1] * self.points)]

    def _choices(self, parameters: list[_Own], unit: int, start: int = 0) -> list[Choice]:
        """Return what the parameters add to the coordinates from `start` on."""
        found = []
        for own in parameters:
            self.work.deadline.check()
            vectors = (tuple(int(value * x * unit) for x in own.column) for value in own.domain)
            found.append(Choice(own.name, own.domain, tuple(vectors), start))
        return found

    def _chain(
        self, choices: list[Choice], contributions: list[Contributions], size: int
    ) -> SumChain:
        """Return all sums of one vector of each."""
        boxes = [*(c.box() for c in choices), *(c.box() for c in contributions)]
        chain = SumChain(VectorPacking.for_sums(boxes, size), self.work)
        for choice in choices:
            chain.add_choice(choice)
        for contribution in contributions:
            chain.add_contribution(contribution)
        return chain
