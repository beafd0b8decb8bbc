"""Numbers as text, also those with more digits than Python converts."""

from fractions import Fraction

from instances.text.numbers import spell_number


def test_every_number_has_a_spelling_of_its_own():
    big = 10**5000
    values = [0, -1, 7, Fraction(-1, 3), big, big + 1, -big, Fraction(1, big), Fraction(big, 3)]
    assert len({spell_number(value) for value in values}) == len(values)
    assert [spell_number(value) for value in values[:4]] == ["0", "-1", "7", "-1/3"]
    assert int(spell_number(big).removesuffix("/0x1"), 16) == big
