"""Changes to files: of the structure of JSON documents, of tokens and lines, and of bytes.

Everything is drawn from the `Random` that is given, so that an input is known by its seed.
"""

import json
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

NUMBERS = (
    "0", "-0", "-1", "1", "2", "007", "+1", "1.0", "0.5", "1e3", "1e999", "-1e-999", "nan", "inf",
    "NaN", "Infinity", "0x10", "1_000", "1/2", "1/0", "-3/-4", "2/1", "٣", "²",
    *(str(sign * ((1 << bits) + more)) for bits in (15, 31, 32, 53, 62, 63, 64)
      for more in (-1, 0, 1) for sign in (1, -1)),
    str(10**9), str(10**9 + 1), str(10**30), "9" * 400, "9" * 4400, "9" * 120_000,
)  # fmt: skip
WORDS = (
    "p", "cnf", "edge", "col", "dag", "e", "t", "c", "v", "s", "b", "d", "td", "tw", "%", "#", "{",
    "[", "]", "}", ":", ",", '"', "SAT", "UNSAT", "SATISFIABLE", "target", "bins", "capacity",
    "partition", "budget", "g0", "g1", "=", "+", "-", "*", "", " ", "\t", "\n\n", "\x00", "\ufeff",
    "\u2028", "\x85", "\x1b[31m", "é", "\U0001f600", "true", "null",
)  # fmt: skip
_TOKEN = re.compile(r"\s+|[{}\[\]:,=+*]|[^\s{}\[\]:,=+*]+")


@dataclass
class Members:
    """A JSON object as a list of its members, in which keys may repeat."""

    pairs: list[tuple[str, Any]]


@dataclass
class Literal:
    """A text that stands in JSON as it is."""

    text: str


def mutate(r: Random, seeds: Sequence[bytes]) -> bytes:
    """Return one of the seeds after one to four changes of one kind; rarely as it is."""
    seed = r.choice(seeds)
    kind = r.choice((_structure, _structure, _tokens, _tokens, _bytes))
    for _ in range(r.choice((0, 1, 1, 1, 1, 2, 2, 3, 4))):
        seed = kind(r, seed, seeds)
    return _wrapped(r, seed) if r.random() < 0.05 else seed


def _structure(r: Random, content: bytes, seeds: Sequence[bytes]) -> bytes:
    """Change a JSON document in one place; of other texts the tokens."""
    try:
        tree = [json.loads(content, object_pairs_hook=Members, parse_int=Literal)]
    except (ValueError, RecursionError):
        return _tokens(r, content, seeds)
    places = list(_places(tree))
    # Places are deep in long lists nearly always, and the short ones near the root tell more.
    holder, index = r.choice(places if r.random() < 0.5 else places[:12])
    inner = _get(holder, index)
    change = r.randrange(9)
    if change == 0 and holder is not tree:
        _pairs(holder).pop(index)
    elif change == 1 and holder is not tree:
        _pairs(holder).insert(r.randint(0, len(_pairs(holder))), deepcopy(_pairs(holder)[index]))
    elif change == 2 and isinstance(holder, Members):
        key = r.choice((r.choice(WORDS), r.choice(holder.pairs)[0], holder.pairs[index][0].upper()))
        holder.pairs[index] = (key, inner)
    elif change == 3:
        other_holder, other = r.choice(places)
        _put(holder, index, deepcopy(_get(other_holder, other)))
    elif change == 4 and isinstance(inner, list | Members):
        r.shuffle(_pairs(inner))
    elif change == 5:
        _put(holder, index, r.choice(([inner], Members([("a", inner)]), [inner, deepcopy(inner)])))
    else:
        _put(holder, index, _value(r))
    return _written(tree[0]).encode("utf-8", "surrogatepass")


def _places(tree: Any) -> Any:
    """Yield every list or object with every index into it, breadth first."""
    waiting = [tree]
    for holder in waiting:
        for index in range(len(_pairs(holder))):
            yield holder, index
            if isinstance(inner := _get(holder, index), list | Members):
                waiting.append(inner)


def _pairs(holder: Any) -> list[Any]:
    return holder.pairs if isinstance(holder, Members) else holder


def _get(holder: Any, index: int) -> Any:
    return holder.pairs[index][1] if isinstance(holder, Members) else holder[index]


def _put(holder: Any, index: int, value: Any) -> None:
    if isinstance(holder, Members):
        holder.pairs[index] = (holder.pairs[index][0], value)
    else:
        holder[index] = value


def _value(r: Random) -> Any:
    number, word = r.choice(NUMBERS), r.choice(WORDS)
    nested = Literal("[" * 200 + "]" * 200)
    return r.choice(
        (Literal(number), Literal(number), number, word, word * 50, [], Members([]), True, None,
         [Literal(number)] * 3, Members([(word, Literal(number))]), nested,
         Literal(r'"\u0061\ud800"'))
    )  # fmt: skip


def _written(value: Any) -> str:
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, Members):
        return "{" + ", ".join(f"{json.dumps(k)}: {_written(v)}" for k, v in value.pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return json.dumps(value)


def _tokens(r: Random, content: bytes, seeds: Sequence[bytes]) -> bytes:
    """Change a token or a line of a text."""
    text = content.decode("utf-8", "surrogateescape")
    separate = text.splitlines(keepends=True) if r.random() < 0.3 else _TOKEN.findall(text)
    parts = separate or [""]
    at, other = r.randrange(len(parts)), r.randrange(len(parts))
    change = r.randrange(8)
    if change == 0:
        del parts[at]
    elif change == 1:
        parts.insert(other, parts[at])
    elif change == 2:
        parts[at], parts[other] = parts[other], parts[at]
    elif change == 3:
        parts.insert(at, r.choice(WORDS))
    elif change == 4:
        del parts[at:]
    elif change == 5:
        parts[at] = r.choice(_TOKEN.findall(r.choice(seeds).decode("utf-8", "replace")) or [""])
    else:
        numbers = [i for i, part in enumerate(parts) if part.strip("-\n").isdigit()]
        parts[r.choice(numbers or [at])] = r.choice(NUMBERS)
    return "".join(parts).encode("utf-8", "surrogateescape")


def _bytes(r: Random, content: bytes, seeds: Sequence[bytes]) -> bytes:
    """Change bytes: flip, insert, delete, repeat, splice or cut off."""
    at, end = sorted(r.randint(0, len(content)) for _ in range(2))
    end = min(end, at + r.choice((1, 1, 2, 8, 1000)))
    other = r.choice(seeds)
    change: Callable[[], bytes] = r.choice(
        (
            lambda: content[:at] + bytes(b ^ 1 << r.randrange(8) for b in content[at:end])
            + content[end:],
            lambda: content[:at] + r.randbytes(end - at) + content[at:],
            lambda: content[:at] + content[end:],
            lambda: content[:end] + content[at:],
            lambda: content[:at] + other[r.randint(0, len(other)):],
            lambda: content[:at],
        )
    )  # fmt: skip
    return change()


def _wrapped(r: Random, content: bytes) -> bytes:
    """Return the content in another encoding, with other line ends, or between odd bytes."""
    text = content.decode("utf-8", "replace")
    return r.choice(
        (b"\xef\xbb\xbf" + content, content.replace(b"\n", b"\r\n"), content.replace(b"\n", b"\r"),
         text.encode("utf-16"), text.encode("utf-32"), b"\x00" + content, content + b"\x00" * 9,
         b"[" * 5000 + content, b'{"a":' * 5000, content * 20, b"", content + b"\x1a")
    )  # fmt: skip
