"""Many solutions of a training instance: all of them, or a diverse set."""
