"""Nothing from outside reaches a terminal as anything but text."""

import pytest

from instances.text.values import visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ä 数 é", "plain ä 数 é"),
        ("", ""),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\rd\x00", "a\\nb\\tc\\rd\\x00"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2066\u200f\u2028\x85\x9b", "\\u2066\\u200f\\u2028\\x85\\x9b"),
        ("\udcff\udc80.cnf", "\\xff\\x80.cnf"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_does_not_print_is_escaped(text, shown):
    assert visible(text) == shown
    assert visible(text).isprintable()
    visible(text).encode()


def test_lines_of_our_own_stay_lines():
    assert visible_lines("a\x1b\nb\u202e\n") == "a\\x1b\nb\\u202e\n"


def test_every_character_becomes_printable():
    assert all(visible(chr(code)).isprintable() for code in range(0x11000))
