"""Images whose witnesses are those of the source."""

from instances.problems.registry import PROBLEMS
from reductions.map import Image, S, T, W


class SameWitnessImage(Image[S, W, T, W]):
    """An image that has the witnesses of its source, as they are."""

    def push(self, witness: W) -> W:
        """Return the witness; raise `InvalidWitness` if it has not the form of one."""
        PROBLEMS.get(self.map.source).write_witness(self.source, witness)
        return witness

    def pull(self, witness: W) -> W:
        """Return the witness; raise `InvalidWitness` if it has not the form of one."""
        return self.push(witness)
