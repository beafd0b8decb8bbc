"""Chains: maps one after the other, from a source problem to the problem of the last target."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from instances.problems.problem import AnyProblem
from instances.problems.registry import PROBLEMS
from instances.problems.training_problem import TrainingProblem
from instances.progress import stage
from instances.training.evaluate import Evaluation
from instances.training.parameters import Parameters
from reductions.claims import violations
from reductions.map import AnyImage, AnyMap


@dataclass(frozen=True)
class Chain:
    """Maps, each of which starts from the problem that the one before it leads to.

    Parameters
    ----------
    maps : tuple of subclasses of Map
        One or more.
    """

    maps: tuple[AnyMap, ...]

    @property
    def last(self) -> AnyMap:
        """The map that makes the target."""
        return self.maps[-1]

    @property
    def name(self) -> str:
        """The names of all maps in order."""
        return " > ".join(each.name for each in self.maps)

    def build(self, source: Any) -> "ChainImage":
        """Return the images of a source under the maps; the last target is not made yet."""
        images: list[AnyImage] = []
        for each in self.maps:
            images.append(each.build(images[-1].target if images else source))
            if each is not self.last:
                with stage(each.name):
                    _ = images[-1].target
        return ChainImage(self, tuple(images))


@dataclass(frozen=True, eq=False)
class ChainImage:
    """What a chain makes of a source: the image of every map.

    Witnesses are pushed and pulled one map at a time, and each witness on the way is checked by
    its own problem, so that a fault shows where it happens.
    """

    chain: Chain
    images: tuple[AnyImage, ...]

    @cached_property
    def problems(self) -> tuple[AnyProblem, ...]:
        """The problem of the source, and of every target."""
        maps, known = self.chain.maps, PROBLEMS.all()
        names = (maps[0].source_problem, *(each.target_problem for each in maps))
        return tuple(PROBLEMS.get(name, known) for name in names)

    @cached_property
    def target(self) -> Any:
        """The instance that the last map makes."""
        with stage(self.chain.last.name):
            return self.images[-1].target

    @property
    def source(self) -> Any:
        """The source of the first map."""
        return self.images[0].source

    def evaluate(self, parameters: Parameters) -> Evaluation:
        """Evaluate parameters of the target exactly; raise `InvalidWitness` for others."""
        problem = self.problems[-1]
        assert isinstance(problem, TrainingProblem)
        return problem.evaluate(self.target, parameters)

    def data_entries(self) -> int | None:
        """Return the number of data entries that the claims announce, without making them."""
        claimed = {claim.measure: claim.value for claim in self.images[-1].claims()}
        points, alpha, omega = (claimed.get(name) for name in ("points", "alpha", "omega"))
        if points is None or alpha is None or omega is None:
            return None
        return int(points * (alpha + omega))

    def push(self, witness: Any) -> Any:
        """Return a witness of the target, which is not checked, from one of the source.

        Raises `InvalidWitness` where the witness, or what a map makes of it, is none.
        """
        for problem, image in zip(self.problems, self.images, strict=False):
            problem.check(image.source, witness)
            witness = image.push(witness)
        return witness

    def pull(self, witness: Any) -> Any:
        """Return a witness of the source from any witness of the target.

        Raises `InvalidWitness` where the witness pulled at some stage is none.
        """
        for problem, image in reversed(list(zip(self.problems, self.images, strict=False))):
            witness = image.pull(witness)
            problem.check(image.source, witness)
        return witness

    def violations(self) -> list[str]:
        """Return a sentence for every claim that a target breaks."""
        broken: list[str] = []
        for problem, image in zip(self.problems[1:], self.images, strict=True):
            found = violations(image.claims(), problem.form.sizes(image.target))
            broken.extend(f"{image.name}: {sentence}" for sentence in found)
        return broken
