"""The reduction from discrete training to training over the reals."""
