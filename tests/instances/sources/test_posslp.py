"""Straight-line programs: files, evaluation within a budget, generators."""

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness, LimitReached
from instances.sources.posslp import PosSlp
from instances.sources.straight_line import (
    StraightLineProgram,
    bit_lengths,
    last_value,
    parse_program,
)

SQUARES = "g1 = g0 + g0\n" + "".join(f"g{t + 1} = g{t} * g{t}\n" for t in range(1, 21))


def test_good_files():
    program = parse_program("# c\n\n g1=g0+g0 # two\r\n\tg2 = g1 * g1\ng3 = g0 - g2")
    assert program == StraightLineProgram(((0, "+", 0), (1, "*", 1), (0, "-", 2)))
    assert last_value(program, Deadline()) == -3
    assert (program.depth, program.products) == (1, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the program has no gate"),
        ("# c\n", "the program has no gate"),
        ("g0 = g0 + g0", "line 1: found g0 where g1 comes next"),
        ("g1 = g0 + g0\n\ng3 = g0 + g1", "line 3: found g3 where g2 comes next"),
        ("g1 = g0 + g0\ng1 = g0 + g0", "line 2: found g1 where g2 comes next"),
        ("g1 = g0 + g2\ng2 = g0 + g0", "line 1: g1 uses g2, which no line before it defines"),
        ("g1 = g1 * g0", "line 1: g1 uses g1, which"),
        ("g1 = g0 / g0", "line 1: 'g1 = g0 / g0' is no gate such as"),
        ("g1 = g0 + g0 g0", "is no gate"),
        ("g1 = 1 + g0", "is no gate"),
        ("h1 = g0 + g0", "is no gate"),
        ("g1 = g0 + g٣", "is no gate"),
        ("g" + "9" * 5000 + " = g0 + g0", "line 1: gate .* is too large"),
    ],
)
def test_errors(text, message):
    with pytest.raises(InputError, match=message) as caught:
        parse_program(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("gate", [(0, "/", 0), (1, "+", 0), (-1, "+", 0)])
def test_wrong_programs(gate):
    with pytest.raises(InputError, match="gate g1: "):
        StraightLineProgram((gate,))


def test_a_million_bits():
    program = parse_program(SQUARES)
    assert list(bit_lengths(program, Deadline()))[-1] == (1 << 20) + 1
    assert PosSlp().solve(program, Deadline(60)) == ()


def test_the_budget_stops_with_the_curve():
    program = parse_program(SQUARES)
    message = (
        r"gate g12 has 2049 bits or more, beyond the budget of 2000; bit lengths so far: "
        r".*, g10: 513, g11: 1025"
    )
    with pytest.raises(LimitReached, match=message):
        last_value(program, Deadline(), 2000)
    with pytest.raises(LimitReached, match="time limit"):
        last_value(program, Deadline(0))


def test_a_long_sum_keeps_little():
    program = StraightLineProgram(tuple((t, "+", t) for t in range(20_000)))
    assert last_value(program, Deadline()) == 1 << 20_000


def test_cancellation():
    gates = ((0, "+", 0), (1, "*", 1), (2, "-", 2), (3, "*", 2))
    for length, answer in [(2, ()), (3, None), (4, None)]:
        assert PosSlp().solve(StraightLineProgram(gates[:length]), Deadline()) == answer
    with pytest.raises(InvalidWitness, match="the last value is 0"):
        PosSlp().check(StraightLineProgram(gates), ())
    with pytest.raises(InvalidWitness, match="the last value is negative"):
        PosSlp().check(StraightLineProgram((*gates, (4, "-", 0))), ())


@pytest.mark.parametrize("planted", ["yes", "no"])
def test_generated_depth(planted):
    for seed in range(40):
        for depth in (1, 3, 9):
            values = {"size": "30", "depth": str(depth), "planted": planted}
            source = PosSlp().generate(values, seed)
            assert len(source.gates) == 30
            assert source.depth <= depth
    squaring = PosSlp().generate({"size": "7", "depth": "6", "squaring": "yes"}, 0)
    assert last_value(squaring, Deadline()) == 1 << (1 << 6)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"size": "0"}, "0 gates do not fit: give size=1 or more"),
        ({"size": "1", "planted": "yes"}, "give size=3 or more"),
        ({"size": "5", "squaring": "yes"}, "give size=7 or more"),
        ({"depth": "0", "planted": "yes"}, "needs depth=1"),
    ],
)
def test_impossible_parameters(values, message):
    with pytest.raises(InputError, match=message):
        PosSlp().generate(values, 0)


def test_the_witness_is_empty():
    source = parse_program(SQUARES)
    assert PosSlp().parse_witness(source, PosSlp().write_witness(source, ())) == ()
    with pytest.raises(InputError, match="index 0 does not exist"):
        PosSlp().parse_witness(source, '{"chosen": [0]}')
    with pytest.raises(InvalidWitness, match="not empty"):
        PosSlp().check(source, (0,))
