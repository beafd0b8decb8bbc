"""Several methods on one instance: in turns in one process, or at once in several."""
