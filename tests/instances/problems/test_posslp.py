"""Straight-line programs: files, evaluation within a budget, generators."""

import sys
from random import Random

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness, LimitReached
from instances.problems.posslp import PosSlp
from instances.sources import straight_line
from instances.sources.straight_line import (
    StraightLineProgram,
    bit_lengths,
    last_value,
    live_budget,
    parse_program,
)

SQUARES = "g1 = g0 + g0\n" + "".join(f"g{t + 1} = g{t} * g{t}\n" for t in range(1, 21))


@pytest.fixture(params=["int", "mpz"])
def integers(request, monkeypatch):
    """Both types of integers that programs are evaluated with."""
    kind = int if request.param == "int" else pytest.importorskip("gmpy2").mpz
    monkeypatch.setattr(straight_line, "_integer", lambda: kind)


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


def test_gmpy2_is_used_where_it_is_installed(monkeypatch):
    gmpy2 = pytest.importorskip("gmpy2")
    straight_line._integer.cache_clear()
    assert straight_line._integer() is gmpy2.mpz
    straight_line._integer.cache_clear()
    monkeypatch.setitem(sys.modules, "gmpy2", None)
    assert straight_line._integer() is int
    straight_line._integer.cache_clear()


@pytest.mark.usefixtures("integers")
def test_values_are_exact_plain_integers():
    for seed in range(300):
        program = PosSlp().random(Random(seed))
        wanted = [1]
        for i, op, j in program.gates:
            a, b = wanted[i], wanted[j]
            wanted.append({"+": a + b, "-": a - b, "*": a * b}[op])
        lengths = list(bit_lengths(program, Deadline()))
        assert lengths == [value.bit_length() for value in wanted]
        result = last_value(program, Deadline())
        assert result == wanted[-1]
        assert {type(result), *map(type, lengths)} == {int}
        assert (PosSlp().solve(program, Deadline()) == ()) == (wanted[-1] > 0)


@pytest.mark.usefixtures("integers")
def test_a_million_bits():
    program = parse_program(SQUARES)
    assert list(bit_lengths(program, Deadline()))[-1] == (1 << 20) + 1
    assert PosSlp().solve(program, Deadline(60)) == ()


@pytest.mark.usefixtures("integers")
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


@pytest.mark.usefixtures("integers")
def test_a_long_sum_keeps_little(monkeypatch):
    """The values of all gates together have 2 * 10^8 bits, those of three gates 6 * 10^4."""
    monkeypatch.setattr(straight_line, "MOST_LIVE_BITS", 60_010)
    program = StraightLineProgram(tuple((t, "+", t) for t in range(20_000)))
    assert last_value(program, Deadline()) == 1 << 20_000


@pytest.mark.usefixtures("integers")
def test_values_that_are_needed_later_fill_a_budget_of_their_own(monkeypatch):
    """2^(2^k) for k = 0, ..., 10, which are added up in the end, have 2058 bits together."""
    squares = ((0, "+", 0), *((t, "*", t) for t in range(1, 11)))
    sums = ((1, "+", 2), *((10 + t, "+", t + 1) for t in range(2, 11)))
    program = StraightLineProgram((*squares, *sums))
    monkeypatch.setattr(straight_line, "MOST_LIVE_BITS", 3100)
    assert last_value(program, Deadline()) == sum(1 << (1 << k) for k in range(11))
    monkeypatch.setattr(straight_line, "MOST_LIVE_BITS", 2000)
    message = (
        r"gate g11 and the values still needed have 2058 bits or more, beyond the 2000 that a "
        r"budget of 4194304 a value allows; bit lengths so far: .*, g9: 257, g10: 513$"
    )
    with pytest.raises(LimitReached, match=message):
        last_value(program, Deadline())


def test_the_budget_of_all_values_follows_from_that_of_one():
    assert [live_budget(bits) for bits in (1, 1 << 22, 1 << 30)] == [1 << 26, 1 << 32, 1 << 34]


def test_the_budget_can_be_set():
    program = parse_program(SQUARES)
    short = PosSlp().override(program, {"max-bits": "2000"})
    assert short == program
    for use in (lambda: PosSlp().solve(short, Deadline()), lambda: PosSlp().check(short, ())):
        with pytest.raises(LimitReached, match="beyond the budget of 2000"):
            use()
    for name, value, message in [
        ("max-bits", "0", "posslp: max-bits 0 must be at least 1"),
        ("max-bits", "many", "posslp: max-bits 'many' is not an integer"),
        ("max-bits", "9" * 20, "is too large"),
        ("budget", "2", "'budget' cannot be set; only max-bits can"),
    ]:
        with pytest.raises(InputError, match=message):
            PosSlp().override(program, {name: value})


@pytest.mark.usefixtures("integers")
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
