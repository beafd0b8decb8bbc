"""A limit on what is built in memory, so that a huge source ends in a message."""

from instances.errors import Unsupported

LARGEST = 1 << 28
"""Most neurons, edges or data entries of an instance: about 2 GB an array."""


def require_capacity(reduction: str, **counts: int) -> None:
    """Raise `Unsupported` if the instance to be built has more than `LARGEST` of anything."""
    for what, count in counts.items():
        if count > LARGEST:
            raise Unsupported(
                f"{reduction}: the instance would have {count} {what}, at most {LARGEST} fit: "
                "take a smaller source"
            )
