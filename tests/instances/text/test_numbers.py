"""Numbers as text and in arrays, also those with more digits than Python converts."""

import sys
from fractions import Fraction

import numpy as np
import pytest

from instances.errors import InputError
from instances.text.numbers import exact_array, format_number, parse_number, spell_number
from tests.helpers import objects


@pytest.mark.parametrize("text", ["1_000", " 7", "7 ", "+7", "1 /2", "1/ 2", "٣", "1/-2"])
def test_a_number_written_in_another_way_has_the_value_that_it_seems_to_have(text):
    # Python's own reading is lenient; what matters is that nothing is misread.
    plain = text.replace("_", "").replace(" ", "").replace("٣", "3")
    try:
        found = parse_number(text)
    except InputError:
        return
    numerator, _, denominator = plain.partition("/")
    assert found == Fraction(int(numerator), int(denominator or 1))


@pytest.mark.parametrize("text", ["", "/", "1/", "/2", "1/2/3", "1.5", "1e3", "nan", "0x10", "--1"])
def test_a_text_that_is_no_number_is_refused(text):
    with pytest.raises(InputError, match="is not an integer or a fraction"):
        parse_number(text)


def test_a_long_text_that_is_no_number_is_shortened_in_the_message():
    with pytest.raises(InputError, match="is not an integer or a fraction") as error:
        parse_number("9" * 10_000 + "x")
    assert len(str(error.value)) < 120


@pytest.mark.parametrize("text", ["9" * 5000, "-" + "9" * 5000, "1/" + "9" * 5000])
def test_too_many_digits_are_refused_with_the_limit(text):
    before = sys.get_int_max_str_digits()
    try:
        sys.set_int_max_str_digits(4300)
        with pytest.raises(InputError, match=r"\.\.\.' is too large: at most 4300 digits"):
            parse_number(text)
        sys.set_int_max_str_digits(6000)
        assert str(parse_number(text)) == text
    finally:
        sys.set_int_max_str_digits(before)


def test_equal_contents_have_equal_representations_whatever_they_came_from():
    for value in (0, 2**62 - 1, 2**62, -(2**62), 2**63 - 1):
        from_objects = exact_array(objects([value]), (1,))
        from_integers = exact_array(np.array([value], dtype=np.int64), (1,))
        assert from_objects.dtype == from_integers.dtype
    mixed = exact_array(objects([True, Fraction(1, 2), Fraction(4, 2)]), (3,)).tolist()
    assert [*map(repr, mixed)] == ["1", "Fraction(1, 2)", "2"]


def test_numbers_that_other_readers_may_round_are_written_as_texts():
    most = 2**53 - 1
    for value in (most, -most, 0):
        assert format_number(value) == value
    for value in (most + 1, -most - 1, Fraction(1, 2)):
        assert format_number(value) == str(value)


def test_every_number_has_a_spelling_of_its_own():
    big = 10**5000
    values = [0, -1, 7, Fraction(-1, 3), big, big + 1, -big, Fraction(1, big), Fraction(big, 3)]
    assert len({spell_number(value) for value in values}) == len(values)
    assert [spell_number(value) for value in values[:4]] == ["0", "-1", "7", "-1/3"]
    assert int(spell_number(big).removesuffix("/0x1"), 16) == big
