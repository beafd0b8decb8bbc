"""Methods: a training instance to an answer that says how it is known."""
