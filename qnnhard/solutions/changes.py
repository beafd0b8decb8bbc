"""Solutions around a solution: what may be changed in it, alone and together."""

from collections.abc import Iterator
from random import Random

import numpy as np

from instances.canonical.problem import canonical
from instances.errors import Unsupported
from instances.text.numbers import SAFE, Number
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.methods.local_search.arrange import find_layout
from qnnhard.methods.local_search.neighborhood import Neighborhood
from qnnhard.methods.local_search.targets import find_goals

Change = tuple[int, int, Number]
"""A weight (0, edge, value) or a bias (1, neuron, value)."""

TRIES = 64
"""Most changes that are tried one by one where the neighborhood cannot be computed at once."""


class Changes:
    """The changes of one parameter that leave a solution a solution.

    Parameters
    ----------
    instance : TrainingInstance
    solution : Parameters
    random : random.Random
        Chooses what is tried where not everything can be.
    evaluations : int
        How often the evaluator may be asked, here and later.

    Attributes
    ----------
    evaluations : int
        How often it may still be asked.
    """

    def __init__(
        self, instance: TrainingInstance, solution: Parameters, random: Random, evaluations: int
    ) -> None:
        self.evaluations = evaluations
        self.instance = instance
        self.solution = solution
        self.random = random
        try:
            self.accepted = _at_once(instance, solution)
        except Unsupported:
            self.accepted = self._one_by_one()

    def together(self) -> Iterator[Parameters]:
        """Yield solutions that make many of the changes at the same time, while it may evaluate.

        Of a random choice of changes, at most one a parameter, half is dropped as long as all
        of them together are refused; one alone is accepted.
        """
        by_parameter: dict[tuple[int, int], list[Number]] = {}
        for kind, place, value in self.accepted:
            by_parameter.setdefault((kind, place), []).append(value)
        parameters = list(by_parameter)
        while parameters and self.evaluations > 0:
            share = self.random.random()
            chosen = [key for key in parameters if self.random.random() < share]
            chosen = chosen or [self.random.choice(parameters)]
            self.random.shuffle(chosen)
            changes = [(*key, self.random.choice(by_parameter[key])) for key in chosen]
            while changes:
                made = changed(self.solution, changes)
                if self._accepts(made):
                    yield made
                    break
                changes = changes[: len(changes) // 2]

    def _one_by_one(self) -> list[Change]:
        instance = self.instance
        every = [
            (kind, place, value)
            for kind, index, now in (
                (0, instance.weight_domain, self.solution.weights),
                (1, instance.bias_domain, self.solution.biases),
            )
            for place in np.flatnonzero(index >= 0).tolist()
            for value in instance.domains[int(index[place])]
            if value != now[place]
        ]
        tried = self.random.sample(every, min(TRIES, self.evaluations, len(every)))
        return [change for change in tried if self._accepts(changed(self.solution, [change]))]

    def _accepts(self, made: Parameters) -> bool:
        self.evaluations -= 1
        return evaluate(self.instance, made).accepted


def changed(solution: Parameters, changes: list[Change]) -> Parameters:
    """Return the solution after some changes."""
    values = [solution.weights.copy(), solution.biases.copy()]
    for kind, place, value in changes:
        if values[kind].dtype != object and not (isinstance(value, int) and abs(value) < SAFE):
            values[kind] = values[kind].astype(object)
        values[kind][place] = value
    return Parameters(*values)


def _at_once(instance: TrainingInstance, solution: Parameters) -> list[Change]:
    """Return all accepted changes of parameters that outputs depend on; raise `Unsupported`."""
    data = canonical(instance).data
    layout = find_layout(instance, len(data.multiplicity))
    goals = find_goals(instance, layout, data)
    if not layout.changes:
        return []
    near = Neighborhood(layout, goals, capped=not goals.power)
    parameters = layout.parameters
    near.assign(
        [
            int(solution.biases[p.neuron] if p.edge is None else solution.weights[p.edge])
            for p in parameters
        ]
    )
    losses = (near.losses().astype(np.int64) @ goals.multiplicity + goals.offset).tolist()
    return [
        (*((1, p.neuron) if p.edge is None else (0, p.edge)), value)
        for p in parameters
        for value, loss in zip(
            near.alternatives[p.changes].tolist(), losses[p.changes], strict=True
        )
        if loss <= instance.bound
    ]
