"""Chains: bridges between source problems followed by a reduction to training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from instances.continuous.evaluate import evaluate_continuous
from instances.continuous.instance import ContinuousInstance
from instances.problems.problem import AnyProblem
from instances.problems.registry import get_problem
from instances.progress import stage
from instances.training.evaluate import Evaluation, evaluate
from instances.training.parameters import Parameters
from reductions.claims import violations
from reductions.reduction import AnyBridge, AnyReduction, Target


@dataclass(frozen=True)
class Built:
    """What a chain makes of a source: every intermediate source, and the training instance.

    ``stages[0]`` is the source itself and ``stages[-1]`` the source of the reduction.
    """

    stages: tuple[Any, ...]
    instance: Target

    def evaluate(self, parameters: Parameters) -> Evaluation:
        """Evaluate parameters of the instance exactly; raise `InvalidWitness` for others."""
        if isinstance(self.instance, ContinuousInstance):
            return evaluate_continuous(self.instance, parameters)
        return evaluate(self.instance, parameters)


@dataclass(frozen=True)
class Chain:
    """A reduction from the problem of its first bridge to training.

    Witnesses are pushed and pulled one map at a time, and each intermediate witness is checked
    by its own problem, so that a fault shows where it happens.
    """

    bridges: tuple[AnyBridge, ...]
    reduction: AnyReduction

    @property
    def problems(self) -> tuple[AnyProblem, ...]:
        """The problem of every stage."""
        names = [bridge.problem for bridge in self.bridges] + [self.reduction.problem]
        return tuple(get_problem(name) for name in names)

    @property
    def name(self) -> str:
        """The names of all maps in order."""
        return " > ".join([bridge.name for bridge in self.bridges] + [self.reduction.name])

    def stages(self, source: Any) -> tuple[Any, ...]:
        """Return the source of every map."""
        stages = [source]
        for bridge in self.bridges:
            with stage(bridge.name):
                stages.append(bridge.build(stages[-1]))
        return tuple(stages)

    def build(self, source: Any) -> Built:
        """Return every stage and the training instance."""
        stages = self.stages(source)
        with stage(self.reduction.name):
            return Built(stages, self.reduction.build(stages[-1]))

    def data_entries(self, source: Any) -> int | None:
        """Return the number of data entries that the claims announce, without building them."""
        claimed = {
            claim.measure: claim.value for claim in self.reduction.claims(self.stages(source)[-1])
        }
        points, alpha, omega = (claimed.get(name) for name in ("points", "alpha", "omega"))
        if points is None or alpha is None or omega is None:
            return None
        return int(points * (alpha + omega))

    def push(self, stages: Sequence[Any], witness: Any) -> Parameters:
        """Return parameters from a witness of ``stages[0]``.

        Raises `InvalidWitness` where the witness, or what a bridge makes of it, is none.
        """
        problems = self.problems
        problems[0].check(stages[0], witness)
        for position, bridge in enumerate(self.bridges):
            witness = bridge.push(stages[position], witness)
            problems[position + 1].check(stages[position + 1], witness)
        return self.reduction.push(stages[-1], witness)

    def pull(self, stages: Sequence[Any], parameters: Parameters) -> Any:
        """Return a witness of ``stages[0]`` from any solution of the training instance.

        Raises `InvalidWitness` where the witness pulled at some stage is none.
        """
        problems = self.problems
        witness = self.reduction.pull(stages[-1], parameters)
        problems[-1].check(stages[-1], witness)
        for position in reversed(range(len(self.bridges))):
            witness = self.bridges[position].pull(stages[position], witness)
            problems[position].check(stages[position], witness)
        return witness

    def violations(self, built: Built) -> list[str]:
        """Return a sentence for every claim that a built stage breaks."""
        broken: list[str] = []
        for bridge, before, after in zip(
            self.bridges, built.stages, built.stages[1:], strict=False
        ):
            found = violations(bridge.claims(before), bridge.measure(after))
            broken.extend(f"{bridge.name}: {sentence}" for sentence in found)
        measured = self.reduction.measure(built.instance)
        found = violations(self.reduction.claims(built.stages[-1]), measured)
        return broken + [f"{self.reduction.name}: {sentence}" for sentence in found]
