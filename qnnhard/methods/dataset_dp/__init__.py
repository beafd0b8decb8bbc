"""Two-layer training for a fixed dataset size, in pseudo-polynomial time."""
