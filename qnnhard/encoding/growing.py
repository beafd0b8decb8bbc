"""Encodings of more and more data points over the same parameters, for incremental solvers."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Options, encode
from qnnhard.encoding.formula.cnf import Formula

FIRST = 16
"""Number of distinct data points to begin with."""


def needs_all_points(instance: TrainingInstance) -> bool:
    """Return whether the bound leaves no data point to be missed, and no loss at all."""
    return instance.bound < 1 if instance.loss == "mismatch" else instance.bound <= 0


@dataclass(eq=False)
class GrowingEncoding:
    """The encoding of some data points of an instance with bound 0, and of those added later.

    At bound 0 parameters fit all data if and only if they violate no data point, and if none
    fit some of the data then none fit all. Which parameters have variables, and which ones,
    does not depend on the data, so that the clauses of other data points go with those before
    once their auxiliary variables are numbered anew.

    Parameters
    ----------
    instance : TrainingInstance
        See `needs_all_points`.
    deadline : Deadline
    begin : int64 array or None
        The first data points; by default a few that say much.

    Attributes
    ----------
    points : int64 array
        The data points encoded so far.
    """

    instance: TrainingInstance
    deadline: Deadline
    begin: NDArray[np.int64] | None = None
    points: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self._all = _shuffled(canonical(self.instance).data.group_first)
        self.points = self._all[:0]
        self._rounds = self._variables = self._clauses = self._literals = 0

    def start(self) -> Formula:
        """Encode the first data points, with interchangeable neurons in order."""
        return self._add(self._all[:FIRST] if self.begin is None else self.begin)

    def extend(self, model: NDArray[np.bool_] | None) -> Formula | None:
        """Return the clauses of more data points, half as many as before at most, if there are any.

        Parameters
        ----------
        model : bool array or None
            ``model[v]`` is the value of variable v. Only data points that its parameters
            violate are added. Without a model any are: few may be hard to refute, although
            all are not.
        """
        if model is None:
            more = self._all[~np.isin(self._all, self.points)]
        else:
            mismatched = evaluate(self.instance, self.decode(model)).mismatched
            more = self._all[mismatched[self._all]]
        if not len(more):
            return None
        return self._add(more[: max(1, len(self.points) // 2)])

    def decode(self, model: NDArray[np.bool_]) -> Parameters:
        """Return the parameters that a model of all clauses so far stands for."""
        return decode(self._first, model)

    @property
    def literals(self) -> int:
        """Number of literals of all formulas together."""
        return self._literals

    @property
    def sizes(self) -> dict[str, int]:
        """How often data points were added, how many, and the sizes of all formulas together."""
        return {
            "rounds": self._rounds,
            "points": len(self.points),
            "variables": self._variables,
            "clauses": self._clauses,
        }

    def part(self) -> TrainingInstance:
        """Return the instance with the data points so far only, in their old order."""
        return _part(self.instance, self.points)

    def _add(self, points: NDArray[np.int64]) -> Formula:
        encoding = encode(
            _part(self.instance, points), self.deadline, Options(symmetry=not self._rounds)
        )
        if not self._rounds:
            self._first, self._parameters = encoding, encoding.parameter_variables
        formula = _renumbered(encoding.formula, self._parameters, self._variables)
        self.points = np.concatenate((self.points, points))
        self._rounds += 1
        self._variables = formula.variables
        self._clauses += formula.clauses
        self._literals += formula.literals
        return formula


def _renumbered(formula: Formula, kept: int, variables: int) -> Formula:
    """Return the formula with the variables above `kept` moved behind `variables` others."""
    shift = np.int32(max(0, variables - kept))
    if not shift:
        return formula
    blocks = (
        np.where(np.abs(block) > kept, block + np.sign(block) * shift, block)
        for block in formula.blocks
    )
    return Formula(formula.variables + int(shift), tuple(blocks))


def _part(instance: TrainingInstance, points: NDArray[np.int64]) -> TrainingInstance:
    kept = np.sort(points)
    return replace(instance, inputs=instance.inputs[kept], targets=instance.targets[kept])


def _shuffled(points: list[int]) -> NDArray[np.int64]:
    """Return points in a fixed order that has nothing to do with theirs.

    Neighbors in a dataset are often alike, and say less than points that are far apart.
    """
    keys = np.random.PCG64(0).random_raw(len(points))
    return np.array(points, dtype=np.int64)[np.argsort(keys, kind="stable")]
