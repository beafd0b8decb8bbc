"""Formulas to solvers, and what they say."""
