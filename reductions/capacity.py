"""A limit on what is built in memory, so that a huge source ends in a message."""

from instances.errors import Unsupported
from instances.memory import shortage

LARGEST = 1 << 28
"""Most neurons, edges or data entries of an instance: about 2 GB an array."""

_BYTES = {"neurons": 40, "edges": 150, "points": 380, "data_entries": 30}
"""Memory that one of each takes while an instance is built and written, as measured."""


def require_capacity(reduction: str, **counts: int) -> None:
    """Raise `Unsupported` if the instance to be built is too large.

    That is one with more than `LARGEST` of anything, or more than the memory at hand holds.
    """
    for what, count in counts.items():
        if count > LARGEST:
            raise Unsupported(
                f"{reduction}: the instance would have {count} {what}, at most {LARGEST} fit: "
                "take a smaller source"
            )
    short = shortage(sum(_BYTES.get(what, 0) * count for what, count in counts.items()))
    if short:
        sizes = ", ".join(f"{count} {what}" for what, count in counts.items())
        raise Unsupported(
            f"{reduction}: the instance would have {sizes}: {short}: take a smaller source"
        )
