"""Proofs of unsatisfiability and their checkers."""
