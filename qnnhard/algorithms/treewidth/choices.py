"""What can be done with the data of an instance: meet a target, or give an input up."""

from instances.errors import Unsupported
from instances.text.numbers import Number
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.treewidth.neuron_kinds import LARGEST


def require_loss(instance: TrainingInstance) -> None:
    """Raise `Unsupported` unless a loss within the bound counts mismatches, or is 0."""
    if instance.loss != "mismatch" and instance.bound > 0:
        raise Unsupported(f"treewidth: {instance.loss} needs the bound 0; use --backend sat")


def require_integers(instance: TrainingInstance) -> None:
    """Raise `Unsupported` unless inputs, weights and biases are integers below 2^40.

    Targets must be integers below 2^62: a square may be larger than all that it is made of, so
    what is out of reach is only known once sums have been bounded.
    """
    for index, domain in enumerate(instance.domains):
        if any(not isinstance(value, int) or abs(value) >= LARGEST for value in domain):
            raise Unsupported(
                f"treewidth: domain {index} has a value that is not an integer below 2^40; "
                "use --backend sat"
            )
    if instance.inputs.dtype == object or (
        instance.inputs.size and int(abs(instance.inputs).max()) >= LARGEST
    ):
        raise Unsupported(
            "treewidth: an input value is not an integer below 2^40; use --backend sat"
        )
    if instance.targets.dtype == object:
        raise Unsupported("treewidth: a target is not an integer below 2^62; use --backend sat")


def options(instance: TrainingInstance) -> list[list[tuple[int, int]]]:
    """Return what can be done with every distinct input, cheapest first.

    Each choice is the number of data points lost, and a data point whose target is met or -1
    where the input is given up.
    """
    seen: dict[tuple[object, ...], dict[tuple[object, ...], list[int]]] = {}
    rows = zip(instance.inputs.tolist(), instance.targets.tolist(), strict=True)
    for point, (row, target) in enumerate(rows):
        seen.setdefault(tuple(row), {}).setdefault(tuple(target), []).append(point)
    found = []
    for targets in seen.values():
        total = sum(map(len, targets.values()))
        choices = sorted((total - len(points), points[0]) for points in targets.values())
        found.append([*choices, (total, -1)])
    return found


def selections(choices: list[list[tuple[int, int]]], bound: Number, enough: int) -> int:
    """Return how many ways there are to choose for every input, at a cost within `bound`.

    Parameters
    ----------
    choices : list of list of (int, int)
        What `options` returned.
    bound : number
    enough : int
        The count ends above it, and is then too low.
    """
    spare = bound - sum(found[0][0] for found in choices)
    ways = {0: 1} if spare >= 0 else {}
    for found in choices:
        more: dict[int, int] = {}
        for spent, count in ways.items():
            for cost, _ in found:
                total = spent + cost - found[0][0]
                if total <= spare:
                    more[total] = more.get(total, 0) + count
        ways = more
        if sum(ways.values()) > enough:
            break
    return sum(ways.values())
