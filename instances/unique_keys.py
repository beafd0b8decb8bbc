"""JSON objects that give a key twice, which decoders resolve in silence by taking the last."""

import json
from collections import Counter
from typing import Any

import msgspec

from instances.errors import InputError

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_FLAT = msgspec.json.Decoder(list[dict[str, int | float | str | bool | None]])
_SHOWN = 40


def require_unique_keys(content: bytes) -> None:
    """Raise `InputError` with the place and the key where an object has one key twice.

    Parameters
    ----------
    content : bytes
        A JSON document. Nothing is said about one that is malformed.

    Notes
    -----
    Every member of an object has one colon outside of strings. So an object without the colons of
    its values has at least as many colons as different keys, and as many only if no key occurs
    twice or has a colon in it. Long lists of numbers, which have no colons, are not looked at.
    """
    waiting = [("", content)]
    try:
        while waiting:
            where, text = waiting.pop()
            text = text.lstrip(b" \t\n\r")
            if text[:1] == b"{":
                members = {key: bytes(raw) for key, raw in _OBJECT.decode(text).items()}
                inner = {key: member.count(b":") for key, member in members.items()}
                if text.count(b":") - sum(inner.values()) != len(members):
                    _refuse_repeated(text, where)
                waiting += [(f"{where}.{key}", members[key]) for key in inner if inner[key]]
            elif text[:1] == b"[" and b":" in text and not _is_flat(text):
                items = enumerate(map(bytes, _LIST.decode(text)))
                waiting += [(f"{where}[{index}]", item) for index, item in items if b":" in item]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return


def _is_flat(text: bytes) -> bool:
    """Return whether a list has objects without inner ones only, and no colon but theirs."""
    try:
        return sum(map(len, _FLAT.decode(text))) == text.count(b":")
    except msgspec.ValidationError:
        return False


def _refuse_repeated(text: bytes, where: str) -> None:
    """Raise `InputError` where the object that `text` is, inner ones apart, has a key twice."""
    keys: list[str] = []

    def keep(pairs: list[tuple[str, Any]]) -> None:
        # The outermost object is the last one to be complete.
        keys[:] = [key for key, _ in pairs]

    json.loads(text, object_pairs_hook=keep, parse_int=str, parse_float=str)
    repeated = next((key for key, count in Counter(keys).items() if count > 1), None)
    if repeated is not None:
        place = f" in {ascii(where.removeprefix('.')[:_SHOWN])[1:-1]}" if where else ""
        raise InputError(f"JSON: the key {repeated[:_SHOWN]!a} occurs twice{place}")
