"""Reductions from source problems to training, and what they claim; no solvers."""
