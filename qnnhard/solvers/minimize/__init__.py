"""The least loss of a training instance, with a statement of how optimality is known."""

from qnnhard.solvers.minimize.result import Minimum
from qnnhard.solvers.minimize.schedule import minimize

__all__ = ["Minimum", "minimize"]
