"""3-SAT to 2-QNNT with bounded degrees: a cycle of neurons a variable (theory 3.3).

Over the two data points every hidden neuron of a cycle has two private inputs, which carry 10
and 01. A variable with k >= 1 occurrences is a cycle v_0, ..., v_{2k-1}; link p is an output
fed by v_p and v_{p+1} (v_0 after the last), with target 01 for even p and 10 for odd p.

By the lemma of `two_points` a link matches iff one of its two neurons behaves as
its target. A neuron lies on one link of either target, so it satisfies at most one of its
two; there are 2k links and 2k neurons, so in a solution each neuron satisfies exactly one,
and is 10 or 01. If v_p is 10, the 01-link beside it needs its other neuron to be 01; if v_p
is 01, the 10-link beside it needs its other neuron to be 10. So neighbours differ, round the
cycle: either all even neurons are 10 and all odd ones 01, or the reverse.

Occurrence j of the literal x uses v_{2j}, and of not-x v_{2j+1}: distinct neurons, each used
by one clause. The two reductions differ in how a clause reads its neurons.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from instances.sources.assignments import Assignment, require_assignment
from instances.sources.cnf import Cnf
from instances.training.instance import TrainingInstance, quantized
from instances.training.names import NameBlock, Names
from instances.training.network import Ints
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most, exactly
from reductions.constructions.two_points import (
    ONE,
    TEN,
    Flags,
    Positions,
    agreeing,
    distinct_literals,
    positions_in_clause,
    read_tens,
)
from reductions.map import Image, Map
from reductions.parts import Parts


@dataclass(frozen=True)
class Cycles:
    """Where everything lies: neurons by kind, each kind in the order of the cycles.

    Parameters
    ----------
    variables, clauses : int
    uses : int64 array
        Occurrences k of each variable.
    clause, literal_neuron : int64 arrays
        Per occurrence its clause, and the place of its neuron along all cycles.
    joined : bool array
        Per occurrence whether a neuron g stands between it and its clause.
    """

    variables: int
    clauses: int
    uses: Positions
    clause: Positions
    literal_neuron: Positions
    joined: Flags

    @classmethod
    def of(cls, source: Cnf, joins: bool, reduction: str) -> "Cycles":
        """Lay out the cycles of a formula; `joins` puts in the neurons g."""
        require_capacity(reduction, variables=source.variables, edges=10 * len(source.literals))
        clause, literals = distinct_literals(source, reduction)
        variable = np.abs(literals.astype(np.int64)) - 1
        uses = np.bincount(variable, minlength=source.variables).astype(np.int64)
        by_variable = np.argsort(variable, kind="stable")
        # Sorted by variable, occurrence t of all is the pair 2t, 2t + 1 of neurons.
        pair = np.empty_like(by_variable)
        pair[by_variable] = np.arange(len(pair))
        size = np.bincount(clause, minlength=source.number_of_clauses)
        joined = (size[clause] == 3) & (positions_in_clause(clause) < 2) & joins
        neuron = 2 * pair + (literals < 0)
        return cls(source.variables, source.number_of_clauses, uses, clause, neuron, joined)

    @property
    def ring(self) -> int:
        """Number of neurons on cycles, and of links."""
        return 2 * len(self.clause)

    @cached_property
    def joints(self) -> Positions:
        """The clauses that have a neuron g, in increasing order."""
        return self.clause[self.joined][::2]

    @cached_property
    def starts(self) -> Positions:
        """Per variable the place of its v_0 along all cycles."""
        return 2 * (np.cumsum(self.uses) - self.uses)

    @cached_property
    def following(self) -> Positions:
        """Per neuron on a cycle the place of the next one round the cycle."""
        following = np.arange(1, self.ring + 1, dtype=np.int64)
        used = self.uses > 0
        following[(self.starts + 2 * self.uses)[used] - 1] = self.starts[used]
        return following

    @property
    def first_neuron(self) -> int:
        """Position of the first hidden neuron: the two kinds of inputs come before."""
        return 2 * self.ring

    @property
    def first_joint(self) -> int:
        """Position of the first neuron g."""
        return 3 * self.ring

    @property
    def first_output(self) -> int:
        """Position of the first link; the clauses come last."""
        return self.first_joint + len(self.joints)

    def edges(self) -> tuple[Ints, Ints]:
        """Return sources and targets of all edges."""
        # Neurons are numbered below 2^31, and half the memory is half the time here.
        ring = np.arange(self.ring, dtype=np.int32)
        hidden = self.first_neuron + ring
        link = self.first_output + ring
        read = self.first_neuron + self.literal_neuron.astype(np.int32)
        clause = self.first_output + self.ring + self.clause.astype(np.int32)
        # The two joined occurrences of a clause are next to each other, so that they meet in
        # g number 0, 0, 1, 1, ...
        joint = self.first_joint + np.arange(len(self.joints), dtype=np.int32)
        reader = np.where(self.joined, 0, clause)
        reader[self.joined] = np.repeat(joint, 2)
        top = self.first_output + self.ring + self.joints.astype(np.int32)
        sources = (ring, self.ring + ring, hidden, hidden[self.following], read, joint)
        targets = (hidden, hidden, link, link, reader, top)
        return np.concatenate(sources), np.concatenate(targets)

    def names(self) -> Names:
        """Return i<x>_p, j<x>_p (inputs 10 and 01), v<x>_p, g<clause>, l<x>_p, c<clause>."""
        used = np.flatnonzero(self.uses).tolist()
        size = (2 * self.uses).tolist()

        def along(letter: str) -> list[NameBlock]:
            return [NameBlock(f"{letter}{x + 1}_", size[x], 0) for x in used]

        runs = np.split(self.joints, np.flatnonzero(np.diff(self.joints) != 1) + 1)
        joints = [NameBlock("g", len(run), int(run[0]) + 1) for run in runs if len(run)]
        clauses = [NameBlock("c", self.clauses)] if self.clauses else []
        blocks = (*along("i"), *along("j"), *along("v"), *joints, *along("l"), *clauses)
        return Names(blocks)

    def intent(self, assignment: Assignment) -> Flags:
        """Return per neuron whether it shall behave as 10 under `assignment`."""
        ring = np.arange(self.ring)
        carries = np.ones(self.ring, dtype=np.bool_)
        true = np.repeat(np.array(assignment, dtype=np.bool_), 2 * self.uses)
        hidden = true == (ring % 2 == 0)
        joint = hidden[self.literal_neuron[self.joined]].reshape(-1, 2).any(axis=1)
        clauses = np.ones(self.clauses, dtype=np.bool_)
        return np.concatenate((carries, ~carries, hidden, joint, ring % 2 == 1, clauses))


class CycleImage(Image[Cnf, Assignment, TrainingInstance, Parameters]):
    """The image of a source under `cycle`."""

    joins: ClassVar[bool]

    @cached_property
    def cycles(self) -> Cycles:
        """Where everything lies."""
        return Cycles.of(self.source, self.joins, self.map.name)

    @cached_property
    def target(self) -> TrainingInstance:
        """The instance, in time O(L log L) for formula length L, by array operations."""
        cycles = self.cycles
        ten, one = np.array(TEN)[:, None], np.array(ONE)[:, None]
        names = cycles.names()
        ring = cycles.ring
        links = np.where(np.arange(ring) % 2 == 0, one, ten)
        wanted = np.concatenate((links, np.tile(ten, (1, cycles.clauses))), axis=1)
        carried = np.repeat(np.concatenate((ten, one), axis=1), ring, axis=1)
        return quantized(
            2,
            names,
            np.arange(2 * ring),
            np.arange(cycles.first_output, len(names)),
            cycles.edges(),
            (carried, wanted),
            origin={"reduction": self.map.name, "theorem": "[LD] Theorem 2"},
        )

    def push(self, witness: Assignment) -> Parameters:
        """Return weight 1 on edges between neurons that shall both be 10 or both be 01."""
        source = self.source
        require_assignment(source, witness)
        cycles = self.cycles
        # Each neuron then has a predecessor of equal intent: a hidden neuron a private input,
        # a link one of two opposite neurons, a clause a true literal or the g over one.
        return agreeing(self.target.network, cycles.intent(witness))

    def pull(self, witness: Parameters) -> Assignment:
        """Return the assignment that makes x true iff v_0 of its cycle behaves as 10.

        In every solution the even neurons of x behave as 10 iff x is so read to be true, and
        the odd ones iff it is false. A variable without occurrences is false.
        """
        cycles = self.cycles
        used = np.flatnonzero(cycles.uses)
        heads = cycles.first_neuron + cycles.starts[used]
        values = np.zeros(cycles.variables, dtype=np.bool_)
        values[used] = read_tens(self.target, witness, heads)
        return tuple(values.tolist())

    def parts(self) -> Parts:
        """Return the variable of a cycle's neurons and links, and the clause of g and c."""
        cycles = self.cycles
        ring, clauses = np.arange(cycles.ring), np.arange(cycles.clauses)
        variable = np.repeat(np.arange(cycles.variables), 2 * cycles.uses)
        first = cycles.first_output
        return Parts.of(
            first + cycles.ring + cycles.clauses,
            *(
                ("variable", start + ring, variable)
                for start in (0, cycles.ring, cycles.first_neuron, first)
            ),
            ("clause", cycles.first_joint + np.arange(len(cycles.joints)), cycles.joints),
            ("clause", first + cycles.ring + clauses, clauses),
        )

    def claims(self) -> list[Claim]:
        """Return the size laws; L counts distinct literals clause by clause, g the joints."""
        source = self.source
        clause, _ = distinct_literals(source, self.map.name)
        sizes = np.bincount(clause)
        length, m = len(clause), source.number_of_clauses
        joints = int((sizes == 3).sum()) if self.joins else 0
        read = min(2, int(sizes.max(initial=0))) if self.joins else int(sizes.max(initial=0))
        pair = 2 if length else 0
        edges = 9 * length + joints
        return [
            *exactly(
                alpha=4 * length,
                omega=2 * length + m,
                bound=0,
                points=2,
                distinct_inputs=2 if length else 1,
                depth=2 if joints else min(1, length),
                width=2 * length,
                hidden=2 * length + joints,
                edges=edges,
                parameters=edges + 4 * length + joints + m,
                d=2,
                input_out_degree=min(1, length),
                hidden_in_degree=pair,
                output_in_degree=max(pair, read),
                max_in_degree=max(pair, read),
            ),
            # Each variable has as many neurons as it needs twice over: one of them is read.
            *exactly(hidden_out_degree=3 if length else 0, max_out_degree=3 if length else 0),
            *at_most(
                input_out_degree=1,
                hidden_in_degree=2,
                hidden_out_degree=3,
                output_in_degree=2 if self.joins else 3,
                max_in_degree=2 if self.joins else 3,
                max_out_degree=3,
            ),
        ]


class CycleReduction(Map[Cnf, Assignment, TrainingInstance, Parameters]):
    """What `bounded-degree` and `bounded-degree-deep` share: all but the reading of clauses."""

    source: ClassVar[str] = "3-sat"
    target: ClassVar[str] = "d-nnt"

    def example(self) -> Cnf:
        """Return two clauses over three variables."""
        return Cnf.of(3, [(1, 2, -3), (-1, 3)])
