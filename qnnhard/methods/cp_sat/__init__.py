"""Google's CP-SAT, on a model of its own."""
