"""Zero error on chosen inputs and targets, from an instance to its parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log2

import numpy as np

from instances.deadline import Deadline
from instances.errors import InputError, Unsupported
from instances.graphs.density import least_width
from instances.graphs.graph import neighbor_sets
from instances.graphs.orders import minimum_degree, width_of
from instances.progress import stage
from instances.text.numbers import SAFE
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.treewidth.neuron_kinds import LARGEST, TooLarge
from qnnhard.methods.treewidth.reduced import Reduced, reduce
from qnnhard.methods.treewidth.row_tables import RowTables
from qnnhard.methods.treewidth.size_tables import TableSizes, table_sizes
from qnnhard.methods.treewidth.store import DEFAULT_MEMORY, ROW_LIMIT, Store
from qnnhard.methods.treewidth.sweep import Sweep

WIDTH_LIMIT = 64
"""Largest width of an order that is looked for: tables would have more columns than that."""

SMALL_BITS = 18
"""Tables of up to so many estimated bits are small, in the light of how high estimates are."""

EASY_ROWS = 1 << 14
EASY_CANDIDATES = 1 << 22
"""Tables within these limits are made without any estimate."""

REFUSE_BITS = 32.0
"""Tables estimated above 2^32 rows are not tried; up to 2^24 rows may really be made."""


@dataclass(frozen=True, eq=False)
class SweepPlan:
    """A reduced problem, an elimination order of its vertices, and the order's width."""

    reduced: Reduced
    order: list[int]
    width: int


@dataclass(slots=True)
class Work:
    """What was done for one answer: the last width, maxima and sums over runs."""

    runs: int = 0
    points: int = 0
    width: int = 0
    rows: int = 0
    operations: int = 0
    misses: int = 0

    def __str__(self) -> str:
        if self.runs == 0:
            return "treewidth: the bound is negative, or equal inputs have different targets"
        if self.rows == 0:
            return f"treewidth: p={self.points}, no tables needed"
        hits = 100 * (1 - self.misses / self.operations) if self.operations else 100.0
        runs = f" in {self.runs} runs" if self.runs > 1 else ""
        rows = f"{self.rows}" if self.rows < 10_000 else f"{self.rows:.1e}"
        return (
            f"treewidth: p={self.points}, width {self.width}, {rows} states in the "
            f"largest table, {hits:.1f} % memo hits{runs}"
        )


@dataclass(frozen=True, eq=False)
class Solver:
    """Decides whether some parameters fit chosen inputs exactly.

    Parameters
    ----------
    memory : int
        Budget in bytes.
    order : sequence of int or None
        An elimination order of the network's neurons, from outside; neurons that need no
        elimination are passed over. By default the order is found by minimum degree.
    widest : int
        Largest width of an order that is looked for.
    """

    instance: TrainingInstance
    deadline: Deadline
    memory: int = DEFAULT_MEMORY
    order: Sequence[int] | None = None
    widest: int = WIDTH_LIMIT
    work: Work = field(default_factory=Work)

    def plan(self, points: Sequence[int]) -> SweepPlan | None:
        """Return what is to be done, or ``None`` where an output cannot have its targets.

        `points` are data points with distinct inputs, at least one.
        """
        chosen = np.array(points, dtype=np.int64)
        inputs, targets = self.instance.inputs[chosen], self.instance.targets[chosen]
        reduced = reduce(self.instance, inputs, targets, self.deadline)
        if reduced is None:
            return None
        if self.order is None:
            order, width = self._order(reduced)
        else:
            order = _restricted(reduced, self.order)
            neighbors = _neighbors(reduced)
            width = width_of(neighbors, order, self.widest, lambda _: self.deadline.check())
            self._check_width(width)
        return SweepPlan(reduced, order, width)

    def fit(self, points: Sequence[int], prepared: SweepPlan | None = None) -> Parameters | None:
        """Return parameters that meet the targets of `points`, or ``None`` if there are none.

        Parameters
        ----------
        points : sequence of int
            Data points with distinct inputs.
        prepared : SweepPlan or None
            For the same points, with sizes known to be within the limits.

        Raises
        ------
        TooLarge
            Where the tables are, or are estimated to be, beyond the limits.
        LimitReached, Unsupported
        """
        self.work.runs += 1
        self.work.points = max(self.work.points, len(points))
        if not points:
            return Parameters(*lowest(self.instance))
        plan = prepared or self.plan(points)
        if plan is None:
            return None
        if prepared is None:
            try:
                return self._run(plan, EASY_ROWS, EASY_CANDIDATES)
            except TooLarge:
                plan, sizes = self.improved(plan)
                if sizes.bits > REFUSE_BITS:
                    raise TooLarge(refusal(plan, sizes)) from None
        return self._run(plan, ROW_LIMIT, SAFE)

    def improved(self, plan: SweepPlan, sample: int | None = None) -> tuple[SweepPlan, TableSizes]:
        """Return `plan`, or one along another order if its tables are smaller, and the sizes.

        With `sample` the sizes are those of so many neurons of the order, and another order is
        only looked for where the tables are not small in any case.
        """
        reduced = plan.reduced
        sizes = table_sizes(reduced, plan.order, self.deadline, sample)
        enough = log2(EASY_ROWS) if sample is None else SMALL_BITS
        if sizes.bits <= enough or self.order is not None:
            return plan, sizes
        try:
            order, width = self._order(reduced, 1)
        except TooLarge:
            return plan, sizes
        other = SweepPlan(reduced, order, width)
        other_sizes = table_sizes(reduced, order, self.deadline, sample)
        return (other, other_sizes) if other_sizes.bits < sizes.bits else (plan, sizes)

    def _order(self, reduced: Reduced, successor_weight: int = 0) -> tuple[list[int], int]:
        """Return an order by minimum degree and its width, unless no order can be narrow enough."""
        size, edges = len(reduced.neurons), (reduced.sources, reduced.targets)
        least = 0 if successor_weight else least_width(size, *edges, self.widest)
        if least > self.widest:
            raise TooLarge(f"the treewidth is {least} or more")
        before: list[list[int]] = [[] for _ in range(size)]
        for source, target in zip(*edges, strict=True):
            before[target].append(source)
        with stage("treewidth: order", "vertices", size) as progress:

            def watch(done: int) -> None:
                self.deadline.check()
                progress.done = done

            neighbors = _neighbors(reduced)
            order, width = minimum_degree(neighbors, before, successor_weight, self.widest, watch)
            progress.done = len(order)
        self._check_width(width)
        return order, width

    def _check_width(self, width: int) -> None:
        if width > self.widest:
            raise TooLarge(f"elimination order of width above {self.widest}")

    def _run(self, plan: SweepPlan, row_limit: int, candidate_limit: int) -> Parameters | None:
        work = self.work
        work.width = plan.width
        dtype = _dtype(plan.reduced)
        store = Store(dtype, self.deadline, self.memory, row_limit, candidate_limit)
        tables = RowTables(plan.reduced.points, plan.reduced.states, store)
        sweep = Sweep(plan.reduced, plan.order, tables, self.deadline)
        try:
            return sweep.trail.parameters(plan.reduced, tables) if sweep.run() else None
        finally:
            work.rows = max(work.rows, store.largest)
            work.operations += sweep.trail.operations
            work.misses += sweep.misses


