"""The problems by name, and which of them a file belongs to."""

from collections.abc import Iterable

from instances.problems.problem import AnyProblem, Problem
from instances.registry import Registry, made
from instances.sources.forms import Opening


def _built_in() -> Iterable[AnyProblem]:
    from instances.problems.continuous_training import ContinuousTraining
    from instances.problems.discrete_training import DiscreteTraining
    from instances.problems.disjoint_paths import VertexDisjointPaths
    from instances.problems.packing import BinPacking, ThreePartition
    from instances.problems.posslp import PosSlp
    from instances.problems.satisfiability import OneInThree, Sat, ThreeSat
    from instances.problems.sets import ExactCover, HittingSet, SetCover
    from instances.problems.subset_sums import Partition, SubsetSum
    from instances.problems.vertex_cover import VertexCover

    return (
        Sat(),
        ThreeSat(),
        OneInThree(),
        ExactCover(),
        HittingSet(),
        SetCover(),
        VertexCover(),
        VertexDisjointPaths(),
        SubsetSum(),
        Partition(),
        ThreePartition(),
        BinPacking(),
        PosSlp(),
        DiscreteTraining(),
        ContinuousTraining(),
    )


PROBLEMS: Registry[AnyProblem] = Registry(
    kind="problem",
    group="qnnhard.problems",
    built_in=_built_in,
    admit=made(Problem),
    aliases={"cnf": "sat", "3sat": "3-sat", "graph": "vertex-cover", "training": "d-nnt"},
)


def detect(text: str, filename: str, wanted: str | None = None) -> tuple[str, ...]:
    """Return the problems that a file may be a source of, as far as its content tells.

    That is one name where the problem is clear, several where it is not, none where nothing tells.
    Of several problems with files of one form, such as set systems, the one that is `wanted` is
    taken. The ending of `filename` decides only where the content does not, so that a damaged
    file still meets the parser that can say what is wrong.
    """
    opening = Opening.of(text)
    known = PROBLEMS.all()
    found = [name for name, problem in known.items() if problem.recognises(opening)]
    if wanted is not None and wanted in found:
        return (wanted,)
    if not found:
        ends = [n for n, p in known.items() if p.form.suffix != ".json"]
        return tuple(n for n in ends if filename.endswith(known[n].form.suffix))[:1]
    return tuple(name for name in found if known[name].case_of not in found)
