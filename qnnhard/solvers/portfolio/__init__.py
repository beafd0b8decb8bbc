"""Several methods on one instance: in turns in one process, or at once in several."""

from qnnhard.solvers.portfolio.backend import PortfolioBackend

__all__ = ["PortfolioBackend"]
