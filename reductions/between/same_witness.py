"""Bridges whose witnesses are those of the source."""

from instances.problems.registry import PROBLEMS
from reductions.map import Map, S, T, W


class SameWitness(Map[S, W, T, W]):
    """A bridge to a problem that has the witnesses of the source, as they are."""

    def push(self, witness: W) -> W:
        """Return the witness; raise `InvalidWitness` if it has not the form of one."""
        PROBLEMS.get(self.source_problem).write_witness(self.source, witness)
        return witness

    def pull(self, witness: W) -> W:
        """Return the witness; raise `InvalidWitness` if it has not the form of one."""
        return self.push(witness)
