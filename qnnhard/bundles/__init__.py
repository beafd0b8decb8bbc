"""Bundles: answers in one file with all that is needed to check them again."""
