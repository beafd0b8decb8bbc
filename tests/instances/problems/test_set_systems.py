"""Set systems and the problems exact-cover, hitting-set and set-cover."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.problems.sets import ExactCover, HittingSet, SetCover
from instances.sources.set_system import SetSystem, parse_set_system, write_json

systems = st.integers(0, 6).flatmap(
    lambda n: st.builds(
        SetSystem.of,
        st.just(n),
        st.lists(st.sets(st.integers(0, n - 1) if n else st.nothing()), max_size=6),
        st.none() | st.integers(0, 9),
    )
)


def plain_text(system):
    header = [system.universe, len(system.sets)]
    if system.budget is not None:
        header.append(system.budget)
    return "".join(" ".join(map(str, line)) + "\n" for line in [header, *system.sets])


@given(systems)
def test_round_trips(system):
    assert parse_set_system(write_json(system)) == system
    assert parse_set_system(plain_text(system)) == system


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ('{"universe": 5, "sets": [[1, 0], []], "budget": 2}', SetSystem(5, ((0, 1), ()), 2)),
        ('{"universe": 0, "sets": []}', SetSystem(0, ())),
        ("# c\n\n5 3 2\n1 0\n# c\n\n 4 2\n\n\n", SetSystem(5, ((0, 1), (), (2, 4)), 2)),
        ("5 2\r\n1\r\n\r\n", SetSystem(5, ((1,), ()))),
        ("0 0", SetSystem(0, ())),
        ("0 1\n\n", SetSystem(0, ((),))),
    ],
)
def test_good_files(text, system):
    assert parse_set_system(text) == system


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: expected a first line 'universe sets"),
        ("3\n", "line 1: expected a first line"),
        ("3 2 1 0\n", "line 1: expected a first line"),
        ("x 2\n", "line 1: universe 'x' is not an integer"),
        ("3 -2\n", "line 1: number of sets -2 must be at least 0"),
        ("3 2 -1\n", "line 1: budget -1 must be at least 0"),
        ("3 2\n0\n", "line 1: 2 sets are announced, the file has 1"),
        ("3 1\n0\n1\n", "line 3: a set beyond the 1 that line 1 announces"),
        ("3 1\n0 3\n", "line 2: element 3 is outside the universe of 3"),
        ("3 1\n0 -1\n", "line 2: element -1 is outside"),
        ("3 1\n0 1 0\n", "line 2: element 0 is repeated within the set"),
        ("3 1\n0 a\n", "line 2: element 'a' is not an integer"),
        ('{"universe": 3}', "the key 'sets' is missing"),
        ('{"universe": 3, "sets": [], "k": 1}', "unknown key 'k'; allowed: universe, sets, budget"),
        ('{"universe": -3, "sets": []}', "universe -3 must be at least 0"),
        ('{"universe": 3.0, "sets": []}', "universe must be an integer"),
        ('{"universe": 10000000000, "sets": []}', "universe is too large"),
        ('{"universe": 3, "sets": {}}', "sets must be a list"),
        ('{"universe": 3, "sets": [1]}', "set 0 must be a list"),
        ('{"universe": 3, "sets": [[], [true]]}', "set 1: element must be an integer"),
        ('{"universe": 3, "sets": [[3]]}', "set 0: element 3 is outside the universe of 3"),
        ('{"universe": 3, "sets": [[1, 1]]}', "set 0: element 1 is repeated"),
        ('{"universe": 3, "sets": [], "budget": -1}', "budget -1 must be at least 0"),
        ('{"universe": 3, "sets": [], "budget": null}', "budget must be an integer"),
        ('{"universe": 3, "sets": []', "JSON: "),
        ("[1]", "JSON: expected an object with the keys universe, sets, budget"),
    ],
)
def test_errors(text, message):
    with pytest.raises(InputError, match=message) as caught:
        parse_set_system(text)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "arguments",
    [(-1, ()), (3, ((1, 0),)), (3, ((1, 1),)), (3, ((3,),)), (3, ((-1,),)), (3, (), -1)],
)
def test_wrong_systems(arguments):
    with pytest.raises(InputError):
        SetSystem(*arguments)


def test_exact_cover_has_no_budget():
    text = '{"universe": 1, "sets": [[0]], "budget": 1}'
    with pytest.raises(InputError, match="exact-cover has no budget: remove budget 1"):
        ExactCover().parse(text)
    with pytest.raises(InputError, match="budget cannot be set"):
        ExactCover().override(SetSystem(1, ((0,),)), {"budget": "2"})


@pytest.mark.parametrize("problem", [HittingSet(), SetCover()])
def test_budget_may_come_later(problem):
    source = problem.parse("1 1\n0\n")
    message = f"{problem.name} needs a budget: give it in the file or as --set budget=N"
    for use in (
        lambda: problem.solve(source, Deadline()),
        lambda: problem.check(source, (0,)),
        lambda: problem.write_witness(source, (0,)),
    ):
        with pytest.raises(InputError, match=message):
            use()
    assert problem.override(source, {"budget": "0"}).budget == 0
    assert problem.solve(problem.override(source, {"budget": "0"}), Deadline()) is None
    assert problem.solve(problem.override(source, {"budget": "1"}), Deadline()) == (0,)
    for wrong in ("-1", "x", ""):
        with pytest.raises(InputError, match="budget"):
            problem.override(source, {"budget": wrong})


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (SetSystem(0, ()), ()),
        (SetSystem(1, ()), None),
        (SetSystem(1, ((), (0,))), (1,)),
        (SetSystem(2, ((0, 1), (1,))), (0,)),
        (SetSystem(2, ((0,),)), None),
        (SetSystem(10**9, ((0,),)), None),
    ],
)
def test_degenerate_exact_covers(source, answer):
    found = ExactCover().solve(source, Deadline())
    assert (None if found is None else tuple(i for i in found if source.sets[i])) == answer


def test_exact_cover_with_many_equal_sets():
    source = SetSystem.of(12, [[element] for element in range(12) for _ in range(9)])
    witness = ExactCover().solve(source, Deadline())
    ExactCover().check(source, witness)
    assert len(witness) == 12


def test_exact_cover_check():
    source = SetSystem(3, ((0, 1), (1, 2), (2,), ()))
    ExactCover().check(source, (0, 2))
    ExactCover().check(source, (0, 2, 3))
    for witness, message in [
        ((0, 1), "element 1 is in the sets 0 and 1"),
        ((0,), "element 2 is in no chosen set"),
        ((2, 0), "in increasing order"),
        ((0, 2, 2), "named once"),
        ((0, 4), "set 4 does not exist: there are 4"),
        ((-1,), "set -1 does not exist"),
        ((True,), "True is not an integer"),
    ]:
        with pytest.raises(InvalidWitness, match=message):
            ExactCover().check(source, witness)


def test_hitting_set_check():
    source = SetSystem(3, ((0, 1), (2,)), 2)
    HittingSet().check(source, (1, 2))
    with pytest.raises(InvalidWitness, match="set 1 contains no chosen element"):
        HittingSet().check(source, (0, 1))
    with pytest.raises(InvalidWitness, match="3 chosen exceed the budget of 2"):
        HittingSet().check(source, (0, 1, 2))


def test_set_cover_check():
    source = SetSystem(3, ((0, 1), (2,), (0,)), 2)
    SetCover().check(source, (0, 1))
    with pytest.raises(InvalidWitness, match="element 2 is in no chosen set"):
        SetCover().check(source, (0, 2))
    with pytest.raises(InvalidWitness, match="3 chosen exceed the budget of 2"):
        SetCover().check(source, (0, 1, 2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"sets": [0, 0]}', "sets: index 0 is listed twice"),
        ('{"sets": [-1]}', "index -1 must be at least 0"),
        ('{"sets": [9]}', "index 9 does not exist: there are 2"),
        ('{"sets": [true]}', "index must be an integer"),
        ('{"elements": [0]}', "unknown key 'elements'; allowed: sets"),
        ("0 1", "JSON: "),
    ],
)
def test_wrong_witness_files(text, message):
    with pytest.raises(InputError, match=message):
        SetCover().parse_witness(SetSystem(1, ((0,), (0,)), 1), text)


def test_witness_files_are_sorted():
    source = SetSystem(2, ((0,), (1,)), 1)
    assert SetCover().parse_witness(source, '{"sets": [1, 0]}') == (0, 1)
    assert HittingSet().parse_witness(source, '{"elements": [1]}') == (1,)


def test_generated_sets_have_the_size_asked_for():
    for problem in (ExactCover(), HittingSet(), SetCover()):
        source = problem.generate({"universe": "20", "sets": "9", "size": "7"}, 0)
        assert source.universe == 20
        assert [len(members) for members in source.sets] == [7] * 9
    planted = {"universe": "20", "sets": "9", "size": "7", "planted": "yes"}
    for seed in range(30):
        for problem in (HittingSet(), SetCover()):
            source = problem.generate({**planted, "budget": "3"}, seed)
            assert [len(members) for members in source.sets] == [7] * 9
            assert problem.solve(source, Deadline()) is not None
        assert max(map(len, ExactCover().generate(planted, seed).sets)) == 7


@pytest.mark.parametrize(
    ("problem", "values", "message"),
    [
        (ExactCover(), {"universe": "2"}, "needs universe=3 or more, or a smaller size"),
        (ExactCover(), {"sets": "3", "planted": "yes"}, "need sets=4 or more"),
        (HittingSet(), {"size": "11"}, "needs universe=11 or more"),
        (HittingSet(), {"budget": "0", "planted": "yes"}, "need a budget of 1 or more"),
        (HittingSet(), {"budget": ""}, "budget '' is not an integer"),
        (SetCover(), {"size": "13"}, "needs universe=13"),
        (SetCover(), {"budget": "2", "planted": "yes"}, "2 sets of 4 cannot cover 12 elements"),
        (SetCover(), {"sets": "2", "planted": "yes"}, "2 sets of 4 cannot cover 12 elements"),
    ],
)
def test_impossible_parameters(problem, values, message):
    with pytest.raises(InputError, match=message):
        problem.generate(values, 0)


def test_degenerate_generation():
    for problem in (ExactCover(), HittingSet(), SetCover()):
        for planted in ("yes", "no"):
            source = problem.generate({"universe": "0", "sets": "0", "planted": planted}, 0)
            assert problem.solve(source, Deadline()) == ()


def test_membership_lists():
    system = SetSystem(4, ((0, 2), (2,), ()))
    assert system.memberships() == {0: (0,), 2: (0, 1)}


def test_hundreds_of_sets_are_solved():
    random = Random(0)
    values = {"universe": "300", "sets": "400", "size": "6", "planted": "yes"}
    ExactCover().check(s := ExactCover().generate(values, 1), ExactCover().solve(s, Deadline(20)))
    source = SetSystem.of(60, [random.sample(range(60), 12) for _ in range(200)], 60)
    HittingSet().check(source, HittingSet().solve(source, Deadline(20)))
