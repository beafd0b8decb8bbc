"""The parameters that a discrete instance leaves open, and their factored polynomials.

A parameter with the domain {t_1, ..., t_m}, m >= 2, becomes a real number r with the constraint

    (r - t_1)(r - t_2) ... (r - t_m) = 0,

whose real solutions are exactly the domain.
"""

from dataclasses import dataclass
from math import prod

from instances.text.numbers import Number, normal
from instances.training.instance import TrainingInstance


@dataclass(frozen=True)
class Constraint:
    """The polynomial of one open parameter, kept by its roots.

    Parameters
    ----------
    kind : str
        ``weight`` or ``bias``.
    place : int
        The edge or the neuron of the discrete instance.
    parameter : str
        The parameter's name, ``w[u,v]`` or ``b[v]``.
    roots : tuple of numbers
        The domain, in increasing order.
    """

    kind: str
    place: int
    parameter: str
    roots: tuple[Number, ...]

    def __call__(self, value: Number) -> Number:
        """Return the polynomial at `value`, exactly.

        >>> Constraint("bias", 1, "b[o]", (0, 1))(3)
        6
        """
        return normal(prod((value - root for root in self.roots), start=1))

    def __str__(self) -> str:
        """Return the factored equation, such as ``(b[o] + 1) b[o] (b[o] - 1) = 0``."""
        return " ".join(_factor(self.parameter, root) for root in self.roots) + " = 0"

    def allows(self, value: Number) -> bool:
        """Return whether `value` is a root, which is to say in the domain."""
        return self(value) == 0


def constraints(source: TrainingInstance) -> list[Constraint]:
    """Return one constraint for every parameter with two values or more.

    Weights come first, in the order of the edges, then biases in the order of the neurons.
    """
    network = source.network
    found = []
    for edge, index in enumerate(source.weight_domain.tolist()):
        domain = source.domains[index]
        if len(domain) > 1:
            found.append(Constraint("weight", edge, f"w[{network.edge_name(edge)}]", domain))
    for neuron, index in enumerate(source.bias_domain.tolist()):
        if index >= 0 and len(source.domains[index]) > 1:
            domain = source.domains[index]
            found.append(Constraint("bias", neuron, f"b[{network.names[neuron]}]", domain))
    return found


def _factor(parameter: str, root: Number) -> str:
    if root == 0:
        return parameter
    return f"({parameter} {'-' if root > 0 else '+'} {abs(root)})"
