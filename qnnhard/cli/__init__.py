"""The command line: one module a verb, loaded when it is called."""

from qnnhard.cli.main import main

__all__ = ["main"]
