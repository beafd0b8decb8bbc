"""Where data points are best added lazily."""

import numpy as np

from instances.training.instance import TrainingInstance
from qnnhard.encoding.growing import FIRST

FEW = 24
"""Data points that often do, for predictions of cost."""


def few_suffice(instance: TrainingInstance, points: int) -> bool:
    """Return whether few of `points` distinct data points are likely to decide the instance.

    Lazily added data points were measured to be 2 to 7 times faster with bound 0, two values a
    parameter and a hidden layer. With more values the search takes most of the time and
    profits from all of them, and without a hidden layer every data point is cheap.
    """
    exact = 0 <= instance.bound < 1 and (not instance.bound or instance.loss == "mismatch")
    if not exact or points <= FIRST:
        return False
    network = instance.network
    used = np.concatenate((instance.weight_domain, instance.bias_domain))
    if any(len(instance.domains[index]) > 2 for index in np.unique(used[used >= 0]).tolist()):
        return False
    hidden = ~(network.is_input | network.is_output)
    return bool(hidden[network.sources].any())
