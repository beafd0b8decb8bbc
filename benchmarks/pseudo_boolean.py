"""A d-QNNT instance as linear constraints over Boolean variables, for the peers.

The straightforward model, as a modeling tool's user would write it: order literals for
parameters and values, one product variable for every weight literal and activation literal, one
sum for every neuron and data point. Nothing is shared with the encodings of qnnhard.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from instances.training.instance import TrainingInstance

Terms = list[tuple[int, int]]
"""Pairs of coefficient and literal."""


@dataclass
class Model:
    """Variables 1 to `variables`, and constraints of three kinds.

    `implied` holds clauses; `products` triples (z, x, y) with z = x and y; `thresholds` triples
    (literal, terms, bound) with literal <-> sum of terms >= bound; `at_most` pairs (terms,
    bound) with sum of terms <= bound.
    """

    variables: int = 0
    clauses: list[list[int]] = field(default_factory=list)
    products: list[tuple[int, int, int]] = field(default_factory=list)
    thresholds: list[tuple[int, Terms, int]] = field(default_factory=list)
    at_most: list[tuple[list[int], int]] = field(default_factory=list)

    def fresh(self, count: int) -> list[int]:
        """Return new variables."""
        self.variables += count
        return list(range(self.variables - count + 1, self.variables + 1))

    def ordered(self, count: int) -> list[int]:
        """Return new variables, each of which implies the one before."""
        found = self.fresh(count)
        self.clauses += [[-above, below] for below, above in pairwise(found)]
        return found


def model(instance: TrainingInstance) -> Model:
    """Return the model of a d-QNNT instance."""
    assert instance.d is not None
    network, made = instance.network, Model()
    low, steps = instance.domains[0][0], instance.d - 1
    top = instance.domains[0][-1]
    weights = [made.ordered(steps) for _ in range(network.edges)]
    biases = {int(v): made.ordered(steps) for v in range(network.size) if not network.is_input[v]}
    products: dict[tuple[int, int], int] = {}
    mismatches = made.fresh(instance.points) if instance.bound else []
    for point in range(instance.points):
        values: dict[int, list[int]] = {}
        known = dict(zip(network.inputs.tolist(), instance.inputs[point].tolist(), strict=True))
        goal = dict(zip(network.outputs.tolist(), instance.targets[point].tolist(), strict=True))
        for neuron in _order(instance):
            terms: Terms = [(-1, literal) for literal in biases[neuron]]
            constant = -low
            for edge in network.in_edges(np.array([neuron])).tolist():
                source = int(network.sources[edge])
                if source in known:
                    constant += known[source] * low
                    terms += [(known[source], literal) for literal in weights[edge]]
                    continue
                for active in values[source]:
                    terms.append((low, active))
                    for chosen in weights[edge]:
                        key = (active, chosen)
                        if key not in products:
                            products[key] = made.fresh(1)[0]
                            made.products.append((products[key], active, chosen))
                        terms.append((1, products[key]))
            terms = [(factor, literal) for factor, literal in terms if factor]
            values[neuron] = made.ordered(top)
            for place, literal in enumerate(values[neuron], 1):
                made.thresholds.append((literal, terms, place - constant))
            if neuron in goal:
                excuse = [mismatches[point]] if mismatches else []
                made.clauses += [
                    [literal if place <= goal[neuron] else -literal, *excuse]
                    for place, literal in enumerate(values[neuron], 1)
                ]
                if goal[neuron] < 0:
                    made.clauses.append(excuse)
    if mismatches:
        made.at_most.append((mismatches, int(instance.bound)))
    return made


def _order(instance: TrainingInstance) -> Iterator[int]:
    for level in instance.network.by_level():
        for neuron in level.tolist():
            if not instance.network.is_input[neuron]:
                yield neuron
