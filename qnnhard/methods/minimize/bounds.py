"""What is known of the least loss: parameters from above, refutations from below."""

import os
import pickle
from dataclasses import dataclass
from pathlib import Path

from instances.errors import QnnhardError
from instances.text.numbers import Number, normal, show_number
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters


@dataclass(eq=False)
class Bounds:
    """The best parameters so far, and a bound that no loss is below.

    Losses come from the exact evaluator alone: the literals of a formula's losses are defined in
    one direction, so that a model may claim more than its parameters cost.

    Parameters
    ----------
    lower : number
        At first the loss that is conceivable: see `qnnhard.methods.conceivable`.
    loss : number or None
        The loss of `parameters`.
    word : str
        On whose word nothing is below `lower`; empty for the conceivable loss.
    file : str or None
        Where to keep what is known, for a process that outlives this one.
    """

    instance: TrainingInstance
    lower: Number
    loss: Number | None = None
    parameters: Parameters | None = None
    word: str = ""
    file: str | None = None

    @property
    def closed(self) -> bool:
        """Whether the loss is known to be the least."""
        return self.loss is not None and self.loss <= self.lower

    def improve(self, parameters: Parameters) -> bool:
        """Keep parameters that have a smaller loss than all before; return whether they do."""
        loss = evaluate(self.instance, parameters).loss
        if self.loss is not None and loss >= self.loss:
            return False
        if loss < self.lower:
            raise QnnhardError(
                f"no loss was said to be below {show_number(self.lower)}, yet one is "
                f"{show_number(loss)}: this is a defect; please report the instance"
            )
        self.loss, self.parameters = loss, parameters
        self._keep()
        return True

    def refute(self, lower: Number, word: str) -> None:
        """Keep the word of a solver that no loss is below `lower`."""
        if lower <= self.lower:
            return
        if self.loss is not None and lower > self.loss:
            raise QnnhardError(
                f"{word} says that no loss is below {show_number(lower)}, yet one is "
                f"{show_number(self.loss)}: this is a defect; please report the instance"
            )
        self.lower, self.word = normal(lower), word
        self._keep()

    def _keep(self) -> None:
        """Replace the file, which is whole at any moment."""
        if self.file is not None:
            known = self.lower, self.loss, self.parameters, self.word
            Path(f"{self.file}.new").write_bytes(pickle.dumps(known, protocol=5))
            os.replace(f"{self.file}.new", self.file)

    def recall(self, file: Path) -> None:
        """Take over what another process kept in a file, if it did."""
        if file.exists():
            self.lower, self.loss, self.parameters, self.word = pickle.loads(file.read_bytes())
