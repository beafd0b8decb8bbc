"""The CP-SAT model of a training instance, built from the instance alone.

Nothing is shared with the CNF encoding: parameters and neurons are integer variables, weights
times values are products, and sums are linear expressions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, lcm
from typing import Any

from ortools.sat.python import cp_model

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.text.numbers import Number
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.cp_sat.arithmetic import Arithmetic, Quantity

TERMS = 1 << 21
"""Most weights times distinct inputs: a few GiB of memory inside CP-SAT."""


@dataclass(eq=False)
class Model:
    """A CP-SAT model with the variables that parameters are read from.

    `weights` and `biases` hold, per edge and neuron that some output depends on, a quantity.
    """

    instance: TrainingInstance
    deadline: Deadline
    cp: Any = field(default_factory=cp_model.CpModel)
    weights: dict[int, Quantity] = field(default_factory=dict)
    biases: dict[int, Quantity] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.arithmetic = Arithmetic(self.cp)

    def build(self) -> None:
        """Fill the model.

        Raises
        ------
        Unsupported
            Where numbers are too large for CP-SAT or the model would be.
        """
        self._merge_points()
        network = self.instance.network
        needed = self._needed()
        degrees = sum(int(network.in_degree[neuron]) for neuron in needed)
        if degrees * max(1, len(self.inputs)) > TERMS:
            raise Unsupported(
                f"cp-sat: {degrees} weights times {len(self.inputs)} distinct inputs are more "
                f"than {TERMS}; use --backend sat"
            )
        self.values: dict[int, list[Quantity]] = {
            neuron: [self.arithmetic.number(row[column]) for row in self.inputs]
            for column, neuron in enumerate(network.inputs.tolist())
        }
        for neuron in needed:
            self.deadline.check()
            self._add_neuron(neuron)
        self._bound_loss()
        problem = self.cp.validate()
        if problem:
            raise Unsupported(f"cp-sat refuses the model: {problem.splitlines()[0]}")

    def parameters(self, value: Callable[[Any], int]) -> Parameters:
        """Return the parameters of a solution, given the value of every variable."""
        weights, biases = lowest(self.instance)
        for into, quantities in ((weights, self.weights), (biases, self.biases)):
            for place, quantity in quantities.items():
                number = quantity.low if quantity.constant else value(quantity.expression)
                into[place] = Fraction(number, quantity.scale)
        return Parameters(weights, biases)

    def _merge_points(self) -> None:
        """Keep distinct inputs, and for every distinct point its number of occurrences."""
        place: dict[tuple[Number, ...], int] = {}
        self.groups: dict[tuple[int, tuple[Number, ...]], int] = {}
        for row, targets in zip(
            self.instance.inputs.tolist(), self.instance.targets.tolist(), strict=True
        ):
            group = place.setdefault(tuple(row), len(place)), tuple(targets)
            self.groups[group] = self.groups.get(group, 0) + 1
        self.inputs = list(place)

    def _needed(self) -> list[int]:
        """Return the neurons that some output depends on, predecessors first."""
        network = self.instance.network
        needed = set(network.outputs.tolist())
        levels = [level.tolist() for level in network.by_level()]
        for level in reversed(levels):
            for neuron in needed.intersection(level):
                needed.update(network.sources[network.edges_into(neuron)].tolist())
        return [
            neuron
            for level in levels
            for neuron in level
            if neuron in needed and not network.is_input[neuron]
        ]

    def _parameter(self, index: int, name: str) -> Quantity:
        domain = self.instance.domains[index]
        scale = lcm(*(Fraction(value).denominator for value in domain))
        values = [int(value * scale) for value in domain]
        self.arithmetic.check(values[0], values[-1], name)
        if len(values) == 1:
            return Quantity(values[0], values[0], values[0], scale)
        allowed = cp_model.Domain.from_values(values)
        variable = self.cp.new_int_var_from_domain(allowed, name)
        return Quantity(variable, values[0], values[-1], scale)

    def _add_neuron(self, neuron: int) -> None:
        instance, network = self.instance, self.instance.network
        name = network.names[neuron]
        edges = network.edges_into(neuron)
        sources = network.sources[edges].tolist()
        for edge in edges:
            label = f"w[{network.edge_name(edge)}]"
            self.weights[edge] = self._parameter(int(instance.weight_domain[edge]), label)
        self.biases[neuron] = self._parameter(int(instance.bias_domain[neuron]), f"b[{name}]")
        activation = network.activations[int(network.activation[neuron])]
        negative = self.arithmetic.times(self.biases[neuron], -1)
        self.values[neuron] = []
        for point in range(len(self.inputs)):
            terms = [negative]
            for edge, source in zip(edges, sources, strict=True):
                self.deadline.check()
                label = f"p[{edge}|{point}]"
                value = self.values[source][point]
                terms.append(self.arithmetic.product(self.weights[edge], value, label))
            sums = self.arithmetic.total(terms, f"neuron '{name}'")
            value = self.arithmetic.activate(sums, activation, f"f[{name}|{point}]")
            self.values[neuron].append(value)

    def _bound_loss(self) -> None:
        """Add the constraint that the total loss is at most the bound."""
        loss = self.instance.loss
        terms = []
        for place, ((point, targets), number) in enumerate(self.groups.items()):
            self.deadline.check()
            outputs = [self.values[v][point] for v in self.instance.network.outputs.tolist()]
            if loss == "mismatch":
                cost = self._mismatch(outputs, targets, f"miss[{place}]")
                terms.append(self.arithmetic.times(cost, number))
                continue
            for column, (output, target) in enumerate(zip(outputs, targets, strict=True)):
                name = f"gap[{column}|{place}]"
                cost = self.arithmetic.distance(output, target, loss == "l2", name)
                terms.append(self.arithmetic.times(cost, number))
        total = self.arithmetic.total([*terms, self.arithmetic.number(0)], "the loss")
        bound = floor(self.instance.bound * total.scale)
        if total.low > bound:
            self.cp.add_bool_or([])
        elif total.high > bound:
            self.cp.add(total.expression <= bound)

    def _mismatch(
        self, outputs: list[Quantity], targets: tuple[Number, ...], name: str
    ) -> Quantity:
        """Return a Boolean that may be 0 only where every output has its target."""
        missed = self.cp.new_bool_var(name)
        for output, target in zip(outputs, targets, strict=True):
            wanted = target * output.scale
            if Fraction(wanted).denominator != 1 or not output.low <= wanted <= output.high:
                self.cp.add(missed == 1)
                return Quantity(missed, 0, 1)
            if not output.constant:
                self.cp.add(output.expression == int(wanted)).only_enforce_if(~missed)
        return Quantity(missed, 0, 1)
