"""Counts of the literature and of Burnside's lemma, and comparison with sorting out by force."""

from collections import Counter
from itertools import combinations_with_replacement, permutations

import numpy as np
import pytest

from instances.enumeration.multisets import Things
from instances.enumeration.systems import all_clauses, all_sets
from instances.errors import InputError


@pytest.mark.parametrize(
    ("universe", "counts"),
    [
        (0, [1, 1, 1, 1]),
        (1, [1, 2, 3, 4]),
        (2, [1, 3, 7, 13]),
        (4, [1, 5, 22, 87, 317]),
        (5, [1, 6, 34, 190, 1053, 5624]),
    ],
)
def test_multisets_of_sets(universe, counts):
    things = all_sets(universe)
    most = len(counts) - 1
    assert things.counts(most) == counts
    assert [len(rows) for rows in things.multisets(most)] == counts


def test_square_matrices_of_bits():
    # OEIS A002724: n sets over n elements are matrices up to permuting rows and columns.
    assert [all_sets(n).counts(n)[n] for n in range(7)] == [1, 2, 7, 36, 317, 5624, 251610]


def test_sets_and_elements_may_change_roles():
    counts = [all_sets(universe).counts(6) for universe in range(7)]
    assert counts == [list(row) for row in zip(*counts, strict=True)]


@pytest.mark.parametrize(
    ("things", "most"),
    [
        (all_sets(3), 5),
        (all_sets(6), 3),
        (all_clauses(2, 3), 3),
        (all_clauses(3, 2), 3),
        (all_clauses(4, 3, positive=True), 3),
    ],
)
def test_as_many_are_listed_as_are_counted(things, most):
    assert [len(rows) for rows in things.multisets(most)] == things.counts(most)


@pytest.mark.parametrize(
    ("things", "size"), [(all_sets(3), 4), (all_clauses(2, 2), 3), (all_clauses(3, 2, True), 3)]
)
def test_every_multiset_has_one_representative_the_least(things, size):
    listed = list(map(tuple, list(things.multisets(size))[size].tolist()))
    assert listed == sorted(listed)
    group = [things.images(each) for each in permutations(range(things.points))]
    found = Counter(
        min(tuple(sorted(images[list(row)].tolist())) for images in group)
        for row in combinations_with_replacement(range(things.count), size)
    )
    assert sorted(found) == listed


def test_images_are_those_of_the_things():
    # The elements 0 and 2 change places: {0, 1} becomes {1, 2}.
    assert all_sets(3).images([2, 1, 0]).tolist() == [0, 4, 2, 6, 1, 5, 3, 7]
    # Clauses over two variables in their order: (), (x), (not x), (y), (not y).
    assert all_clauses(2, 1).images([1, 0]).tolist() == [0, 3, 4, 1, 2]


def test_what_is_too_large_is_refused_at_once():
    with pytest.raises(InputError, match=r"^8 things that can change places: at most 7"):
        next(all_sets(8).multisets(1))
    for things, most in (
        (all_sets(7), 9),
        (all_sets(0), 10**9),
        (all_sets(1), 10**6),
        (Things(0, 10**6, lambda _: np.arange(10**6)), 2),
    ):
        with pytest.raises(InputError, match=r"^more than 1,000,000 sources: give a smaller"):
            next(things.multisets(most))
    with pytest.raises(InputError, match="more than 1,000,000"):
        all_clauses(7, 10**9)
