"""The problems sat, 3-sat and one-in-three."""

from pathlib import Path

import pytest

import instances
from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness, LimitReached
from instances.problems.satisfiability import OneInThree, Sat, ThreeSat
from instances.sources.cnf import Cnf

DATA = Path(instances.__file__).parent / "data"
LONG = "p cnf 4 2\n1 0\n1 2 3 4 0\n"


@pytest.mark.parametrize(
    ("name", "answer"), [("uf20-01.cnf", True), ("uf50-01.cnf", True), ("uuf50-01.cnf", False)]
)
def test_satlib(name, answer):
    problem = ThreeSat()
    source = problem.parse((DATA / name).read_text())
    witness = problem.solve(source, Deadline(60))
    assert (witness is not None) is answer
    if witness is not None:
        problem.check(source, witness)


def test_three_sat_refuses_long_clauses():
    source = Sat().parse(LONG)
    message = "3-sat: clause 2 has 4 literals, at most 3 are allowed: use the problem sat"
    with pytest.raises(InputError, match=message):
        ThreeSat().parse(LONG)
    with pytest.raises(InputError, match=message):
        ThreeSat().solve(source, Deadline())
    with pytest.raises(InputError, match="size 4 is too large"):
        ThreeSat().generate({"size": "4"}, 0)


def test_hard_formula_runs_out_of_time():
    holes = 11
    hole = lambda pigeon, h: pigeon * holes + h + 1  # noqa: E731
    clauses = [[hole(p, h) for h in range(holes)] for p in range(holes + 1)]
    clauses += [
        [-hole(p, h), -hole(q, h)] for h in range(holes) for p in range(holes + 1) for q in range(p)
    ]
    with pytest.raises(LimitReached):
        Sat().solve(Cnf.of(holes * (holes + 1), clauses), Deadline(0.3))


def test_sat_check():
    source = Cnf.of(2, [(1, 2), (-1,), ()])
    with pytest.raises(InvalidWitness, match=r"clause 1 \(1 2\) has no true literal"):
        Sat().check(source, (False, False))
    with pytest.raises(InvalidWitness, match=r"clause 2 \(-1\)"):
        Sat().check(source, (True, False))
    with pytest.raises(InvalidWitness, match=r"clause 3 \(empty\)"):
        Sat().check(source, (False, True))
    with pytest.raises(InvalidWitness, match="1 values for 2 variables"):
        Sat().check(source, (True,))
    with pytest.raises(InvalidWitness, match="variable 2 has a value"):
        Sat().check(source, (True, 2))


def test_generated_clauses_have_the_shape_asked_for():
    source = Sat().generate({"variables": "10", "size": "5", "ratio": "2.05"}, 0)
    assert source.number_of_clauses == 20
    assert all(len({abs(x) for x in clause}) == 5 for clause in source.clauses)
    assert Sat().generate({"variables": "30"}, 0).number_of_clauses == 128
    assert Sat().generate({"variables": "0"}, 0) == Cnf.of(0, [])
    source = Sat().generate({"clauses": "7", "ratio": "1"}, 0)
    assert source.number_of_clauses == 7


def test_planted_clauses_are_uniform_among_the_satisfied():
    source = Sat().generate(
        {"variables": "2", "size": "2", "clauses": "3000", "planted": "yes"}, 11
    )
    counts = {}
    for clause in source.clauses:
        counts[tuple(sorted(clause, key=abs))] = counts.get(tuple(sorted(clause, key=abs)), 0) + 1
    assert len(counts) == 3
    assert all(900 < count < 1100 for count in counts.values())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"variables": "2"}, "a clause of 3 distinct variables needs variables=3 or more"),
        ({"size": "0"}, "size 0 must be at least 1"),
        ({"ratio": "1e3"}, "ratio '1e3' is not a decimal such as 4.26"),
        ({"ratio": "-1"}, "ratio '-1' is not a decimal"),
        ({"ratio": "9" * 50}, "is not a decimal"),
    ],
)
def test_impossible_parameters(values, message):
    with pytest.raises(InputError, match=message):
        Sat().generate(values, 0)


THREE = Cnf.of(3, [])


@pytest.mark.parametrize(
    "text",
    [
        '{"assignment": [1, -2, 3]}',
        ' {"assignment": [3, 1, -2]}\n',
        "c solver\ns SATISFIABLE\nv 1 -2\nv 3 0\n",
        "SAT\n1 -2 3 0\n",
        "-2 3\n1 0",
    ],
)
def test_assignment_files(text):
    assert Sat().parse_witness(THREE, text) == (True, False, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"assignment": [1, -2]}', "variable 3 has no value"),
        ('{"assignment": [1, -2, 2]}', "variable 2 is assigned twice"),
        ('{"assignment": [1, -2, 4]}', "literal 4 is not over the 3 variables"),
        ('{"assignment": [1, -2, 0]}', "literal 0 is not over"),
        ('{"assignment": [true, -2, 3]}', "literal must be an integer"),
        ('{"assignment": [1.0, -2, 3]}', "literal must be an integer"),
        ('{"assignment": 1}', "must be a list"),
        ('{"values": [1]}', "unknown key 'values'; allowed: assignment"),
        ("v 1 -2 3\n", "not closed by 0"),
        ("", "not closed by 0"),
        ("v 1 -2 3 0\nv 1 0\n", "line 2: '1' after the closing 0"),
        ("s UNSATISFIABLE\n", "line 1: 's UNSATISFIABLE' is no assignment"),
        ("UNSAT\n", "line 1: 'UNSAT' is no assignment"),
        ("v 1 -2 x 0\n", "line 1: literal 'x' is not an integer"),
    ],
)
def test_wrong_assignment_files(text, message):
    with pytest.raises(InputError, match=message):
        Sat().parse_witness(THREE, text)


def test_assignment_is_not_written_for_another_formula():
    with pytest.raises(InvalidWitness, match="1 values for 3 variables"):
        Sat().write_witness(THREE, (True,))


@pytest.mark.parametrize(
    ("clauses", "answer"),
    [
        ([], True),
        ([()], False),
        ([(1,)], True),
        ([(1, 1)], False),
        ([(1, 1, 1)], False),
        ([(1, 1, 2)], True),
        ([(1, 1, 2), (2, 3), (3,)], False),
        ([(1, 2), (2, 3), (1, 3)], False),
        ([(1, 2, 3)], True),
    ],
)
def test_one_in_three_counts_occurrences(clauses, answer):
    source = Cnf.of(3, clauses)
    assert (OneInThree().solve(source, Deadline()) is not None) is answer


def test_one_in_three_check():
    source = Cnf.of(2, [(1, 1, 2)])
    OneInThree().check(source, (False, True))
    with pytest.raises(InvalidWitness, match=r"clause 1 \(1 1 2\) has 2 true literals, not 1"):
        OneInThree().check(source, (True, False))
    with pytest.raises(InvalidWitness, match="has 0 true literals"):
        OneInThree().check(source, (False, False))


def test_one_in_three_refuses_other_clauses():
    with pytest.raises(InputError, match="clause 2 has the negative literal -2: use the problem"):
        OneInThree().parse("p cnf 2 2\n1 0 1 -2 0")
    with pytest.raises(InputError, match="one-in-three: clause 2 has 4 literals"):
        OneInThree().parse(LONG)
    with pytest.raises(InputError, match="needs variables=3"):
        OneInThree().generate({"variables": "2"}, 0)
    assert OneInThree().generate({"variables": "2", "clauses": "0"}, 0) == Cnf.of(2, [])
