"""The Steinitz order against the definition of its bound, in fractions."""

import random
from fractions import Fraction

import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached
from qnnhard.sparsify import basis, steinitz
from qnnhard.sparsify.steinitz import is_steinitz_order, steinitz_order


def is_close(vectors, order):
    """Every prefix sum is within p * norm of a point of the segment from 0 to the total."""
    if not vectors or not vectors[0]:
        return True
    p = len(vectors[0])
    reach = p * max(abs(x) for row in vectors for x in row)
    total = [sum(row[axis] for row in vectors) for axis in range(p)]
    prefix = [0] * p
    for position in order:
        prefix = [a + b for a, b in zip(prefix, vectors[position], strict=True)]
        low, high = Fraction(0), Fraction(1)
        for at, end in zip(prefix, total, strict=True):
            if end == 0:
                if abs(at) > reach:
                    return False
            else:
                first, last = sorted(Fraction(x) / Fraction(end) for x in (at - reach, at + reach))
                low, high = max(low, first), min(high, last)
        if low > high:
            return False
    return True


def random_family(r):
    p, n = r.randint(1, 6), r.randint(1, 30)
    norm = r.choice((1, 1, 2, 3, 10, 10**6, 10**30))
    kind = r.choice(("any", "any", "nonnegative", "axes", "two", "zero sum", "fractions"))
    rows = [tuple(r.randint(-norm, norm) for _ in range(p)) for _ in range(n)]
    if kind == "nonnegative":
        rows = [tuple(map(abs, row)) for row in rows]
    elif kind == "axes":
        axes = [r.randrange(p) for _ in range(n)]
        rows = [tuple(r.choice((-norm, norm)) * (i == j) for i in range(p)) for j in axes]
    elif kind == "two":
        rows = [r.choice(((norm,) * p, (-norm,) * p)) for _ in range(n)]
    elif kind == "zero sum":
        rows += [tuple(-x for x in row) for row in rows]
    elif kind == "fractions":
        rows = [tuple(Fraction(x, r.randint(1, 4)) for x in row) for row in rows]
    r.shuffle(rows)
    return rows


def check_families(seeds):
    refused = 0
    for seed in seeds:
        r = random.Random(seed)
        rows = random_family(r)
        order = steinitz_order(rows)
        assert sorted(order) == list(range(len(rows)))
        assert is_close(rows, order), rows
        assert is_steinitz_order(rows, order)
        shuffled = r.sample(range(len(rows)), len(rows))
        close = is_close(rows, shuffled)
        assert is_steinitz_order(rows, shuffled) == close
        refused += not close
    assert refused > len(seeds) // 50


def test_the_order_keeps_the_bound():
    check_families(range(300))


@pytest.mark.long
def test_the_order_keeps_the_bound_on_thousands_of_families():
    check_families(range(1000, 5000))


def test_the_exact_steps_keep_the_bound_on_their_own(monkeypatch):
    propose = basis.propose

    def exact_only(distinct, counts, exact, deadline):
        if not exact:
            raise basis.ProposalFailed
        return propose(distinct, counts, exact, deadline)

    monkeypatch.setattr(steinitz, "propose", exact_only)
    for seed in range(40):
        rows = random_family(random.Random(seed))
        assert is_close(rows, steinitz_order(rows))


def test_a_wrong_proposal_is_replaced(monkeypatch):
    propose = basis.propose
    rows = [(1,)] * 6 + [(-1,)] * 6
    asked = []

    def wrong_at_first(distinct, counts, exact, deadline):
        asked.append(exact)
        return propose(distinct, counts, exact, deadline) if exact else [0] * 6 + [1] * 6

    monkeypatch.setattr(steinitz, "propose", wrong_at_first)
    assert is_close(rows, steinitz_order(rows))
    assert asked == [False, True]


@pytest.mark.parametrize("rows", [[], [()], [(), ()], [(0, 0)], [(0,)] * 3, [(5, -7)]])
def test_degenerate_families(rows):
    assert sorted(steinitz_order(rows)) == list(range(len(rows)))


def test_no_permutation_is_no_order():
    assert not is_steinitz_order([(1,), (1,)], [0, 0])
    assert not is_steinitz_order([(1,), (1,)], [0])


def test_many_vectors_of_few_kinds():
    r = random.Random(0)
    rows = [tuple(r.randint(-1, 1) for _ in range(4)) for _ in range(2000)]
    assert is_close(rows, steinitz_order(rows))


def test_the_deadline_ends_it():
    with pytest.raises(LimitReached):
        steinitz_order([(1, 2)] * 100 + [(-2, -1)] * 100, Deadline(0))
