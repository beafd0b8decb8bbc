"""Training by dynamic programming over an elimination order (theory, section 5.2)."""

from qnnhard.algorithms.treewidth.estimate import Estimate, estimate
from qnnhard.algorithms.treewidth.order import order_from

__all__ = ["Estimate", "estimate", "order_from"]
