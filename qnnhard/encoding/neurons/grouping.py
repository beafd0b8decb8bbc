"""Which neurons share a template, and the profiles of neurons in an instance."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from instances.canonical.problem import Canonical
from instances.canonical.rows import distinct_columns, equal_rows, present
from qnnhard.encoding.formula.naming import point_names
from qnnhard.encoding.formula.stamper import Stamper
from qnnhard.encoding.neurons.profile import Goal, Profile


class Grouping:
    """The profiles of neurons whose predecessors have their shapes.

    Parameters
    ----------
    problem : Canonical
    stamper : Stamper
        Holds the shapes.
    exact : bool
        Whether every goal must be met.
    """

    def __init__(self, problem: Canonical, stamper: Stamper, exact: bool) -> None:
        self.instance, self.view, self.scaling = problem.instance, problem.data, problem.scaling
        network, scaling = self.instance.network, self.scaling
        self.stamper = stamper
        self.exact = exact
        self.feeds = network.out_degree > 0
        # The combinations of units, in which neurons of one template agree.
        units = np.stack((scaling.total, scaling.value, scaling.goal))
        self.unit_number = distinct_columns(units)[1]
        self.goal_row = np.full(network.size, -1, dtype=np.int64)
        self.goal_rows, self.goal_row[network.outputs] = distinct_columns(self.view.targets)
        self._scaled: dict[tuple[int, int], tuple[int, ...]] = {}

    def alike(self, neurons: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        """Yield sets of neurons that share one template, in a fixed order."""
        instance, network = self.instance, self.instance.network
        degree = network.in_degree[neurons]
        for size in present(degree):
            members = neurons[degree == size]
            edges = network.in_edge_rows(members)
            key = np.concatenate(
                (
                    instance.bias_domain[members][:, None],
                    network.activation[members][:, None],
                    self.goal_row[members][:, None],
                    self.feeds[members][:, None],
                    self.unit_number[members][:, None],
                    instance.weight_domain[edges],
                    self.stamper.shape_of[network.sources[edges]],
                ),
                axis=1,
            )
            for rows in equal_rows(key.T, len(members)):
                yield members[rows]

    def profile(self, neuron: int) -> Profile:
        """Return the profile of a neuron."""
        instance, network, stamper = self.instance, self.instance.network, self.stamper
        edges = network.edges_into(neuron)
        sources = network.sources[edges]
        total = int(self.scaling.total[neuron])
        goals = self._goals(neuron)
        units = (total // self.scaling.value[sources]).tolist()
        return Profile(
            weights=tuple(map(self._domain, instance.weight_domain[edges].tolist(), units)),
            sources=tuple(stamper.shapes[number] for number in stamper.shape_of[sources].tolist()),
            bias=self._domain(int(instance.bias_domain[neuron]), total),
            activation=network.activations[int(network.activation[neuron])],
            points=point_names(self.view.first),
            feeds=bool(self.feeds[neuron]) and not (self.exact and goals),
            goals=goals,
            loss="exact" if self.exact else instance.loss,
            groups=len(self.view.group_first),
            unit=total,
            stretch=int(self.scaling.goal[neuron] // self.scaling.value[neuron]),
        )

    def _goals(self, neuron: int) -> tuple[Goal, ...]:
        if self.goal_row[neuron] < 0:
            return ()
        row = self.goal_rows[self.goal_row[neuron]].tolist()
        unit = int(self.scaling.goal[neuron])
        return tuple(
            Goal(place, int(target * unit), group)
            for group, (place, target) in enumerate(zip(self.view.group_input, row, strict=True))
        )

    def _domain(self, index: int, unit: int) -> tuple[int, ...]:
        """Return a domain in multiples of 1 / `unit`."""
        key = index, unit
        if key not in self._scaled:
            self._scaled[key] = tuple(int(value * unit) for value in self.instance.domains[index])
        return self._scaled[key]
