"""Scopes: sizes as typed, and the sources of every problem that can list them."""

from collections import Counter

import pytest

from instances.deadline import Deadline
from instances.errors import InputError
from instances.problems import scopes
from instances.problems.problem import Problem
from instances.problems.registry import PROBLEMS
from instances.problems.scopes import parse_scope, show_scope, sources_in
from instances.sources.forms import SourceForm
from tests.instances.problems.brute_force import DECIDE

LISTED = {
    "sat": {"variables": 2, "clauses": 2, "length": 3},
    "3-sat": {"variables": 2, "clauses": 2, "length": 3},
    "one-in-three": {"variables": 3, "clauses": 3, "length": 3},
    "exact-cover": {"universe": 3, "sets": 3},
    "hitting-set": {"universe": 3, "sets": 3},
    "set-cover": {"universe": 3, "sets": 3},
    "vertex-cover": {"vertices": 3, "loops": 1},
    "subset-sum": {"numbers": 3, "largest": 3},
    "partition": {"numbers": 3, "largest": 3},
    "disjoint-paths": {"vertices": 4, "pairs": 2},
    "bin-packing": {"bins": 3, "capacity": 3, "zeros": 1},
    "three-partition": {"bins": 2, "capacity": 24},
    "posslp": {"gates": 3},
}


@pytest.mark.parametrize("name", LISTED)
def test_a_number_stands_for_a_scope_of_yes_and_no(name):
    problem = PROBLEMS.get(name)
    scope = parse_scope(problem, " 3 ")
    assert scope == LISTED[name]
    assert parse_scope(problem, show_scope(scope)) == scope
    found = list(sources_in(problem, scope))
    answers = Counter()
    for label, source in found:
        assert problem.parse(problem.write(source)) == source
        answers[problem.solve(source, Deadline()) is not None] += 1
        assert DECIDE[name](source) == (problem.solve(source, Deadline()) is not None), label
    assert min(answers[True], answers[False]) > len(found) / 20
    assert len(dict(found)) == len(found)
    assert len({source for _, source in found}) == len(found)
    assert found == list(sources_in(problem, scope))
    smallest = list(sources_in(problem, parse_scope(problem, "0")))
    # A straight-line program has a gate.
    assert bool(smallest) == (name != "posslp")


def test_a_larger_scope_has_all_sources_of_a_smaller_one():
    problem = PROBLEMS.get("hitting-set")
    smaller, larger = (
        {source for _, source in sources_in(problem, {"universe": n, "sets": n})} for n in (2, 3)
    )
    assert smaller < larger


def test_names_tell_the_sizes_and_count_within_them():
    problem = PROBLEMS.get("exact-cover")
    names = [name for name, _ in sources_in(problem, {"universe": 1, "sets": 1})]
    assert names == [
        "universe=0,sets=0 #1",
        "universe=0,sets=1 #1",
        "universe=1,sets=0 #1",
        "universe=1,sets=1 #1",
        "universe=1,sets=1 #2",
    ]


