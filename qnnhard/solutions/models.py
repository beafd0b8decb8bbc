"""Solutions one after the other from the plain encoding, of which they are the models."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.text.numbers import Number
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Encoding, encode
from qnnhard.sat.cadical import FIRST_SLICE, IN_PROCESS_LITERALS, LAST_SLICE, read_model, sliced
from qnnhard.solutions.changes import changed


class Solutions:
    """The solutions of an instance, as choices of all its parameters.

    The models of the plain encoding, restricted to the parameters' variables, are the choices
    for parameters on which outputs depend; the others may take any value of their domains.

    Parameters
    ----------
    conflicts : int
        About how many the solver may meet in all; then, too, `LimitReached` is raised.

    Raises
    ------
    Unsupported
        Where there is no encoding.
    """

    def __init__(self, instance: TrainingInstance, conflicts: int, deadline: Deadline) -> None:
        self.instance = instance
        self.deadline = deadline
        self._conflicts = conflicts
        self._encoding = encode(instance, deadline)
        self._free = _free_parameters(self._encoding)

    @property
    def small(self) -> bool:
        """Whether the solver can be asked again and again within this process."""
        return self._encoding.formula.literals <= IN_PROCESS_LITERALS

    @property
    def choices(self) -> int:
        """Number of solutions for every choice of the parameters that matter."""
        return prod(len(domain) for _, _, domain in self._free)

    def models(self) -> Iterator[NDArray[np.bool_]]:
        """Yield one model for every choice of the parameters that matter."""
        formula, count = self._encoding.formula, self._encoding.parameter_variables
        with sliced(formula, self.deadline) as (solver, run):
            while self._decided(solver, run):
                model = read_model(solver, formula)
                yield model
                if not count:
                    return
                numbers = np.arange(1, count + 1)
                solver.add_clause(np.where(model[1 : count + 1], -numbers, numbers).tolist())

    def of(self, model: NDArray[np.bool_]) -> Iterator[Parameters]:
        """Yield the solutions of a model, with every choice of what does not matter."""
        solution = decode(self._encoding, model)
        for chosen in product(*(domain for _, _, domain in self._free)):
            yield self._changed(solution, chosen)

    def near_random_choices(self, random: Random) -> Iterator[Parameters]:
        """Yield solutions without end, each near random values of the parameters.

        All literals of random values are assumed in the beginning. Where that is refuted, those
        that the solver names are given up, and an eighth of the others.
        """
        encoding = self._encoding
        formula, count = encoding.formula, encoding.parameter_variables
        with sliced(formula, self.deadline) as (solver, run):
            while True:
                model = np.zeros(formula.variables + 1, dtype=np.bool_)
                for first, steps in _parameters(encoding):
                    model[first : first + random.randint(0, steps)] = True
                assumed = [v if model[v] else -v for v in range(1, count + 1)]
                random.shuffle(assumed)
                while not self._decided(solver, run, assumed):
                    core = set(solver.get_core() or ())
                    if not core:
                        return
                    left = [literal for literal in assumed if literal not in core]
                    assumed = left[: len(left) * 7 // 8]
                yield decode(encoding, read_model(solver, formula))

    def with_random_free_choice(self, solution: Parameters, random: Random) -> Parameters:
        """Return a solution with random values of the parameters that do not matter."""
        return self._changed(solution, [random.choice(domain) for _, _, domain in self._free])

    def _decided(
        self, solver: Any, run: Callable[..., bool | None], assumed: Sequence[int] = ()
    ) -> bool:
        """Run the solver until it has an answer, and return that."""
        budget = FIRST_SLICE
        status: bool | None = None
        while status is None:
            if self._conflicts <= 0:
                raise LimitReached("limit of conflicts reached")
            before = solver.accum_stats()["conflicts"]
            status = run(budget, assumed)
            self._conflicts -= solver.accum_stats()["conflicts"] - before
            budget = min(2 * budget, LAST_SLICE)
        return status

    def _changed(self, solution: Parameters, chosen: Sequence[Number]) -> Parameters:
        places = zip(self._free, chosen, strict=True)
        return changed(solution, [(kind, place, value) for (kind, place, _), value in places])


def _parameters(encoding: Encoding) -> Iterator[tuple[int, int]]:
    """Yield the first variable of every parameter and the number of its variables."""
    instance = encoding.instance
    for start, index in (
        (encoding.weight_start, instance.weight_domain),
        (encoding.bias_start, instance.bias_domain),
    ):
        chosen = start > 0
        yield from zip(
            start[chosen].tolist(), instance.domain_steps[index[chosen]].tolist(), strict=True
        )


def _free_parameters(encoding: Encoding) -> list[tuple[int, int, tuple[Number, ...]]]:
    """Return the parameters without variables that have a choice: kind, place and domain.

    The kind is 0 for weights and 1 for biases. Inputs have no bias.
    """
    instance = encoding.instance
    found: list[tuple[int, int, tuple[Number, ...]]] = []
    for kind, (start, index) in enumerate(
        (
            (encoding.weight_start, instance.weight_domain),
            (encoding.bias_start, instance.bias_domain),
        )
    ):
        for place in np.flatnonzero((start == 0) & (index >= 0)).tolist():
            domain = instance.domains[int(index[place])]
            if len(domain) > 1:
                found.append((kind, place, domain))
    return found
