"""The outputs of SAT solvers."""

import random

import pytest

from instances.errors import InputError
from qnnhard.sat.output import is_maxsat, parse_output
from qnnhard.verdict import Verdict


def values(text: str, variables: int = 4) -> list[bool]:
    result = parse_output(text, variables)
    assert result.verdict is Verdict.YES
    assert result.model is not None
    return result.model.tolist()[1:]


FULL = [True, False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "s SATISFIABLE\nv 1 -2 3 -4 0\n",
        "c a comment\nc SAT solver\n\ns SATISFIABLE\nc more\nv 1 -2\nv 3\nv -4\nv 0\n",
        "v 1 -2 3 -4 0\ns SATISFIABLE\n",
        "s SATISFIABLE\r\nv 1 -2 3 -4 0\r\n",
        "s  SATISFIABLE \nv  -4   3 1 -2 0",
        "SAT\n1 -2 3 -4 0\n",
        "SATISFIABLE\n1 -2 3 -4 0\n",
        "c statistics\nSAT\n1 -2 3 -4 0",
        "s SATISFIABLE\nv 1 3 0\n",
        "s SATISFIABLE\nv 1 1 -2 3 -4 -4 0\n",
    ],
)
def test_a_model_is_read_from_every_usual_form(text):
    assert values(text) == FULL


def test_variables_that_are_left_out_are_false():
    assert values("s SATISFIABLE\nv 0\n") == [False] * 4
    assert values("SAT\n0\n") == [False] * 4
    assert values("s SATISFIABLE\nv 0\n", 0) == []


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("s UNSATISFIABLE\n", Verdict.NO),
        ("c x\ns UNSATISFIABLE\nc y\n", Verdict.NO),
        ("UNSAT\n", Verdict.NO),
        ("UNSATISFIABLE", Verdict.NO),
        ("s UNKNOWN\n", Verdict.UNKNOWN),
        ("INDET\n", Verdict.UNKNOWN),
        ("s INDETERMINATE\n", Verdict.UNKNOWN),
    ],
)
def test_other_answers_come_without_a_model(text, verdict):
    result = parse_output(text, 4)
    assert (result.verdict, result.model) == (verdict, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no status"),
        ("garbage\nmore garbage\n", "no status"),
        ("v 1 -2 3 -4 0\n", "no status"),
        ("1 -2 3 -4 0\n", "no status"),
        ("s\n", "no status"),
        ("s MAYBE\nv 1 0\n", "no status"),
        ("c s SATISFIABLE\n", "no status"),
        ("UNSATISFIABLE core extraction: off\n", "no status"),
        ("UNSAT cores: 0\n1 0\n", "no status"),
        ("s UNSATISFIABLE but not really\n", "not 's UNSATISFIABLE but"),
        ("s SAT\nv 1 0\n", "not 's SAT'"),
        ("xs SATISFIABLE\n", "no status"),
        ("s SATISFIABLE\n", "missing or cut off"),
        ("SAT\n", "missing or cut off"),
        ("s SATISFIABLE\nv 1 -2 3 -4\n", "no final 0"),
        ("s SATISFIABLE\nv 1 -2\nv 3", "no final 0"),
        ("s SATISFIABLE\nv 1 two 0\n", "'two' is not a literal"),
        ("s SATISFIABLE\nv 1 2.5 0\n", "'2.5' is not a literal"),
        ("s SATISFIABLE\nv - 0\n", "'-' is not a literal"),
        ("s SATISFIABLE\nv 1 99999999999999999999 0\n", "is not a literal"),
        ("s SATISFIABLE\nv 1 0 2 0\n", "literal 0"),
        ("s SATISFIABLE\nv 5 0\n", "literal 5 where the formula has variables 1 to 4"),
        ("s SATISFIABLE\nv -5 0\n", "literal -5 where"),
        ("s SATISFIABLE\nv 1 -1 0\n", "variable 1 has both signs"),
        ("s SATISFIABLE\nv 1\nv -2 -1 0\n", "variable 1 has both signs"),
    ],
)
def test_a_bad_output_is_refused_by_what_is_wrong(text, message):
    with pytest.raises(InputError, match="solver output: .*" + message):
        parse_output(text, 4)


@pytest.mark.parametrize("token", ["--1", "²", "-²"])
def test_a_token_that_looks_like_a_number_but_is_none_is_refused(token):
    with pytest.raises(InputError, match="is not a literal"):
        parse_output(f"s SATISFIABLE\nv 1 {token} 0\n", 4)


@pytest.mark.parametrize(
    ("text", "status", "why"),
    [
        ("s SATISFIABLE\nv 1 0\ns UNSATISFIABLE\n", None, "status lines contradict"),
        ("UNSAT\ns SATISFIABLE\nv 1 0\n", None, "status lines contradict"),
        ("s UNKNOWN\nSAT\n1 0\n", None, "status lines contradict"),
        ("s UNSATISFIABLE\n", 10, "exit status 10 contradicts the answer no"),
        ("s SATISFIABLE\nv 1 0\n", 20, "exit status 20 contradicts the answer yes"),
        ("s UNKNOWN\n", 20, "exit status 20 contradicts the answer unknown"),
    ],
)
def test_answers_that_contradict_each_other_are_none(text, status, why):
    result = parse_output(text, 4, status)
    assert (result.verdict, result.model) == (Verdict.UNKNOWN, None)
    assert why in result.contradiction


@pytest.mark.parametrize(
    ("text", "status"),
    [("s SATISFIABLE\nv 1 0\ns SATISFIABLE\n", 10), ("SAT\n1 0\n", 0), ("SAT\n1 0\n", 3)],
)
def test_what_agrees_or_says_nothing_changes_no_answer(text, status):
    assert parse_output(text, 4, status).verdict is Verdict.YES


@pytest.mark.parametrize(
    "form", ["1 -2 3 -4 0", "1 -2 3 -4", "1 3", "1010"], ids=["list", "no end", "short", "string"]
)
def test_a_maxsat_solver_prints_its_model_in_several_forms(form):
    text = f"c x\no 7\no 5\ns OPTIMUM FOUND\nv {form}\n"
    assert is_maxsat(text)
    result = parse_output(text, 4, 30)
    assert values(text) == FULL
    assert (result.cost, result.optimal) == (5, True)
    best = parse_output(f"o 5\ns SATISFIABLE\nv {form}\n", 4)
    assert (best.cost, best.optimal) == (5, False)


def test_a_string_of_digits_is_no_list_of_literals():
    assert not is_maxsat("s SATISFIABLE\nv 1010\n")
    with pytest.raises(InputError, match="no final 0"):
        parse_output("s SATISFIABLE\nv 1010\n", 4)
    for string in ("10101", "1012"):
        with pytest.raises(InputError, match="solver output"):
            parse_output(f"s OPTIMUM FOUND\nv {string}\n", 4)


def test_random_garbage_is_refused_or_read_and_nothing_else():
    r = random.Random(0)
    words = [
        "s",
        "v",
        "c",
        "SATISFIABLE",
        "SAT",
        "UNSAT",
        "0",
        "1",
        "-1",
        "-4",
        "9",
        "x",
        "\n",
        "-",
    ]
    found = set()
    for _ in range(5000):
        text = " ".join(r.choice(words) for _ in range(r.randint(0, 12)))
        try:
            found.add(parse_output(text, 4).verdict)
        except InputError:
            found.add("refused")
    assert found == {"refused", Verdict.YES, Verdict.NO, Verdict.UNKNOWN}
