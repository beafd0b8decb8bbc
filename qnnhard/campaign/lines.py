"""The lines of a campaign's file: a header, then a line of JSON for each result."""

import json
from typing import Any, NoReturn

from instances.errors import InputError
from instances.text.values import visible
from qnnhard.campaign.task import FORMAT, VERSION, Record

SHOWN = 60
"""Most characters of a value in a message."""


def encode_line(document: dict[str, Any]) -> bytes:
    """Return a document as a line of ASCII, whatever its texts contain."""
    return (json.dumps(document, allow_nan=False) + "\n").encode("ascii")


def as_read(record: Record) -> Record:
    """Return a record as it will be when it is read from a file."""
    return json.loads(json.dumps(record, allow_nan=False))


def decode_line(line: bytes) -> dict[str, Any]:
    """Return the JSON object of a line; raise `InputError` where it is none."""
    try:
        document = json.loads(
            line.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse
        )
    except RecursionError:
        raise InputError("nested too deeply") from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text") from None
    except ValueError as error:
        raise InputError(f"not JSON ({error})") from None
    if not isinstance(document, dict):
        raise InputError("not a JSON object")
    return document


def decode_result(line: bytes) -> tuple[str, Record, str | None]:
    """Return key, record, and why it is no result, if it is none, of a line."""
    document = decode_line(line)
    if not {"key", "record"} <= document.keys() <= {"key", "record", "lost"}:
        raise InputError("expected an object with the keys key, record and, maybe, lost")
    key, lost = document["key"], document.get("lost", "")
    if not (isinstance(key, str) and isinstance(lost, str)):
        raise InputError("key and lost must be texts")
    return key, document["record"], lost if "lost" in document else None


def is_header(line: bytes) -> bool:
    """Tell whether a line is the header of some campaign."""
    try:
        return decode_line(line).get("format") == FORMAT
    except InputError:
        return False


def require_header(line: bytes, wanted: dict[str, Any]) -> None:
    """Raise `InputError` unless `line` is the header `wanted`, saying where they differ."""
    try:
        found = decode_line(line)
    except InputError:
        found = {}
    if found.get("format") != FORMAT:
        raise InputError("not the file of a campaign; give another name")
    if found.get("version") != VERSION:
        shown = _shown(found.get("version"))
        raise InputError(f"version {shown} of the format is not known, only {VERSION}")
    if found == wanted:
        return
    here, there = _flat(wanted), _flat(found)
    for name in [*here, *there]:
        if here.get(name) != there.get(name) and name != "fingerprint":
            raise InputError(
                f"belongs to another command, whose {visible(name)[:SHOWN]} is "
                f"{_shown(there.get(name))}, not {_shown(here.get(name))}; "
                "repeat that command, or give another name"
            )
    raise InputError("the fingerprint of its header is not that of its settings")


def _flat(header: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a header and its settings, under one roof."""
    settings = header.get("settings")
    inner = settings if isinstance(settings, dict) else {"settings": settings}
    return {name: value for name, value in header.items() if name != "settings"} | inner


def _shown(value: Any) -> str:
    try:
        text = visible(json.dumps(value))
    except RecursionError:
        text = "something nested too deeply"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
