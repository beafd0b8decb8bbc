"""Training by dynamic programming over an elimination order (theory, section 5.2)."""

from qnnhard.algorithms.treewidth.estimate import Estimate, estimate

__all__ = ["Estimate", "estimate"]
