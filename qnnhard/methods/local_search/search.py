"""Tabu search over all changes of one parameter, with weights on the data points."""

import random
from typing import Any

import numpy as np

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.progress import stage
from instances.text.numbers import Array, Number
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.conceivable import conceivable_loss
from qnnhard.methods.local_search.arrange import find_layout
from qnnhard.methods.local_search.neighborhood import Neighborhood
from qnnhard.methods.local_search.targets import find_goals

PATIENCE = 500
"""Steps without a lower loss after which the search starts again."""

TENURE = (2, 7)
"""Range of the number of steps for which a parameter stays as it was set."""


class LocalSearch:
    """A search for parameters of loss within the bound, run in slices.

    The loss of a data point is the distance of the outputs' sums to the intervals in which they
    give the target, at most 1 where some data points may be missed; or, for ``l1`` and ``l2``,
    the loss itself. A step makes the change that lowers the weighted sum of these losses most;
    where none lowers it, the weights of the data points that are not met grow by their
    multiplicities. A parameter that was changed rests for a few steps.

    Parameters
    ----------
    seed : int
        Determines the search, however it is cut into slices.
    minimize : bool
        Whether to look for the least loss, whatever the bound.

    Attributes
    ----------
    steps, restarts : int
        The work done.
    best_mismatch : int
        The least loss so far: the number of mismatched data points, or ``l1`` or ``l2``.

    Raises
    ------
    Unsupported
        For numbers that are no integers or too large, and where a step would cost too much.
    """

    def __init__(self, instance: TrainingInstance, seed: int = 0, minimize: bool = False) -> None:
        view = canonical(instance).data
        self._instance = instance
        self._layout = find_layout(instance, len(view.multiplicity))
        goals = find_goals(instance, self._layout, view)
        self._goals = goals
        self._aim: Number = instance.bound
        if minimize:
            self._aim = max(goals.offset, conceivable_loss(instance))
        capped = not goals.power and (minimize or instance.bound > 0)
        self._near = Neighborhood(self._layout, goals, capped)
        self._random = random.Random(seed)
        # Every growth adds at most `_unit` to any score, so half of the type is room enough.
        self._unit = int(goals.multiplicity.sum()) * (1 if capped else goals.largest)
        self._type: Any = np.int32 if self._unit < 1 << 30 else np.int64
        self._most = int(np.iinfo(self._type).max)
        self._losses: Array = np.empty(
            (self._layout.changes, len(goals.multiplicity)), dtype=self._type
        )
        self.steps = self.restarts = 0
        self._start()
        self.best_mismatch, self._best = self._least, list(self._near.chosen)

    def resume(self, parameters: Parameters) -> None:
        """Go on from given parameters, as after a restart."""
        self._start(
            [
                int(parameters.biases[p.neuron] if p.edge is None else parameters.weights[p.edge])
                for p in self._layout.parameters
            ]
        )
        self._note()

    @property
    def best_parameters(self) -> Parameters:
        """Parameters of the least loss so far."""
        weights, biases = lowest(self._instance)
        for parameter, value in zip(self._layout.parameters, self._best, strict=True):
            if parameter.edge is None:
                biases[parameter.neuron] = value
            else:
                weights[parameter.edge] = value
        return Parameters(weights, biases)

    def run(self, deadline: Deadline, steps: int | None = None) -> Parameters | None:
        """Go on for at most `steps` steps and return parameters once the loss is low enough.

        ``None`` where time or steps are over, and at once where no change can help.
        """
        if not self._layout.changes or self._aim < self._goals.offset:
            steps = 0
        end = None if steps is None else self.steps + steps
        with stage("local search", "steps", steps) as progress:
            while self.best_mismatch > self._aim:
                if self.steps == end or deadline.remaining <= 0:
                    return None
                self._step()
                progress.done += 1
        return self.best_parameters

    def _start(self, chosen: list[int] | None = None) -> None:
        """Choose all parameters, by default at random, and forget what was learned."""
        if chosen is None:
            chosen = [self._random.choice(p.domain) for p in self._layout.parameters]
        self._near.assign(chosen)
        self._rests_until: Array = np.zeros(self._layout.changes, dtype=np.int64)
        self._reset_weights()
        self._least, self._since = self._loss(), 0

    def _reset_weights(self) -> None:
        self._weights = self._goals.multiplicity.astype(self._type)
        self._growths = 1

    def _loss(self) -> int:
        current = self._near.current
        counted = current if self._goals.power else current != 0
        return self._goals.offset + int(self._goals.multiplicity @ counted)

    def _step(self) -> None:
        self._losses[...] = self._near.losses()
        scores = np.einsum("cp,p->c", self._losses, self._weights)
        change = self._pick(scores)
        current = self._near.current
        if scores[change] >= np.einsum("p,p->", current, self._weights):
            self._grow(current != 0)
        self._near.move(change)
        self.steps += 1
        self._rest(change)
        loss = self._loss()
        self._since += 1
        if loss < self._least:
            self._least, self._since = loss, 0
        elif self._since == PATIENCE:
            self.restarts += 1
            self._start()
        self._note()

    def _note(self) -> None:
        """Keep the parameters if they have the least loss so far."""
        if self._least < self.best_mismatch:
            self.best_mismatch, self._best = self._least, list(self._near.chosen)

    def _pick(self, scores: Array) -> int:
        """Return a change of least score whose parameter does not rest, if any does not."""
        free = np.where(self._rests_until > self.steps, self._type(self._most), scores)
        least = np.minimum.reduce(free)
        if least == self._most:
            free, least = scores, np.minimum.reduce(scores)
        ties = (free == least).nonzero()[0]
        return int(self._random.choice(ties))

    def _grow(self, missed: Array) -> None:
        """Raise the weights of the data points that are not met."""
        if (self._growths + 1) * self._unit >= self._most:
            self._reset_weights()
        self._growths += 1
        self._weights[missed] += self._goals.multiplicity[missed].astype(self._type)

    def _rest(self, change: int) -> None:
        rests = self._layout.changed[change].changes
        self._rests_until[rests] = self.steps + self._random.randint(*TENURE)
