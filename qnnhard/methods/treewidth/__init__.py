"""Training by dynamic programming over an elimination order (theory, section 5.2)."""
