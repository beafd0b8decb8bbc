"""Formulas with tables against the enumeration oracle and against the plain encoding."""

import random
from collections import Counter

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from qnnhard.encoding.encode import TABLES, encode
from qnnhard.encoding.tables import compile as compile_module
from qnnhard.encoding.tables import tabulate as tabulate_module
from qnnhard.methods.enumeration import first_solution
from tests.helpers import naive_loss, random_instance
from tests.qnnhard.encoding.formulas import (
    assert_clean,
    random_fractional_instance,
    some_parameters,
)
from tests.qnnhard.encoding.tables.instances import conflicting_instance, tabular_instance


def weakened(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    """Switch parts off, so that the others have more to do."""
    if "consistency" in mode:
        monkeypatch.setattr(tabulate_module, "propagate", lambda *_: False)
    if "replacement" in mode:
        monkeypatch.setattr(tabulate_module, "without_substitutable", lambda *_: False)
    if "equality" in mode:
        monkeypatch.setattr(
            compile_module,
            "substitute_equal",
            lambda count, blocks: (blocks, np.arange(count + 1, dtype=np.int32)),
        )


MODES = ["everything", "no consistency", "no replacement", "no consistency, replacement, equality"]


def assert_right(instance: TrainingInstance, seed: int, count: Counter) -> None:
    """Tables, plain encoding and oracle agree, and every YES is accepted."""
    try:
        oracle = first_solution(instance, Deadline(1))
    except (LimitReached, Unsupported):
        count["skipped"] += 1
        return
    encoding = encode(instance, options=TABLES)
    assert_clean(encoding)
    found = some_parameters(encoding)
    assert (found is None) == (oracle is None), seed
    if found is not None:
        assert evaluate(instance, found).accepted, seed
        assert naive_loss(instance, found) <= instance.bound, seed
    else:
        assert some_parameters(encode(instance)) is None, seed
    tables = encoding.lift and encoding.lift.tables
    count["yes" if found else "no"] += 1
    if tables:
        count["tabulated"] += bool(tables.tabulated.any())
        count["decided"] += bool(tables.decided.any())
        count["border"] += bool((tables.consumed & tables.tabulated).any())
        count["constrained"] += bool(tables.constraints)
        count["one-hot"] += bool((tables.sizes > 2).any())


@pytest.mark.parametrize("count", [60, pytest.param(160, marks=pytest.mark.long)])
@pytest.mark.parametrize("mode", MODES)
def test_tables_change_no_answer(monkeypatch, mode, count):
    weakened(monkeypatch, mode)
    seen: Counter = Counter()
    for seed in range(31, 31 + count):
        r = random.Random(seed)
        make = r.choice((tabular_instance, tabular_instance, conflicting_instance, random_instance))
        assert_right(make(r), seed, seen)
    for kind in ("yes", "no", "tabulated", "decided", "border"):
        assert seen[kind] > count // 8, (kind, seen)
    for kind in ("constrained", "one-hot"):
        assert seen[kind] > count // 20, (kind, seen)


def test_fractions_are_left_to_the_plain_encoding():
    count: Counter = Counter()
    for seed in range(60):
        assert_right(random_fractional_instance(random.Random(seed)), seed, count)
    assert min(count["yes"], count["no"]) > 6


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("make", "number"),
    [(tabular_instance, 2000), (conflicting_instance, 300), (random_instance, 2000)],
)
def test_tables_change_no_answer_on_many_instances(monkeypatch, make, number, mode):
    weakened(monkeypatch, mode)
    count: Counter = Counter()
    for seed in range(10**6, 10**6 + number):
        assert_right(make(random.Random(seed)), seed, count)
    assert min(count["yes"], count["no"]) > 10
