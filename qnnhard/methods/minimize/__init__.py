"""The least loss of a training instance by SAT, with a statement of how optimality is known."""
