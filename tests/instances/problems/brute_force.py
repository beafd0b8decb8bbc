"""Independent decisions by trying everything, for small sources only."""

from fractions import Fraction
from functools import cache
from itertools import chain, combinations, product

from instances.sources.budgeted_graph import BudgetedGraph
from instances.sources.cnf import Cnf
from instances.sources.number_lists import NumberList, SumInstance
from instances.sources.packing import Packing
from instances.sources.path_system import DisjointPaths
from instances.sources.set_system import SetSystem
from instances.sources.straight_line import StraightLineProgram


def satisfiable(source: Cnf) -> bool:
    return any(
        all(any(values[abs(x) - 1] is (x > 0) for x in clause) for clause in source.clauses)
        for values in product((False, True), repeat=source.variables)
    )


def one_in_three(source: Cnf) -> bool:
    return any(
        all([values[x - 1] for x in clause].count(1) == 1 for clause in source.clauses)
        for values in product((0, 1), repeat=source.variables)
    )


def _subsets(items, most=None):
    most = len(items) if most is None else min(most, len(items))
    return chain.from_iterable(combinations(items, size) for size in range(most + 1))


def exact_cover(source: SetSystem) -> bool:
    everything = list(range(source.universe))
    return any(sorted(chain(*chosen)) == everything for chosen in _subsets(source.sets))


def hitting_set(source: SetSystem) -> bool:
    return any(
        all(any(element in members for element in chosen) for members in source.sets)
        for chosen in _subsets(range(source.universe), source.budget)
    )


def set_cover(source: SetSystem) -> bool:
    return any(
        len(set(chain(*chosen))) == source.universe
        for chosen in _subsets(source.sets, source.budget)
    )


def vertex_cover(source: BudgetedGraph) -> bool:
    return any(
        all(u in chosen or v in chosen for u, v in source.edges)
        for chosen in _subsets(range(source.vertices), source.budget)
    )


def disjoint_paths(source: DisjointPaths) -> bool:
    def extend(index: int, path: tuple[int, ...], used: frozenset[int]) -> bool:
        if index == len(source.pairs):
            return True
        if path[-1] == source.pairs[index][1]:
            if index + 1 == len(source.pairs):
                return True
            start = source.pairs[index + 1][0]
            return start not in used and extend(index + 1, (start,), used | {start})
        return any(
            extend(index, (*path, v), used | {v})
            for u, v in source.edges
            if u == path[-1] and v not in used
        )

    if not source.pairs:
        return True
    start = source.pairs[0][0]
    return extend(0, (start,), frozenset({start}))


def subset_sum(source: SumInstance) -> bool:
    return any(sum(chosen) == source.target for chosen in _subsets(source.numbers))


def partition(source: NumberList) -> bool:
    total = sum(source.numbers)
    return any(2 * sum(chosen) == total for chosen in _subsets(source.numbers))


def packing(source: Packing) -> bool:
    def fill(left: tuple[int, ...], bins: int) -> bool:
        """Whether the numbers fill this many bins: some subset fills one, the others the rest."""
        if bins == 0:
            return not any(left)
        return any(
            sum(left[i] for i in chosen) == source.capacity
            and fill(tuple(a for i, a in enumerate(left) if i not in chosen), bins - 1)
            for chosen in _subsets(range(len(left)))
        )

    return fill(source.numbers, source.bins)


def posslp(source: StraightLineProgram) -> bool:
    """By the recursive definition of the last gate, in fractions."""

    @cache
    def value(gate: int) -> Fraction:
        if gate == 0:
            return Fraction(1)
        first, operator, second = source.gates[gate - 1]
        a, b = value(first), value(second)
        return {"+": a + b, "-": a - b, "*": a * b}[operator]

    return value(len(source.gates)) > 0


DECIDE = {
    "sat": satisfiable,
    "3-sat": satisfiable,
    "one-in-three": one_in_three,
    "exact-cover": exact_cover,
    "hitting-set": hitting_set,
    "set-cover": set_cover,
    "vertex-cover": vertex_cover,
    "disjoint-paths": disjoint_paths,
    "subset-sum": subset_sum,
    "partition": partition,
    "three-partition": packing,
    "bin-packing": packing,
    "posslp": posslp,
}
