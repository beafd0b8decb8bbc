"""Several methods on one instance: in turns in one process, or at once in several."""

from qnnhard.methods.portfolio.method import PortfolioMethod

__all__ = ["PortfolioMethod"]
