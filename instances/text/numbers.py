"""Exact numbers: Python integers and fractions, in int64 arrays where they fit."""

import re
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.errors import InputError

Number = int | Fraction
Array = NDArray[Any]

SAFE = 1 << 62
"""Magnitudes below this may be kept in int64 arrays: sums of two of them do not overflow."""

_DIGITS = re.compile(r"-?[0-9]+(/-?[0-9]+)?")


def parse_number(value: int | str) -> Number:
    """Return the number that an integer or a text such as ``"-7"`` or ``"1/4"`` denotes.

    A fraction with denominator 1 comes back as an integer. Raises `InputError`, also for more
    digits than Python converts (`sys.set_int_max_str_digits`).
    """
    if isinstance(value, int):
        return value
    numerator, slash, denominator = value.partition("/")
    try:
        if not slash:
            return int(numerator)
        return normal(Fraction(int(numerator), int(denominator)))
    except (ValueError, ZeroDivisionError) as error:
        shown = value if len(value) <= 40 else value[:40] + "..."
        most = sys.get_int_max_str_digits()
        if most and _DIGITS.fullmatch(value) and max(len(numerator), len(denominator)) > most:
            raise InputError(f"'{shown}' is too large: at most {most} digits are read") from error
        raise InputError(f"'{shown}' is not an integer or a fraction such as 3 or -1/4") from error


def format_number(value: Number) -> int | str:
    """Return the JSON form of a number: an integer below 2^53 as it stands, otherwise a text.

    Raises `InputError` for more digits than Python converts.
    """
    if isinstance(value, int) and abs(value) < 1 << 53:
        return int(value)
    try:
        return str(value)
    except ValueError as error:
        raise InputError(f"{show_number(value)} has too many digits to be written") from error


def show_number(value: Number) -> str:
    """Return `value` for a message; of a number with too many digits only its size."""
    try:
        return str(value)
    except ValueError:
        whole = abs(value.numerator // value.denominator)
        return f"a number of about 2^{whole.bit_length()}"


def spell_number(value: Number) -> str:
    """Return `value` for a name, in hexadecimal digits where Python converts no more decimals."""
    try:
        return str(value)
    except ValueError:
        return "/".join(map(hex, value.as_integer_ratio()))


def normal(value: Number) -> Number:
    """Return `value` as an integer where it is one, also where it is given as a bool."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return int(value) if isinstance(value, bool) else value


def common_denominator(values: Iterable[Number]) -> int:
    """Return the least common denominator of `values`, 1 of none."""
    return lcm(*(value.denominator for value in values))


def exact_array(values: Any, shape: tuple[int, ...]) -> Array:
    """Return `values` as a read-only array of `shape`.

    It is int64 where all values fit, and holds Python numbers otherwise. The representation
    depends on the values alone, so equal contents compare equal.
    """
    array = np.asarray(values, dtype=None if _fits(values) else object)
    if array.dtype == object:
        flat = [normal(value) for value in array.ravel().tolist()]
        small = all(isinstance(value, int) and abs(value) < SAFE for value in flat)
        array = np.array(flat, dtype=np.int64) if small else object_array(flat)
    else:
        array = array.astype(np.int64)
    array = array.reshape(shape)
    array.flags.writeable = False
    return array


def object_array(values: Sequence[Any]) -> Array:
    """Return `values` as an array of Python objects, of which NumPy converts none."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def magnitude(array: Array) -> Number:
    """Return the largest absolute value in `array`, 0 for an empty one, as a Python number."""
    if array.size == 0:
        return 0
    if array.dtype == object:
        largest: Number = max(abs(value) for value in array.ravel().tolist())
        return largest
    return max(abs(int(array.min())), abs(int(array.max())))


def domain_of(values: Iterable[Number]) -> tuple[Number, ...]:
    """Return the distinct `values` in increasing order."""
    return tuple(sorted({normal(value) for value in values}))


def _fits(values: Any) -> bool:
    """Return whether `values` is an integer array of magnitudes below `SAFE`."""
    return isinstance(values, np.ndarray) and values.dtype.kind in "iu" and magnitude(values) < SAFE
