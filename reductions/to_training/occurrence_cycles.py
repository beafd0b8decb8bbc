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
from instances.training.names import NameBlock
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most
from reductions.constructions.construction import Construction, runs
from reductions.constructions.layers import clause_claims
from reductions.constructions.training_map import ToTraining
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


@dataclass(frozen=True)
class Cycles:
    """The cycles of a formula one after the other, and where its clauses read them.

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

    def blocks(self, letter: str) -> list[NameBlock]:
        """Return the names <letter><x>_0, <letter><x>_1, ... along the cycle of every x."""
        used, size = np.flatnonzero(self.uses).tolist(), (2 * self.uses).tolist()
        return [NameBlock(f"{letter}{x + 1}_", size[x], 0) for x in used]

    def intent(self, assignment: Assignment) -> Flags:
        """Return per neuron whether it shall behave as 10 under `assignment`."""
        ring = np.arange(self.ring)
        carries = np.ones(self.ring, dtype=np.bool_)
        true = np.repeat(np.array(assignment, dtype=np.bool_), 2 * self.uses)
        hidden = true == (ring % 2 == 0)
        joint = hidden[self.literal_neuron[self.joined]].reshape(-1, 2).any(axis=1)
        clauses = np.ones(self.clauses, dtype=np.bool_)
        return np.concatenate((carries, ~carries, hidden, joint, ring % 2 == 1, clauses))


class CycleReduction(ToTraining[Cnf, Assignment]):
    """What `bounded-degree` and `bounded-degree-deep` share: all but the reading of clauses."""

    source_problem = "3-sat"
    joins: ClassVar[bool]
    """Whether a clause of three literals joins two of them first."""
    theorem = "[LD] Theorem 2"
    d = 2
    source_title = "3-SAT"
    tests = "tests/reductions/to_training/test_bounded_degree.py"

    @cached_property
    def cycles(self) -> Cycles:
        """The cycles of the source."""
        return Cycles.of(self.source, self.joins, self.name)

    def describe(self, made: Construction) -> None:
        """Describe the instance, in time O(L log L) for formula length L, by array operations."""
        cycles = self.cycles
        variable = "variable", np.repeat(np.arange(cycles.variables), 2 * cycles.uses)
        i = made.inputs(*cycles.blocks("i"), carry=TEN, part=variable)
        j = made.inputs(*cycles.blocks("j"), carry=ONE, part=variable)
        v = made.hidden(*cycles.blocks("v"), part=variable)
        made.join(i, v)
        made.join(j, v)
        g = made.hidden(*runs("g", cycles.joints), part=("clause", cycles.joints))
        turns = np.tile(np.array([ONE, TEN]).T, cycles.ring // 2)
        link = made.outputs(*cycles.blocks("l"), want=turns, part=variable)
        made.join(v, link)
        made.join(v[cycles.following], link)
        c = made.outputs(("c", cycles.clauses), want=TEN, part="clause")
        reader = c[cycles.clause]
        # The two joined occurrences of a clause are next to each other, so that they meet in
        # g number 0, 0, 1, 1, ...
        reader[cycles.joined] = np.repeat(g, 2)
        made.join(v[cycles.literal_neuron], reader)
        made.join(g, c[cycles.joints])

    def push(self, witness: Assignment) -> Parameters:
        """Return weight 1 on edges between neurons that shall both be 10 or both be 01."""
        require_assignment(self.source, witness)
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
        heads = 2 * cycles.ring + cycles.starts[used]
        values = np.zeros(cycles.variables, dtype=np.bool_)
        values[used] = read_tens(self.target, witness, heads)
        return tuple(values.tolist())

    def claims(self) -> list[Claim]:
        """Return the size laws; L counts distinct literals clause by clause, g the joints."""
        clause, _ = distinct_literals(self.source, self.name)
        sizes = np.bincount(clause)
        length, m = len(clause), self.source.number_of_clauses
        joints = int((sizes == 3).sum()) if self.joins else 0
        read = min(2, int(sizes.max(initial=0))) if self.joins else int(sizes.max(initial=0))
        pair = 2 if length else 0
        return [
            *clause_claims(
                4 * length,
                2 * length + m,
                # Each variable has as many neurons as it needs twice over: one of them is read.
                (min(1, length), pair, 3 if length else 0, max(pair, read)),
                distinct_inputs=2 if length else 1,
                depth=2 if joints else min(1, length),
                width=2 * length,
                hidden=2 * length + joints,
                edges=9 * length + joints,
            ),
            *at_most(
                input_out_degree=1,
                hidden_in_degree=2,
                hidden_out_degree=3,
                output_in_degree=2 if self.joins else 3,
                max_in_degree=2 if self.joins else 3,
                max_out_degree=3,
            ),
        ]

    @staticmethod
    def example() -> Cnf:
        """Return two clauses over three variables."""
        return Cnf.of(3, [(1, 2, -3), (-1, 3)])
