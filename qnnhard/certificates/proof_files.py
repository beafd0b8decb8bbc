"""Reading DRAT proofs that other programs wrote, as text or in the binary form."""

from collections.abc import Iterator

from instances.errors import InputError
from instances.files import read_bytes

_LONGEST = 5
"""Bytes of a literal at most: seven bits each, for variables below 2^31."""


def read_proof(path: str) -> list[str]:
    """Return the steps of a DRAT proof as lines of text.

    Raises
    ------
    InputError
        Where the file cannot be read, or is neither text nor the binary form.
    """
    content = read_bytes(path)
    try:
        # Every step of the binary form ends in a byte 0, which text never has.
        return list(_steps(content)) if b"\0" in content else content.decode("ascii").splitlines()
    except ValueError as error:
        raise InputError(f"{path}: no DRAT proof ({error})") from error


def _steps(content: bytes) -> Iterator[str]:
    """Yield the steps of a proof in the binary form; raise `ValueError` where it is broken."""
    place = 0
    while place < len(content):
        kind = {ord("a"): "", ord("d"): "d "}.get(content[place])
        if kind is None:
            raise ValueError(f"byte {place} begins no step")
        literals = []
        number, place = _number(content, place + 1)
        while number:
            literals.append(-(number >> 1) if number & 1 else number >> 1)
            number, place = _number(content, place)
        if 0 in literals:
            raise ValueError(f"the step that ends at byte {place} has a literal -0")
        yield kind + " ".join(map(str, [*literals, 0]))


def _number(content: bytes, place: int) -> tuple[int, int]:
    """Return the number at `place`, seven bits a byte from the lowest on, and where it ends."""
    number = 0
    for shift, byte in enumerate(content[place : place + _LONGEST]):
        number |= (byte & 127) << 7 * shift
        if byte < 128:
            return number, place + shift + 1
    raise ValueError(f"the number at byte {place} has no end")
