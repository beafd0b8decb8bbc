"""Which neurons have small tables, and what the tables allow.

A hidden neuron is tabulated if all its predecessors are tabulated or known and its domain is
small. At bound 0 an output is known to its successors, and its table says which behaviours of
its predecessors it accepts. Everything else is left to the unary encoder.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from instances.canonical.problem import canonical
from instances.canonical.rows import Numbers
from instances.deadline import Deadline
from instances.progress import Stage, stage
from instances.training.instance import TrainingInstance
from qnnhard.encoding.tables.alike import Alike, group_alike
from qnnhard.encoding.tables.behaviours import Domains, Vectors, hidden_table, output_table
from qnnhard.encoding.tables.consistency import propagate, without_substitutable
from qnnhard.encoding.tables.constraints import Relation, TableConstraint, merge, specialise
from qnnhard.encoding.tables.tabulated import Tables

LARGEST_SHOWN = 9
"""Most behaviours of a tabulated neuron whose value the unary encoder asks for.

Every order literal of the value costs a clause a behaviour there.
"""

_ROUNDS = 64
"""Most rounds of consistency; on ordinary instances two to five are enough."""


def tabulate(
    instance: TrainingInstance,
    row_of: Numbers,
    rows: Sequence[Vectors | None],
    deadline: Deadline,
) -> Tables:
    """Return the tables of `instance`, whose relevant numbers are integers.

    Parameters
    ----------
    row_of : int64 array
        Per neuron the position of its values in `rows`, or -1. Known are the values of inputs,
        frozen neurons and, at bound 0, outputs.
    rows : sequence of (int64 array or None)
        Values over the distinct inputs; ``None`` where some are too large.
    """
    with stage("tabulating", "neurons") as progress:
        return _Tabulator(instance, row_of, rows, deadline, progress).run()


class _Tabulator:
    def __init__(
        self,
        instance: TrainingInstance,
        row_of: Numbers,
        rows: Sequence[Vectors | None],
        deadline: Deadline,
        progress: Stage,
    ) -> None:
        self.instance = instance
        self.deadline = deadline
        self.progress = progress
        problem = canonical(instance)
        self.relevant = problem.relevant
        self.points = len(problem.data.first)
        domains = Domains()
        constant = [-1 if row is None else domains.intern(row[None]) for row in rows]
        self.domains = domains
        self.known = np.array([*constant, -1], dtype=np.int64)[row_of]
        self.changed = np.zeros(instance.network.size, dtype=np.bool_)
        self.open_neuron = self.relevant & ~instance.network.is_output & (row_of < 0)

    def run(self) -> Tables:
        found = self._enumerate()
        tables = self.tables
        for _ in range(_ROUNDS):
            self.deadline.check()
            if tables.contradiction or not self._consistent(found):
                tables.contradiction = True
                break
            replaced = self._replaced()
            # Smaller domains may have made further tables small.
            found = self._outputs(self._due())
            if not (replaced or found or tables.contradiction):
                break
        tables.consumed = self._consumed()
        return tables

    def _enumerate(self) -> list[TableConstraint]:
        """Return all constraints of small tables on neurons that are worth tabulating."""
        network = self.instance.network
        while True:
            none = np.zeros(network.size, dtype=np.bool_)
            self.tables = tables = Tables(self.domains, self.known.copy(), none, none.copy())
            self.waiting = np.flatnonzero(self.relevant & network.is_output & (self.known >= 0))
            found = [*self._hidden_neurons(), *self._outputs(self.waiting)]
            unfit = self._consumed() & (tables.sizes > LARGEST_SHOWN)
            if not unfit.any():
                return found
            # Without them their successors' tables are not sound: start again.
            self.open_neuron &= ~unfit

    def _hidden_neurons(self) -> list[TableConstraint]:
        """Enumerate the domains of hidden neurons, level by level."""
        tables, network = self.tables, self.instance.network
        found = []
        for level in network.by_level():
            neurons = level[self.open_neuron[level]]
            for alike in group_alike(self.instance, neurons, tables.domain_of, own=False):
                self.deadline.check()
                self.progress.done += len(alike.neurons)
                table = hidden_table(alike.choices, self._sources(alike), self.points)
                if table is None:
                    continue
                domain, allowed = table
                number = tables.domains.intern(domain)
                tables.domain_of[alike.neurons] = number
                tables.tabulated[alike.neurons] = True
                scopes = self._scopes(alike)
                if scopes.shape[1] and len(domain) > 1:
                    own = alike.neurons.astype(scopes.dtype)[:, None]
                    scopes = np.concatenate((scopes, own), axis=1)
                    found.append(self._constraint(scopes, allowed, alike.neurons))
        return found

    def _outputs(self, due: Numbers) -> list[TableConstraint]:
        """Return the constraints of those among the outputs `due` whose tables are small."""
        tables, found = self.tables, []
        for alike in group_alike(self.instance, due, tables.domain_of, own=True):
            self.deadline.check()
            self.progress.done += len(alike.neurons)
            target = tables.domains.behaviours[int(tables.domain_of[alike.neurons[0]])][0]
            allowed = output_table(alike.choices, self._sources(alike), target)
            if allowed is None:
                continue
            tables.decided[alike.neurons] = True
            if not allowed.any():
                tables.contradiction = True
            elif allowed.ndim:
                found.append(self._constraint(self._scopes(alike), allowed, alike.neurons))
        self.waiting = self.waiting[~tables.decided[self.waiting]]
        self.looked_at = tables.domain_of.copy()
        return found

    def _due(self) -> Numbers:
        """Return the waiting outputs with a predecessor whose domain became smaller."""
        network, waiting = self.instance.network, self.waiting
        smaller = self.tables.domain_of != self.looked_at
        changed = smaller[network.sources[network.in_edges(waiting)]]
        place = np.repeat(np.arange(len(waiting)), network.in_degree[waiting])
        due = np.zeros(len(waiting), dtype=np.bool_)
        due[place[changed]] = True
        return waiting[due]

    def _consistent(self, found: list[TableConstraint]) -> bool:
        """Take in constraints and cut everything down; return whether anything is left."""
        tables = self.tables
        if found:
            given = [*tables.constraints, *found]
            tables.constraints = merge(given, tables.relations)
            tables.merged += _scopes(given) - _scopes(tables.constraints)
            for constraint in found:
                self.changed[constraint.scopes] = True
        self.live = (np.int64(1) << tables.sizes) - 1
        if propagate(tables.constraints, tables.relations, self.live, self.changed, self.deadline):
            return False
        self._specialise()
        table = tables.relations.table
        return all(table[c.relation].allowed.any() for c in tables.constraints)

    def _specialise(self) -> None:
        tables = self.tables
        tables.constraints = specialise(
            tables.constraints, tables.relations, tables.domains, tables.domain_of, self.live
        )

    def _replaced(self) -> bool:
        """Drop substitutable behaviours; return whether there were any."""
        tables = self.tables
        free = tables.tabulated & ~self._consumed()
        before = self.live.copy()
        replaced = without_substitutable(
            tables.constraints, tables.relations, tables.sizes, free, self.live
        )
        self.changed = self.live != before
        if replaced:
            self._specialise()
        return replaced

    def _consumed(self) -> NDArray[np.bool_]:
        """Return per neuron whether the unary encoder asks for its value."""
        tables, network = self.tables, self.instance.network
        unary = self.relevant & ~(tables.tabulated | tables.decided | network.is_input)
        consumed = np.zeros(network.size, dtype=np.bool_)
        consumed[network.sources[unary[network.targets]]] = True
        return consumed

    def _sources(self, alike: Alike) -> list[Vectors]:
        domains = self.tables.domains.behaviours
        return [domains[number] for number in self.tables.domain_of[alike.sources[0]].tolist()]

    def _scopes(self, alike: Alike) -> NDArray[np.int32]:
        """Return the sources with a choice of behaviours."""
        open_source = [len(domain) > 1 for domain in self._sources(alike)]
        scopes: NDArray[np.int32] = alike.sources[:, np.array(open_source, dtype=np.bool_)]
        return scopes

    def _constraint(
        self, scopes: NDArray[np.int32], allowed: NDArray[np.bool_], origin: Numbers
    ) -> TableConstraint:
        tables = self.tables
        domains = tuple(tables.domain_of[scopes[0]].tolist())
        relation = tables.relations.intern(Relation(domains, allowed))
        return TableConstraint(relation, scopes, origin)


def _scopes(constraints: Sequence[TableConstraint]) -> int:
    return sum(len(constraint.scopes) for constraint in constraints)
