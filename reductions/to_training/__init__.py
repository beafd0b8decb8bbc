"""Reductions from source problems to training."""
