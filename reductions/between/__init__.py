"""Bridges: reductions between source problems (theory 4.6)."""
