"""Integers in a formula: by order literals or by bits, and the clauses that define them."""