def require_loss(instance: TrainingInstance) -> None:
    """Raise `Unsupported` unless a loss within the bound counts mismatches, or is 0."""
    if instance.loss != "mismatch" and instance.bound > 0:
        raise Unsupported(f"treewidth: {instance.loss} needs the bound 0; use --backend sat")


def require_integers(instance: TrainingInstance) -> None:
    """Raise `Unsupported` unless inputs, weights and biases are integers below 2^40.

    Targets must be integers below 2^62: a square may be larger than all that it is made of, so
    what is out of reach is only known once sums have been bounded.
    """
    for index, domain in enumerate(instance.domains):
        if any(not isinstance(value, int) or abs(value) >= LARGEST for value in domain):
            raise Unsupported(
                f"treewidth: domain {index} has a value that is not an integer below 2^40; "
                "use --backend sat"
            )
    if instance.inputs.dtype == object or (
        instance.inputs.size and int(abs(instance.inputs).max()) >= LARGEST
    ):
        raise Unsupported(
            "treewidth: an input value is not an integer below 2^40; use --backend sat"
        )
    if instance.targets.dtype == object:
        raise Unsupported("treewidth: a target is not an integer below 2^62; use --backend sat")


def refusal(plan: SweepPlan, sizes: TableSizes) -> str:
    """Return the words for a plan that is not tried."""
    return (
        f"p={plan.reduced.points}, width {plan.width}: a table of about 2^{sizes.bits:.0f} rows, "
        f"above 2^{REFUSE_BITS:.0f}"
    )


def _neighbors(reduced: Reduced) -> list[set[int]]:
    edges = zip(reduced.sources, reduced.targets, strict=True)
    return neighbor_sets(len(reduced.neurons), edges)


def _restricted(reduced: Reduced, order: Sequence[int]) -> list[int]:
    """Return the vertices of `reduced` in the order in which `order` lists their neurons."""
    vertex = {neuron: number for number, neuron in enumerate(reduced.neurons)}
    found = list(dict.fromkeys(vertex[neuron] for neuron in order if neuron in vertex))
    if len(found) < len(vertex):
        missing = next(n for n in reduced.neurons if vertex[n] not in set(found))
        name = reduced.instance.network.names[missing]
        raise InputError(f"elimination order: neuron '{name}' is missing")
    return found


def _dtype(reduced: Reduced) -> np.dtype[np.signedinteger]:
    """Return the smallest type that holds every sum and behaviour of `reduced`."""
    kinds = {id(kind): kind for kind in reduced.kinds}.values()
    known = {id(found): found for found in reduced.behaviours if found is not None}.values()
    reach = max(
        [int(max(kind.rise.max(), kind.fall.max())) for kind in kinds]
        + [int(abs(found.values).max()) for found in known],
        default=0,
    )
    for kind in (np.int8, np.int16, np.int32):
        if 2 * reach <= np.iinfo(kind).max:
            return np.dtype(kind)
    return np.dtype(np.int64)
