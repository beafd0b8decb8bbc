"""What is known of the least loss: parameters from above, refutations from below."""

import os
import pickle
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

from instances.errors import QnnhardError
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.numbers import Number, normal, show_number
from instances.training.parameters import Parameters


@dataclass(eq=False)
class Bounds:
    """The best parameters so far, and a bound that no loss is below.

    Losses come from the exact evaluator alone: the literals of a formula's losses are defined in
    one direction, so that a model may claim more than its parameters cost.

    Parameters
    ----------
    instance : TrainingInstance
    lower : number
        At first what `conceivable_loss` says.
    loss : number or None
        The loss of `parameters`.
    parameters : Parameters or None
    word : str
        On whose word nothing is below `lower`; empty where `conceivable_loss` says so.
    file : str or None
        Where to keep what is known, for a process that outlives this one.
    """

    instance: TrainingInstance
    lower: Number
    loss: Number | None = None
    parameters: Parameters | None = None
    word: str = ""
    file: str | None = None

    @property
    def closed(self) -> bool:
        """Whether the loss is known to be the least."""
        return self.loss is not None and self.loss <= self.lower

    def improve(self, parameters: Parameters) -> bool:
        """Keep parameters that have a smaller loss than all before; return whether they do."""
        loss = evaluate(self.instance, parameters).loss
        if self.loss is not None and loss >= self.loss:
            return False
        if loss < self.lower:
            raise QnnhardError(
                f"no loss was said to be below {show_number(self.lower)}, yet one is "
                f"{show_number(loss)}: this is a defect; please report the instance"
            )
        self.loss, self.parameters = loss, parameters
        self._keep()
        return True

    def refute(self, lower: Number, word: str) -> None:
        """Keep the word of a solver that no loss is below `lower`."""
        if lower <= self.lower:
            return
        if self.loss is not None and lower > self.loss:
            raise QnnhardError(
                f"{word} says that no loss is below {show_number(lower)}, yet one is "
                f"{show_number(self.loss)}: this is a defect; please report the instance"
            )
        self.lower, self.word = normal(lower), word
        self._keep()

    def _keep(self) -> None:
        """Replace the file, which is whole at any moment."""
        if self.file is not None:
            known = self.lower, self.loss, self.parameters, self.word
            Path(f"{self.file}.new").write_bytes(pickle.dumps(known, protocol=5))
            os.replace(f"{self.file}.new", self.file)

    def recall(self, file: Path) -> None:
        """Take over what another process kept in a file, if it did."""
        if file.exists():
            self.lower, self.loss, self.parameters, self.word = pickle.loads(file.read_bytes())


def conceivable_loss(instance: TrainingInstance) -> Number:
    """Return the loss that no function of the inputs avoids.

    Equal inputs have equal outputs, so that different targets cost something: for ``mismatch``
    all but the most frequent one; for ``l1`` and ``l2`` the distance to a median and to the
    mean, or to the integers beside it where outputs are integers.
    """
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    inputs, targets = instance.inputs.tolist(), instance.targets.tolist()
    for point, target in zip(inputs, targets, strict=True):
        found.setdefault(tuple(point), []).append(tuple(target))
    several = [rows for rows in found.values() if len(rows) > 1]
    if instance.loss == "mismatch":
        return sum(len(rows) - max(Counter(rows).values()) for rows in several)
    whole = all(isinstance(v, int) for domain in instance.domains for v in domain) and all(
        isinstance(value, int) for point in inputs for value in point
    )
    total: Number = 0
    for rows in several:
        for column in zip(*rows, strict=True):
            total += _spread(sorted(column), instance.loss, whole)
    return normal(total)


def _spread(values: list[Any], loss: str, whole: bool) -> Number:
    """Return the least ``l1`` or ``l2`` distance of a number to all of some numbers."""
    if loss == "l1":
        middle = values[len(values) // 2]
        distance: Number = sum(abs(value - middle) for value in values)
        return distance
    mean = Fraction(sum(values)) / len(values)
    nearest = (floor(mean), floor(mean) + 1) if whole else (mean,)
    least: Number = min(sum((value - near) ** 2 for value in values) for near in nearest)
    return least
