"""Faults planted in the tables: comparisons of answers or of predictions must catch every one."""

import random
from collections.abc import Callable

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import InvalidWitness, LimitReached, Unsupported
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from qnnhard.methods.enumeration import first_solution
from qnnhard.methods.treewidth import row_tables
from qnnhard.methods.treewidth.algebra import Step
from qnnhard.methods.treewidth.method import TreewidthMethod
from qnnhard.methods.treewidth.partial_sums import Sums, SumState
from qnnhard.methods.treewidth.pruning import Pruning
from qnnhard.methods.treewidth.reduced import Reduced, reduce
from qnnhard.methods.treewidth.row_tables import RowTables
from qnnhard.methods.treewidth.size_tables import SizeTable, SizeTables, SumColumn
from qnnhard.methods.treewidth.store import DEFAULT_MEMORY, Store
from qnnhard.methods.treewidth.sweep import Sweep
from tests.qnnhard.methods.treewidth.low_treewidth import low_treewidth

Plant = Callable[[pytest.MonkeyPatch], None]


class Disagreement(Exception):
    """A comparison failed."""


def known_answers() -> list[tuple[TrainingInstance, bool]]:
    found = []
    for seed in range(100):
        instance = low_treewidth(random.Random(seed))
        try:
            found.append((instance, first_solution(instance, Deadline(2)) is not None))
        except (Unsupported, LimitReached):
            continue
    return found


KNOWN: list[tuple[TrainingInstance, bool]] = []


@pytest.fixture(scope="module", autouse=True)
def _known() -> None:
    KNOWN[:] = known_answers()


def compare_answers() -> None:
    """Compare answers with the enumeration's, and evaluate all parameters."""
    for instance, solvable in KNOWN:
        parameters = TreewidthMethod().search(instance, Deadline(), {}).parameters
        if (parameters is not None) != solvable:
            raise Disagreement("another answer than brute force")
        try:
            if parameters is not None and not evaluate(instance, parameters).accepted:
                raise Disagreement("parameters that are no solution")
        except InvalidWitness as error:
            raise Disagreement("parameters outside their domains") from error


def compare_predictions() -> None:
    """Sweep over rows and over sizes, and compare every table of one with that of the other."""
    compared = 0
    for instance, _ in KNOWN:
        if instance.bound or not instance.points:
            continue
        _, first = np.unique(instance.inputs, axis=0, return_index=True)
        reduced = reduce(instance, instance.inputs[first], instance.targets[first], Deadline())
        if reduced is not None:
            compared += _compare_tables(reduced)
    assert compared > 100


def _compare_tables(reduced: Reduced) -> int:
    order = range(len(reduced.neurons))
    store = Store(np.dtype(np.int64), Deadline(), DEFAULT_MEMORY)
    rows, sizes = RowTables(reduced.points, reduced.states, store), SizeTables(reduced)
    # Sizes are joined as they come: so are rows here.
    rows.rank = lambda _: 0  # type: ignore[method-assign]
    sweeps = [Sweep(reduced, order, tables, Deadline()) for tables in (rows, sizes)]
    for sweep in sweeps:
        sweep.run()
    compared = 0
    for made, predicted in zip(*(sweep.trail._steps for sweep in sweeps), strict=False):
        if made is None or predicted is None or made.table < 0:
            if (made is None) != (predicted is None):
                raise Disagreement("other steps")
            continue
        table, size = store.tables[made.table], sizes.tables[predicted.table]
        states = [None if column is None else column[0] for column in table.columns]
        others = [c.state.number if isinstance(c, SumColumn) else None for c in size.columns]
        if states != others:
            raise Disagreement("other columns than predicted")
        if table.rows > 2**size.bits + 1e-6:
            raise Disagreement("more rows than predicted")
        compared += 1
    return compared


def clamp_off_by_one(patch: pytest.MonkeyPatch) -> None:
    honest = SumState.__init__

    def wrong(self: SumState, *arguments: object) -> None:
        honest(self, *arguments)  # type: ignore[arg-type]
        self.high = np.maximum(self.high - 1, self.low)

    patch.setattr(SumState, "__init__", wrong)


def join_that_ignores_columns(patch: pytest.MonkeyPatch) -> None:
    """Rows meet that agree on one behaviour only, at one data point."""
    honest = row_tables._matches
    patch.setattr(row_tables, "_matches", lambda one, two: honest(one[:1], two[:1]))


def projection_of_another_column(patch: pytest.MonkeyPatch) -> None:
    honest = Pruning.kept_rows

    def wrong(self: Pruning, count: int, gone: list[int]) -> np.ndarray | None:
        return honest(self, count, [count - 1 - place for place in gone])

    patch.setattr(Pruning, "kept_rows", wrong)


def trail_that_takes_other_rows(patch: pytest.MonkeyPatch) -> None:
    honest = Step.choices

    def wrong(self: Step, row: int) -> tuple[int, ...]:
        return honest(self, len(self.back) - 1 - row)

    patch.setattr(Step, "choices", wrong)


def trail_that_takes_the_first_constants(patch: pytest.MonkeyPatch) -> None:
    honest = Sums.weights
    patch.setattr(Sums, "weights", lambda self, number: honest(self, 0))


def pruning_of_too_much(patch: pytest.MonkeyPatch) -> None:
    honest = Pruning.undominated

    def wrong(self: Pruning, columns: object, data: np.ndarray) -> np.ndarray | None:
        kept = honest(self, columns, data)  # type: ignore[arg-type]
        return kept if kept is None else kept[:1]

    patch.setattr(Pruning, "undominated", wrong)


def sizes_that_grow_too_little(patch: pytest.MonkeyPatch) -> None:
    honest = SizeTable.settled
    patch.setattr(SizeTable, "settled", lambda self, grown: honest(self, grown / 2))


def sizes_that_forget_a_joined_sum(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SizeTables, "_both", lambda _self, first, _second: first)


def test_there_is_no_disagreement_without_a_fault() -> None:
    compare_answers()
    compare_predictions()
    assert {solvable for _, solvable in KNOWN} == {True, False}


FAULTS = [
    (clamp_off_by_one, compare_answers),
    (join_that_ignores_columns, compare_answers),
    (projection_of_another_column, compare_answers),
    (trail_that_takes_other_rows, compare_answers),
    (trail_that_takes_the_first_constants, compare_answers),
    (pruning_of_too_much, compare_answers),
    (sizes_that_grow_too_little, compare_predictions),
    (sizes_that_forget_a_joined_sum, compare_predictions),
]


@pytest.mark.parametrize(("plant", "compare"), FAULTS, ids=lambda value: value.__name__)
def test_a_planted_fault_is_seen(
    plant: Plant, compare: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises(Disagreement):
        compare()
