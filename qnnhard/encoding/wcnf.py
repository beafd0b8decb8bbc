"""Weighted CNF: the least loss as partial MaxSAT."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from instances.deadline import Deadline
from instances.progress import stage
from instances.text.numbers import Number, normal
from instances.training.instance import TrainingInstance
from qnnhard.encoding.encode import Encoding, Options, encode
from qnnhard.encoding.formula.cnf import clause_lines, pieces
from qnnhard.encoding.loss.total import loss_form


@dataclass(frozen=True, eq=False)
class WeightedFormula:
    """Hard clauses, and literals that cost their weight where they are false.

    Parameters
    ----------
    encoding : Encoding
        Its formula has the hard clauses.
    soft : tuple of (int, int)
        Weight and literal.
    constant : int
        The cost that no model avoids.
    """

    encoding: Encoding
    soft: tuple[tuple[int, int], ...]
    constant: int

    def loss(self, cost: int) -> Number:
        """Return the loss of a model whose false soft literals weigh `cost`."""
        return normal(Fraction(cost + self.constant, self.encoding.loss_unit))

    def dimacs(self) -> Iterator[bytes]:
        """Yield the lines of the MaxSAT Evaluation's format: ``h`` before hard clauses."""
        with stage("DIMACS", "clauses", self.encoding.formula.clauses) as progress:
            for block in self.encoding.formula.blocks:
                for part in pieces(block):
                    yield b"h " + clause_lines(part)[:-1].replace(b"\n", b"\nh ") + b"\n"
                    progress.done += len(part)
        for weight, literal in self.soft:
            yield f"{weight} {literal} 0\n".encode()


def encode_loss(instance: TrainingInstance, deadline: Deadline | None = None) -> WeightedFormula:
    """Return the weighted formula whose least cost is the least loss; raise as `encode` does."""
    return weigh_loss(encode(instance, deadline, Options(minimize=True)))


def weigh_loss(encoding: Encoding) -> WeightedFormula:
    """Return the weighted formula of an encoding for minimization."""
    assert encoding.loss is not None
    form = loss_form(encoding.loss)
    soft = tuple(
        (abs(coefficient), -variable if coefficient > 0 else variable)
        for variable, coefficient in form.terms.items()
    )
    return WeightedFormula(encoding, soft, form.low)
