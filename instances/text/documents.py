"""JSON documents with a fixed set of keys, and the lines of a text file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from instances.errors import InputError
from instances.text.values import LARGEST, quote
from instances.unique_keys import require_unique_keys


def is_json(text: str) -> bool:
    """Tell whether `text` is meant as JSON: its first visible character opens a container."""
    return text.lstrip()[:1] in ("{", "[")


def split_lines(text: str) -> list[str]:
    """Return the lines of `text`, whose line ends may be of any system.

    A final line end closes the last line and opens no empty one.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def significant_lines(
    text: str, mark: str = "#", blank: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and tokens of every line that is no comment.

    Comments begin with a word that begins with `mark`. Blank lines are left out unless `blank`.
    """
    for number, line in enumerate(split_lines(text), start=1):
        tokens = line.split()
        if not tokens[0].startswith(mark) if tokens else blank:
            yield number, tokens


def decode_object(text: str, keys: Mapping[str, bool]) -> dict[str, Any]:
    """Decode a JSON object whose `keys` are known, each with whether it is required.

    Raises `InputError` for what is no such object.
    """
    try:
        content = text.encode()
        document = msgspec.json.decode(content)
    except RecursionError:
        raise InputError("JSON: nested too deeply") from None
    except UnicodeEncodeError:
        raise InputError("JSON: the text is not valid Unicode") from None
    except msgspec.DecodeError as error:
        raise InputError(f"JSON: {ascii(str(error))[1:-1]}") from None
    if not isinstance(document, dict):
        raise InputError(f"JSON: expected an object with the keys {', '.join(keys)}")
    require_unique_keys(content)
    for key in document:
        if key not in keys:
            raise InputError(f"JSON: unknown key {quote(key)}; allowed: {', '.join(keys)}")
    for key, required in keys.items():
        if required and key not in document:
            raise InputError(f"JSON: the key {quote(key)} is missing")
    return document


def read_keys(text: str) -> dict[str, Any]:
    """Return the keys and values of a JSON object; none of what is no JSON object."""
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return {}
    return document if isinstance(document, dict) else {}


def as_integer(value: object, what: str, minimum: int | None = 0) -> int:
    """Return a decoded JSON value that must be an integer, at most `LARGEST` in magnitude.

    Booleans and numbers with a fraction or an exponent are no integers.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{what} must be an integer")
    if abs(value) > LARGEST:
        raise InputError(f"{what} is too large: at most {LARGEST} is supported")
    if minimum is not None and value < minimum:
        raise InputError(f"{what} {value} must be at least {minimum}")
    return value


def as_list(value: object, what: str) -> Sequence[object]:
    """Return a decoded JSON value that must be a list."""
    if not isinstance(value, list):
        raise InputError(f"{what} must be a list")
    return value


def encode_object(document: Mapping[str, object]) -> str:
    """Return `document` as one line of JSON with a final line end."""
    return msgspec.json.encode(document).decode() + "\n"
