"""Constraints on behaviours: relations, each over many scopes of neurons."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers, equal_rows, number_rows
from qnnhard.encoding.tables.behaviours import Allowed, Domains

COMPARED = 7
"""Largest domain in which behaviours are compared pairwise: 49 bits a neuron."""


@dataclass(frozen=True, eq=False)
class Relation:
    """Which tuples of behaviours are allowed.

    Parameters
    ----------
    domains : tuple of int
        The domain of every position.
    allowed : bool array
        One axis a position.
    """

    domains: tuple[int, ...]
    allowed: Allowed

    def restricted(self, lives: Sequence[int]) -> Allowed:
        """Return `allowed` on the behaviours in the bit masks `lives` alone."""
        return self.allowed[np.ix_(*map(members, lives))]


@dataclass(frozen=True, eq=False)
class TableConstraint:
    """A relation and its scopes.

    Parameters
    ----------
    relation : int
        Number of the relation.
    scopes : int array, scopes x arity
        Distinct neurons with several behaviours.
    origin : int array
        Per scope the first neuron whose parameters it stands for.
    """

    relation: int
    scopes: NDArray[np.integer[Any]]
    origin: NDArray[np.integer[Any]]


class Relations:
    """The distinct relations, numbered from 0."""

    def __init__(self) -> None:
        self.table: list[Relation] = []
        self._number: dict[tuple[object, ...], int] = {}
        self._meet: dict[tuple[int, int], int] = {}
        self._replacements: dict[int, list[int]] = {}

    def intern(self, relation: Relation) -> int:
        """Return the number of a relation."""
        key = relation.domains, relation.allowed.tobytes()
        number = self._number.setdefault(key, len(self.table))
        if number == len(self.table):
            self.table.append(relation)
        return number

    def meet(self, first: int, second: int) -> int:
        """Return the number of the intersection of two relations over the same domains."""
        if first == second:
            return first
        key = min(first, second), max(first, second)
        if key not in self._meet:
            one, other = self.table[first], self.table[second]
            self._meet[key] = self.intern(Relation(one.domains, one.allowed & other.allowed))
        return self._meet[key]

    def replacements(self, number: int) -> list[int]:
        """Return per position of a relation which behaviours can replace which.

        Bit a * COMPARED + b says that every allowed tuple with a stays allowed with b. The
        masks of larger domains say nothing.
        """
        if number not in self._replacements:
            allowed = self.table[number].allowed
            self._replacements[number] = [
                _replacements(allowed, place) if size <= COMPARED else 0
                for place, size in enumerate(allowed.shape)
            ]
        return self._replacements[number]


def _replacements(allowed: Allowed, place: int) -> int:
    rows = np.moveaxis(allowed, place, 0).reshape(allowed.shape[place], -1)
    holds = ~(rows[:, None, :] & ~rows[None, :, :]).any(axis=2)
    return sum(1 << a * COMPARED + b for a, b in np.argwhere(holds).tolist())


def members(mask: int) -> list[int]:
    """Return the positions of the bits of `mask`, in increasing order."""
    return [place for place in range(mask.bit_length()) if mask >> place & 1]


def merge(
    constraints: Iterable[TableConstraint], relations: Relations, distinct: bool = False
) -> list[TableConstraint]:
    """Return one constraint a relation, after intersecting the relations of equal scopes.

    Merging matters: apart, the outputs over the same predecessors exclude less. With `distinct`
    the caller knows that no scopes are equal.
    """
    by_arity: dict[int, list[TableConstraint]] = {}
    for constraint in constraints:
        by_arity.setdefault(constraint.scopes.shape[1], []).append(constraint)
    merged = [part for same in by_arity.values() for part in _merge(same, relations, distinct)]
    return sorted(merged, key=lambda constraint: relations.table[constraint.relation].allowed.size)


def _merge(
    constraints: list[TableConstraint], relations: Relations, distinct: bool
) -> Iterator[TableConstraint]:
    """Yield the merged constraints of one arity."""
    scopes = np.concatenate([constraint.scopes for constraint in constraints])
    origin = np.concatenate([constraint.origin for constraint in constraints])
    relation = np.concatenate(
        [np.full(len(c.scopes), c.relation, dtype=np.int64) for c in constraints]
    )
    if not distinct:
        scope, first = number_rows(list(scopes.T), len(scopes))
        if len(first) < len(scopes):
            leader = np.full(len(first), np.iinfo(origin.dtype).max, dtype=origin.dtype)
            np.minimum.at(leader, scope, origin)
            relation = _intersections(scope, relation, len(first), relations)
            scopes, origin = scopes[first], leader
    # The clauses come in the order of their neurons, which solvers and readers profit from.
    if (origin[1:] < origin[:-1]).any():
        order = np.argsort(origin, kind="stable")
        scopes, origin, relation = scopes[order], origin[order], relation[order]
    for rows in equal_rows([relation], len(relation)):
        whole = len(rows) == len(scopes)
        yield TableConstraint(
            int(relation[rows[0]]),
            scopes if whole else scopes[rows],
            origin if whole else origin[rows],
        )


def _intersections(scope: Numbers, relation: Numbers, count: int, relations: Relations) -> Numbers:
    """Return per scope the intersection of its relations, a rank of them at a time."""
    _, distinct = number_rows([scope, relation], len(scope))
    scope, relation = scope[distinct], relation[distinct]
    # Rows are sorted by scope now.
    rank = np.arange(len(scope)) - np.searchsorted(scope, scope)
    result = np.zeros(count, dtype=np.int64)
    result[scope[rank == 0]] = relation[rank == 0]
    for step in range(1, int(rank.max()) + 1):
        rows = np.flatnonzero(rank == step)
        pair, first = number_rows([result[scope[rows]], relation[rows]], len(rows))
        met = [
            relations.meet(int(result[scope[row]]), int(relation[row]))
            for row in rows[first].tolist()
        ]
        result[scope[rows]] = np.array(met, dtype=np.int64)[pair]
    return result


def specialise(
    constraints: Iterable[TableConstraint],
    relations: Relations,
    domains: Domains,
    domain_of: Numbers,
    live: Numbers,
) -> list[TableConstraint]:
    """Cut domains and relations down to the behaviours that are left.

    Neurons of one behaviour leave the scopes, and relations that allow everything go.

    Parameters
    ----------
    constraints : iterable of TableConstraint
    domain_of : int64 array, changed in place
        Per neuron the number of its domain.
    live : int64 array
        Per neuron the bit mask of the behaviours that are left; 0 where it has no domain.
    """
    sizes = domains.sizes()
    split: list[TableConstraint] = []
    cut_any = dropped = False
    full = (np.int64(1) << sizes) - 1
    for constraint in constraints:
        relation = relations.table[constraint.relation]
        masks = live[constraint.scopes]
        if (masks == full[list(relation.domains)]).all():
            split.append(constraint)
            continue
        cut_any = True
        for rows in equal_rows(list(masks.T), len(masks)):
            part = _restricted(relation, masks[rows[0]].tolist(), domains)
            kept = [place for place, size in enumerate(part[1].shape) if size > 1]
            allowed = part[1].reshape([part[1].shape[place] for place in kept])
            if allowed.all():
                continue
            dropped |= len(kept) < len(part[1].shape)
            cut = Relation(tuple(part[0][place] for place in kept), allowed)
            split.append(
                TableConstraint(
                    relations.intern(cut),
                    constraint.scopes[rows][:, kept],
                    constraint.origin[rows],
                )
            )
    _cut_domains(domains, domain_of, live)
    return merge(split, relations, distinct=not dropped) if cut_any else split


def _restricted(
    relation: Relation, lives: list[int], domains: Domains
) -> tuple[tuple[int, ...], Allowed]:
    cut = tuple(
        domains.intern(domains.behaviours[number][members(mask)])
        for number, mask in zip(relation.domains, lives, strict=True)
    )
    return cut, np.ascontiguousarray(relation.restricted(lives))


def _cut_domains(domains: Domains, domain_of: Numbers, live: Numbers) -> None:
    """Replace domains by their live parts, and mark everything in them as live."""
    held = np.flatnonzero(live)
    number, first = number_rows([domain_of[held], live[held]], len(held))
    cut = [
        domains.intern(domains.behaviours[int(domain_of[row])][members(int(live[row]))])
        for row in held[first].tolist()
    ]
    if cut:
        domain_of[held] = np.array(cut, dtype=np.int64)[number]
        live[held] = (np.int64(1) << domains.sizes()[domain_of[held]]) - 1
