"""The loss in binary, to be minimized bit by bit."""

from dataclasses import dataclass

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.encoding.builder import Builder
from qnnhard.encoding.circuits import Circuits
from qnnhard.encoding.cnf import Formula
from qnnhard.encoding.encode import Encoding, encode
from qnnhard.encoding.forms import Word
from qnnhard.encoding.loss import loss_word
from qnnhard.encoding.template import clause_blocks


@dataclass(frozen=True, eq=False)
class Objective:
    """A formula whose models are all choices of parameters, and their losses.

    Parameters
    ----------
    encoding : Encoding
        Whose variables come first.
    formula : Formula
        The encoding's clauses and those that define the bits of `word`.
    word : Word
        The loss in units of ``1 / encoding.loss_unit``.
    """

    encoding: Encoding
    formula: Formula
    word: Word


def encode_objective(instance: TrainingInstance, deadline: Deadline | None = None) -> Objective:
    """Return the objective of `instance`, whatever its bound; raise as `encode` does."""
    encoding = encode(instance, deadline, minimize=True)
    assert encoding.loss is not None
    builder = Builder(encoding.formula.variables, deadline or Deadline())
    word = loss_word(encoding.loss, Circuits(builder, "loss"))
    blocks = (*encoding.formula.blocks, *clause_blocks(builder.clauses))
    return Objective(encoding, Formula(builder.interface + len(builder.names), blocks), word)
