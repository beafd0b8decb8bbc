"""What is measured: one case is one source or one network with data, made from a seed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from instances.families.registry import FAMILIES
from instances.problems.registry import PROBLEMS
from instances.training.instance import TrainingInstance
from reductions.registry import get_reduction


@dataclass(frozen=True)
class Case:
    """A reduction on a generated source, or a family of networks.

    Parameters
    ----------
    kind : str
        A reduction, or "net".
    problem : str
        The source's problem, or the family's name.
    settings : tuple of (name, value)
        What its generator is given.
    seed : int
    """

    kind: str
    problem: str
    settings: tuple[tuple[str, str], ...]
    seed: int

    @cached_property
    def source(self) -> Any:
        """The source instance; for a net, the training instance itself."""
        if self.kind == "net":
            return FAMILIES.get(self.problem).generate(dict(self.settings), self.seed).instance
        return PROBLEMS.get(self.problem).generate(dict(self.settings), self.seed)

    def build(self) -> TrainingInstance:
        """Return the training instance."""
        if self.kind == "net":
            found: TrainingInstance = self.source
            return found
        return get_reduction(self.kind).build(self.source).target


def formula(reduction: str, variables: int, seed: int) -> Case:
    """Return random 3-SAT at ratio 4.26 through a reduction."""
    return _case(reduction, "3-sat", seed, variables=variables)


def cover(sets: int, seed: int) -> Case:
    """Return exact cover by sets of four elements, over few enough of them to be hard."""
    return _case("exact-cover", "exact-cover", seed, sets=sets, universe=3 * sets // 10, size=4)


def net(widths: str, d: int, points: int, planted: bool, bound: int, seed: int) -> Case:
    """Return a fully connected net with distinct inputs and a teacher's or random labels."""
    labels = "yes" if planted else "no"
    return _case(
        "net", "dense", seed, widths=widths, d=d, points=points, planted=labels, bound=bound
    )


def _case(kind: str, problem: str, seed: int, **settings: object) -> Case:
    return Case(kind, problem, tuple((name, str(value)) for name, value in settings.items()), seed)
