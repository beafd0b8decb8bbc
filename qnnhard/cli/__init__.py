"""The command line: one module a verb, loaded when it is called."""

from qnnhard.cli.entry import main

__all__ = ["main"]
