"""Exact algorithms on training instances that do not pass through SAT."""
