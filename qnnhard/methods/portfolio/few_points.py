"""Where data points are best added lazily."""

from instances.training.instance import TrainingInstance
from qnnhard.encoding.growing import FIRST, needs_all_points

FEW = 24
"""Data points that often do, for predictions of cost."""


def few_suffice(instance: TrainingInstance, points: int) -> bool:
    """Return whether few of `points` distinct data points are likely to decide the instance.

    Lazily added data points were measured to be 2 to 7 times faster with bound 0, two values a
    parameter and a hidden layer. With more values the search takes most of the time and
    profits from all of them, and without a hidden layer every data point is cheap.
    """
    if instance.bound < 0 or not needs_all_points(instance) or points <= FIRST:
        return False
    if instance.domain_steps[instance.used_domains].max(initial=0) > 1:
        return False
    network = instance.network
    hidden = ~(network.is_input | network.is_output)
    return bool(hidden[network.sources].any())
