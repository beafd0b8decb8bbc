"""What the linear-time algorithms over {0, 1} demand of an instance alike."""

from instances.errors import Unsupported
from instances.text.numbers import show_number
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance

BINARY = (Activation("relu_clipped", 1), Activation("step"))
"""The activations of integers that give 1 for all that is at least 1, and 0 otherwise."""


def require_zero_error(instance: TrainingInstance, who: str) -> None:
    """Raise `Unsupported`, in the name of `who`, unless the bound admits no mismatch."""
    if instance.bound >= 1:
        bound = show_number(instance.bound)
        raise Unsupported(f"{who}: the bound is {bound}, but must be below 1")


def require_bits(instance: TrainingInstance, who: str) -> None:
    """Raise `Unsupported`, in the name of `who`, unless all data are 0 or 1."""
    for name, array in (("input", instance.inputs), ("target", instance.targets)):
        if ((array != 0) & (array != 1)).any():
            raise Unsupported(f"{who}: some {name} is neither 0 nor 1")


def other_activation(who: str, neuron: str, activation: Activation) -> Unsupported:
    """Return the refusal of an activation that is not one of `BINARY`."""
    return Unsupported(
        f"{who}: {neuron} has the activation {activation}, not relu_clipped(1) or step"
    )
