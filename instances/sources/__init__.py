"""Source problems: instances, files, generators, witness checks and exact solvers."""
