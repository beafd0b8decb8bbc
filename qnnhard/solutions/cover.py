"""As many solutions of a training instance as are asked for: all, or a diverse set of them."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from random import Random

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.solutions.changes import Changes
from qnnhard.solutions.models import Solutions

STARTS = 4
"""Among how many solutions, or more, the search for others around them is divided."""

CONFLICTS = 20_000
"""About how many conflicts the solver may meet while it looks for solutions."""

WORK = 1 << 30
"""Most edges times data points that are evaluated in all while changes are tried."""

REPEATS = 8
"""How often in a row a search may find what is known before it ends."""


@dataclass(eq=False)
class Cover:
    """Distinct solutions of an instance, in the order in which they were found.

    Parameters
    ----------
    most : int
        How many there are at most.

    Attributes
    ----------
    complete : bool
        Whether the instance has no others.
    """

    most: int
    complete: bool = False
    _found: dict[object, Parameters] = field(default_factory=dict)

    @property
    def solutions(self) -> Sequence[Parameters]:
        """The solutions."""
        return tuple(self._found.values())

    def __len__(self) -> int:
        return len(self._found)

    def add(self, solutions: Iterable[Parameters]) -> int:
        """Take in solutions while there is room; return how many were new."""
        before = len(self)
        for solution in solutions:
            if len(self) >= self.most:
                break
            key = (*solution.weights.tolist(), *solution.biases.tolist())
            self._found.setdefault(key, solution)
        return len(self) - before

    def __str__(self) -> str:
        if self.complete:
            return "the only solution" if len(self) == 1 else f"all {len(self)} solutions"
        return "1 solution" if len(self) == 1 else f"{len(self)} diverse solutions"


def cover(
    instance: TrainingInstance,
    known: Sequence[Parameters],
    most: int,
    seed: int,
    deadline: Deadline,
) -> Cover:
    """Return all solutions where there are at most `most`, else a diverse set of so many.

    Solutions are choices of all parameters, those that no output depends on included. Where
    there are more, some are found near random choices, and others by random changes of several
    parameters that the evaluator accepts together.

    Parameters
    ----------
    instance : TrainingInstance
    known : sequence of Parameters
        Solutions that are part of the result.
    most : int
        At least 1, and at least as many as are known.
    seed : int
        Determines what is found where there are more.
    deadline : Deadline
        When it passes, the result has what was found until then; so it has after `CONFLICTS`
        or `WORK`.
    """
    found, random = Cover(most), Random(seed)
    found.add(known)
    # What stops the search leaves a smaller cover, which says how many solutions it has.
    with suppress(LimitReached, Unsupported):
        solutions = Solutions(instance, CONFLICTS, deadline)
        models = list(islice(solutions.models(), most + 1)) if solutions.small else []
        if solutions.small and len(models) * solutions.choices <= most:
            found.add(chain.from_iterable(map(solutions.of, models)))
            found.complete = True
            return found
        near = solutions.near_random_choices(random) if solutions.small else ()
        evaluations = WORK // max(1, instance.network.edges * instance.points)
        repeats = 0
        for start in chain(known, near):
            start = solutions.with_random_free_choice(start, random)
            before = len(found)
            found.add([start])
            changes = Changes(instance, start, random, evaluations)
            around = (
                solutions.with_random_free_choice(solution, random)
                for solution in changes.together()
            )
            _add_around(around, found, before + most // STARTS, deadline)
            evaluations = changes.evaluations
            repeats = repeats + 1 if len(found) == before else 0
            if len(found) == most or repeats == REPEATS:
                break
        found.add(chain.from_iterable(map(solutions.of, models)))
    return found


def _add_around(around: Iterable[Parameters], found: Cover, share: int, deadline: Deadline) -> None:
    """Add solutions around one until there are `share`, or hardly any are new."""
    repeats = 0
    for solution in around:
        deadline.check()
        repeats = 0 if found.add([solution]) else repeats + 1
        if len(found) >= share or repeats >= REPEATS:
            return
