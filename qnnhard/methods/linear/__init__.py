"""Linear-time algorithms over {0, 1} for bound 0, whose refutations are checked."""
