"""The loss over the variables of a formula: counted in unary up to a bound, or in binary."""

from dataclasses import dataclass

from instances.deadline import Deadline
from qnnhard.encoding.encode import Encoding
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.encoding.formula.template import clause_blocks
from qnnhard.encoding.loss.total import count_steps, loss_word
from qnnhard.encoding.numbers.builder import Builder
from qnnhard.encoding.numbers.circuits import Circuits
from qnnhard.encoding.numbers.forms import Word


@dataclass(frozen=True, eq=False)
class CountedLoss:
    """A formula with literals for the loss.

    Parameters
    ----------
    formula : Formula
        The encoding's clauses, and those that make the literals true.
    steps : tuple of (int, int)
        In increasing order values, in units of ``1 / loss_unit``, and for each the literal that
        holds wherever the loss reaches it.
    """

    formula: Formula
    steps: tuple[tuple[int, int], ...]

    def below(self, value: int) -> int | None:
        """Return a literal that requires the loss to be below `value`; none if it always is."""
        return next((-literal for reached, literal in self.steps if reached >= value), None)


@dataclass(frozen=True, eq=False)
class Objective:
    """A formula whose models are all choices of parameters, and their losses.

    Parameters
    ----------
    formula : Formula
        The encoding's clauses and those that define the bits of `word`.
    word : Word
        The loss in units of ``1 / loss_unit``. The least value of any model that stands for
        some parameters is their loss.
    """

    formula: Formula
    word: Word


def count_loss(
    encoding: Encoding, most: int, deadline: Deadline | None = None
) -> CountedLoss | None:
    """Return the loss counted up to `most`, in units; none where there are too many values.

    Parameters
    ----------
    encoding : Encoding
        For minimization.
    """
    assert encoding.loss is not None
    builder = Builder(encoding.formula.variables, deadline or Deadline())
    steps = count_steps(builder, most, encoding.loss)
    return None if steps is None else CountedLoss(_extended(encoding, builder), steps)


def add_up_loss(encoding: Encoding, deadline: Deadline | None = None) -> Objective:
    """Return the loss in binary, of an encoding for minimization."""
    assert encoding.loss is not None
    builder = Builder(encoding.formula.variables, deadline or Deadline())
    word = loss_word(encoding.loss, Circuits(builder, "loss"))
    return Objective(_extended(encoding, builder), word)


def _extended(encoding: Encoding, builder: Builder) -> Formula:
    """Return the formula with the builder's clauses and variables."""
    blocks = (*encoding.formula.blocks, *clause_blocks(builder.clauses))
    return Formula(builder.interface + len(builder.names), blocks)
