"""Training instances to CNF, and models back to parameters."""
