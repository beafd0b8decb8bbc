"""The loss of all data points, and its bound."""
