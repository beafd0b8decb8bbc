"""A workbench for the hardness of training quantized neural networks."""

from typing import Any

__version__ = "0.1.0"

_API = ("load_source", "read_instance", "solve", "verify")


def __getattr__(name: str) -> Any:
    """Load the Python interface on first use, so that the command line starts quickly."""
    if name in _API:
        from qnnhard import api

        return getattr(api, name)
    raise AttributeError(f"module 'qnnhard' has no attribute '{name}'")
