"""The problems, one a module, and their registry."""
