"""End-to-end verification of reductions."""
