"""Which backends apply to an instance, and at what cost."""

from collections.abc import Iterator
from dataclasses import dataclass

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.methods.method import Prediction, prediction
from qnnhard.methods.registry import available


@dataclass(frozen=True)
class Fit:
    """Whether a backend applies; `cost` is its prediction, or the reason why it does not."""

    backend: str
    applies: bool
    cost: str


def survey(instance: TrainingInstance, deadline: Deadline) -> Iterator[Fit]:
    """Yield what every installed backend says of `instance`, without solving it."""
    for name, kind in available().items():
        found = prediction(kind(), instance, deadline)
        if isinstance(found, Prediction):
            yield Fit(name, True, found.cost)
        else:
            yield Fit(name, False, found)