def test_budgets_include_none_and_more_than_there_is_to_choose():
    budgets = {
        (source.universe, source.budget)
        for _, source in sources_in(PROBLEMS.get("hitting-set"), {"universe": 2, "sets": 1})
    }
    assert budgets == {(n, budget) for n in range(3) for budget in range(n + 2)}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("c-nnt", "3", r"^the sources of c-nnt cannot be listed: its problem has no method every"),
        ("d-nnt", "vertices=3", r"^the sources of d-nnt cannot be listed"),
        ("exact-cover", "", "'' is not of the form NAME=N; give a number, or sizes"),
        ("exact-cover", "universe", "'universe' is not of the form NAME=N"),
        ("exact-cover", "uni\nverse=x,sets=2", r"size 'uni.*verse' 'x' is not an integer"),
        ("exact-cover", "universe=2,", "'' is not of the form"),
        ("exact-cover", "universe=2", "size sets of exact-cover is missing: give a number, or u"),
        ("exact-cover", "universe=2,set=2", "has no size 'set': give a number, or universe=N,se"),
        ("exact-cover", "universe=2,universe=3", "the size 'universe' is given twice"),
        ("exact-cover", "universe=-1,sets=1", "size 'universe' -1 must be at least 0"),
        ("exact-cover", "-1", "'-1' is not of the form"),
        ("exact-cover", "1.5", "'1.5' is not of the form"),
        ("exact-cover", "9" * 5000, "too large"),
        ("exact-cover", "²", "'\\\\xb2' is not an integer|is not of the form"),
    ],
)
def test_other_scopes_are_refused_in_a_line(name, text, message):
    with pytest.raises(InputError, match=message) as refused:
        parse_scope(PROBLEMS.get(name), text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("exact-cover", "8", "exhaustive: exact-cover: 8 things that can change places"),
        ("exact-cover", "universe=7,sets=9", "exhaustive: exact-cover: more than 1,000,000"),
        ("sat", "variables=7,clauses=1,length=999", "exhaustive: sat: more than 1,000,000"),
        ("3-sat", "variables=1,clauses=1,length=4", "3-sat: length 4 is too large: at most 3"),
        ("one-in-three", "variables=1,clauses=1,length=4", "length 4 is too large"),
        ("disjoint-paths", "6", "7 vertices: at most 6; give a smaller scope"),
        pytest.param(
            "bin-packing",
            "999",
            "exhaustive: bin-packing: more than 1,000,000",
            marks=pytest.mark.long,
        ),
        ("subset-sum", "1000000000", "numbers=1000000000 is too large: at most 1000"),
        ("bin-packing", "bins=0,capacity=1001", "capacity=1001 is too large: at most 1000"),
        pytest.param(
            "subset-sum",
            "500",
            "exhaustive: subset-sum: more than 1,000,000",
            marks=pytest.mark.long,
        ),
        pytest.param(
            "posslp", "7", "exhaustive: posslp: more than 1,000,000", marks=pytest.mark.long
        ),
        ("vertex-cover", "8", "8 things that can change places: at most 7"),
    ],
)
def test_scopes_that_are_too_large_are_refused(name, text, message):
    problem = PROBLEMS.get(name)
    with pytest.raises(InputError, match=message):
        list(sources_in(problem, parse_scope(problem, text)))


class Signs(Problem[int, tuple[()]]):
    """A problem as another package would write it: one method lists its sources."""

    name = "signs"
    form = SourceForm(".sign", lambda _: False, int, str, str, lambda _: {})

    def every(self, largest, step=2):
        if largest > 50:
            return 1 // 0
        return iter(range(0, largest + 1, step))

    def random(self, random): ...

    def check(self, source, witness): ...

    def solve(self, source, deadline): ...


def test_a_problem_of_another_package_needs_one_method():
    assert parse_scope(Signs(), "4") == {"largest": 4, "step": 2}
    assert parse_scope(Signs(), "largest=4,step=3") == {"largest": 4, "step": 3}
    found = list(sources_in(Signs(), {"largest": 4, "step": 2}))
    assert found == [("signs #1", 0), ("signs #2", 2), ("signs #3", 4)]
    with pytest.raises(InputError, match="signs cannot be listed: ZeroDivisionError: integer"):
        list(sources_in(Signs(), {"largest": 60, "step": 2}))


class AnySizes(Signs):
    def every(self, **sizes):
        return iter(range(sizes["least"], sizes["most"] + 1))

    def scope(self, size):
        return {"least": 1, "most": size}


def test_a_problem_may_take_its_sizes_by_name():
    assert parse_scope(AnySizes(), "4") == {"least": 1, "most": 4}
    scope = parse_scope(AnySizes(), "most=4,least=3")
    assert [source for _, source in sources_in(AnySizes(), scope)] == [3, 4]
    with pytest.raises(InputError, match="signs has no size 'step': give a number, or least=N,mos"):
        parse_scope(AnySizes(), "step=4")


def test_a_problem_of_another_package_may_list_too_many(monkeypatch):
    monkeypatch.setattr("instances.enumeration.multisets.MOST_SOURCES", 10)
    assert len(list(sources_in(Signs(), {"largest": 18, "step": 2}))) == 10
    with pytest.raises(InputError, match="signs: more than 10 sources: give a smaller scope"):
        list(scopes.sources_in(Signs(), {"largest": 20, "step": 2}))
