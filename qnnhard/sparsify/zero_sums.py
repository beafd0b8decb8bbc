"""A small set of edges by the Steinitz argument ([LD] Lemma 1)."""

from instances.deadline import Deadline
from qnnhard.sparsify.problem import KeepProblem, Vector
from qnnhard.sparsify.steinitz import steinitz_order

MOST_COORDINATES = 20
"""Above it the lattice points outnumber the edges of every network that fits in memory."""


def steinitz_kept(problem: KeepProblem, deadline: Deadline | None = None) -> list[int]:
    """Return how many edges of every class to keep: at most ``problem.bound``.

    Raises
    ------
    LimitReached
        After the deadline.
    """
    if problem.one_sided is not None and problem.one_sided <= problem.lattice_points:
        return _meeting_lower_ends(problem)
    if len(problem.low) > MOST_COORDINATES:
        return list(problem.counts)
    return _without_zero_sums(problem, deadline)


def _meeting_lower_ends(problem: KeepProblem) -> list[int]:
    """Keep, coordinate by coordinate, large contributions until the lower end is met."""
    kept = [0] * len(problem.classes)
    for axis, low in enumerate(problem.aim):
        missing = low - sum(k * row[axis] for k, row in zip(kept, problem.classes, strict=True))
        largest = sorted(range(len(kept)), key=lambda number: -problem.classes[number][axis])
        for number in largest:
            value = problem.classes[number][axis]
            if missing <= 0 or value <= 0:
                break
            more = min(problem.counts[number] - kept[number], -(-missing // value))
            kept[number] += more
            missing -= more * value
    return kept


def _without_zero_sums(problem: KeepProblem, deadline: Deadline | None) -> list[int]:
    """Drop the segments between equal prefix sums in Steinitz order.

    Slack vectors along the axes bring the sum of all to ``problem.aim``. Whatever slack is
    left, the kept edges then sum to a point between the aim and the present sum, which are
    both allowed.
    """
    vectors: list[Vector] = []
    owner: list[int | None] = []
    for number, (row, count) in enumerate(zip(problem.classes, problem.counts, strict=True)):
        vectors += [row] * count
        owner += [number] * count
    for axis, aim in enumerate(problem.aim):
        present = sum(
            count * row[axis] for row, count in zip(problem.classes, problem.counts, strict=True)
        )
        vectors += _slack(aim - present, axis, len(problem.aim), problem.norm)
    owner += [None] * (len(vectors) - len(owner))
    at = tuple([0] * len(problem.aim))
    seen = {at: 0}
    path: list[tuple[int, Vector]] = []
    for position in steinitz_order(vectors, deadline):
        at = tuple(a + b for a, b in zip(at, vectors[position], strict=True))
        path.append((position, at))
        if at in seen:
            while len(path) > seen[at]:
                _, dropped = path.pop()
                if dropped != at:
                    del seen[dropped]
        else:
            seen[at] = len(path)
    kept = [0] * len(problem.classes)
    for position, _ in path:
        edge_class = owner[position]
        if edge_class is not None:
            kept[edge_class] += 1
    return kept


def _slack(difference: int, axis: int, dimension: int, norm: int) -> list[Vector]:
    """Return vectors along an axis of norm at most `norm` with sum `difference`."""
    whole, rest = divmod(abs(difference), norm)
    sign = 1 if difference > 0 else -1
    lengths = [norm] * whole + [rest] * (rest > 0)
    return [
        tuple(sign * length if other == axis else 0 for other in range(dimension))
        for length in lengths
    ]
