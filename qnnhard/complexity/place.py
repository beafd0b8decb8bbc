"""Where one instance lies on the map."""

from dataclasses import dataclass

from instances.deadline import Deadline
from instances.text.numbers import Number, format_number
from instances.training.instance import TrainingInstance
from instances.training.measures import measure
from qnnhard.complexity.results import Result, results
from qnnhard.methods.registry import Fit, survey
from reductions.status import SMALL

_SHOWN = (
    "d",
    "alpha",
    "omega",
    "bound",
    "points",
    "distinct_inputs",
    "depth",
    "width",
    "hidden",
    "max_in_degree",
    "max_out_degree",
)
_MOST_MISSING = 2


@dataclass(frozen=True)
class Neighbor:
    """A hardness result and the conditions of its restriction that the instance breaks."""

    result: Result
    missing: tuple[str, ...]

    @property
    def inside(self) -> bool:
        """Whether the result holds for a class of instances that contains this one."""
        return not self.missing


@dataclass(frozen=True)
class Place:
    """Parameters, which of them are small, algorithms with costs, and hardness results nearby."""

    parameters: tuple[tuple[str, Number | None], ...]
    small: tuple[str, ...]
    algorithms: tuple[Fit, ...]
    neighbors: tuple[Neighbor, ...]


def place(instance: TrainingInstance, deadline: Deadline | None = None) -> Place:
    """Return where `instance` lies; no algorithm is run on it.

    Parameters
    ----------
    deadline : Deadline or None
        For the predictions; algorithms whose prediction takes longer are said not to apply.
    """
    measured = measure(instance)
    found = tuple(
        sorted(
            (_neighbor(result, measured) for result in results() if result.status.hard),
            key=lambda neighbor: len(neighbor.missing),
        )
    )
    return Place(
        tuple((name, measured[name]) for name in _SHOWN),
        tuple(name for name in _SHOWN if (value := measured[name]) is not None and value <= SMALL),
        tuple(survey(instance, deadline or Deadline())),
        tuple(neighbor for neighbor in found if len(neighbor.missing) <= _MOST_MISSING),
    )


def _neighbor(result: Result, measured: dict[str, Number | None]) -> Neighbor:
    """Return what keeps the instance out of the class that `result` is about."""
    missing = [
        f"{claim} (here {_shown(measured.get(claim.measure))})"
        for claim in result.conditions
        if not claim.holds(measured.get(claim.measure))
    ]
    if result.quantized and measured["d"] != 2:
        missing.append(f"d == 2 (here {_shown(measured['d'])})")
    return Neighbor(result, tuple(missing))


def _shown(value: Number | None) -> str:
    return "none" if value is None else str(format_number(value))
