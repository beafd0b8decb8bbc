"""Where data points are best added lazily, and a few of them to begin with."""

from dataclasses import replace

import numpy as np

from instances.training.instance import TrainingInstance
from qnnhard.encoding.view import view_data
from qnnhard.solvers.lazy import FIRST


def first_points(instance: TrainingInstance) -> TrainingInstance | None:
    """Return the instance with a few of its data points, or none where all at once are better.

    Few data points were measured to be 2 to 7 times faster with bound 0, two values a parameter
    and a hidden layer. With more values the search takes most of the time and profits from all
    of them, and without a hidden layer every data point is cheap.
    """
    if not 0 <= instance.bound < 1 or (instance.bound and instance.loss != "mismatch"):
        return None
    network = instance.network
    used = np.concatenate((instance.weight_domain, instance.bias_domain))
    if any(len(instance.domains[index]) > 2 for index in np.unique(used[used >= 0]).tolist()):
        return None
    hidden = ~(network.is_input | network.is_output)
    if not hidden[network.sources].any():
        return None
    points = view_data(instance).group_first
    if len(points) <= FIRST:
        return None
    chosen = np.array(points)[np.arange(FIRST) * len(points) // FIRST]
    return replace(instance, inputs=instance.inputs[chosen], targets=instance.targets[chosen])
