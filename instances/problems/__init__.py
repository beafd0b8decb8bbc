"""The problems, those of one subject in a module, and their registry."""
