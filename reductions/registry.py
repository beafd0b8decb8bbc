"""The reductions and bridges by name, and the chains of bridges that lead to a reduction."""

from collections import deque
from importlib.metadata import EntryPoint, entry_points

from instances.errors import InputError
from instances.text.values import quote, unknown
from reductions.plugins import check_texts, describe, load_reduction
from reductions.reduction import AnyBridge, AnyReduction, Reduction

GROUP = "qnnhard.reductions"
"""The entry point group in which other packages name a `Reduction` subclass or instance."""


def reductions() -> dict[str, AnyReduction]:
    """Return all reductions by name: the built-in ones, then those of other packages by name.

    Raises
    ------
    InputError
        If another package's reduction cannot be loaded or takes a name that is in use.
    """
    from reductions.to_reals.continuous import ContinuousReduction
    from reductions.to_training.bin_packing import BinPackingReduction, ThreePartitionReduction
    from reductions.to_training.bounded_degree import BoundedDegree
    from reductions.to_training.bounded_degree_deep import BoundedDegreeDeep
    from reductions.to_training.disjoint_paths import DisjointPathsReduction
    from reductions.to_training.exact_cover import ExactCoverReduction
    from reductions.to_training.hitting_set import HittingSetReduction
    from reductions.to_training.one_in_three import OneInThreeReduction
    from reductions.to_training.posslp import PosSlpReduction
    from reductions.to_training.subset_sum_inputs import SubsetSumInputs
    from reductions.to_training.subset_sum_neurons import SubsetSumNeurons
    from reductions.to_training.two_inputs import TwoInputs

    built_in: tuple[AnyReduction, ...] = (
        ExactCoverReduction(),
        BoundedDegree(),
        BoundedDegreeDeep(),
        HittingSetReduction(),
        TwoInputs(),
        DisjointPathsReduction(),
        SubsetSumNeurons(),
        SubsetSumInputs(),
        OneInThreeReduction(),
        ThreePartitionReduction(),
        BinPackingReduction(),
        PosSlpReduction(),
        ContinuousReduction(),
    )
    found = {reduction.name: reduction for reduction in built_in}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        reduction = _load(entry)
        if reduction.name in found:
            raise InputError(
                f"reduction {quote(reduction.name)} of entry point {entry.value}: the name is taken"
            )
        found[reduction.name] = reduction
    return found


def bridges() -> dict[str, AnyBridge]:
    """Return all bridges by name."""
    from reductions.between.hitting_set_to_set_cover import HittingSetToSetCover
    from reductions.between.one_in_three_to_exact_cover import OneInThreeToExactCover
    from reductions.between.partition_to_bin_packing import PartitionToBinPacking
    from reductions.between.sat_to_3_sat import SatTo3Sat
    from reductions.between.set_cover_to_hitting_set import SetCoverToHittingSet
    from reductions.between.subset_sum_to_partition import SubsetSumToPartition
    from reductions.between.three_partition_to_bin_packing import ThreePartitionToBinPacking
    from reductions.between.three_sat_to_one_in_three import ThreeSatToOneInThree
    from reductions.between.three_sat_to_subset_sum import ThreeSatToSubsetSum
    from reductions.between.three_sat_to_vertex_cover import ThreeSatToVertexCover
    from reductions.between.vertex_cover_to_hitting_set import VertexCoverToHittingSet

    built_in: tuple[AnyBridge, ...] = (
        SatTo3Sat(),
        ThreeSatToOneInThree(),
        OneInThreeToExactCover(),
        VertexCoverToHittingSet(),
        SetCoverToHittingSet(),
        HittingSetToSetCover(),
        ThreeSatToVertexCover(),
        ThreeSatToSubsetSum(),
        SubsetSumToPartition(),
        PartitionToBinPacking(),
        ThreePartitionToBinPacking(),
    )
    return {bridge.name: bridge for bridge in built_in}


def get_reduction(name_or_path: str) -> AnyReduction:
    """Return a reduction by its name, or from a path that ends in ``.py``.

    Raises
    ------
    InputError
        With all names, if there is no such reduction; with the path, if its module fails or
        does not define exactly one reduction.
    """
    if name_or_path.endswith(".py"):
        return load_reduction(name_or_path)
    known = reductions()
    reduction = known.get(name_or_path)
    if reduction is None:
        message = unknown("reduction", name_or_path, known)
        raise InputError(f"{message}, or give a path that ends in .py")
    return reduction


def path_to(problem: str, reduction: AnyReduction) -> list[AnyBridge] | None:
    """Return a shortest chain of bridges from `problem` to the problem that `reduction` takes.

    Returns
    -------
    list of Bridge or None
        The bridges in the order in which they are crossed, none where the problems are the
        same; ``None`` where no chain exists.
    """
    reached: dict[str, list[AnyBridge]] = {problem: []}
    waiting = deque([problem])
    known = list(bridges().values())
    while waiting:
        here = waiting.popleft()
        for bridge in known:
            if bridge.problem == here and bridge.target not in reached:
                reached[bridge.target] = [*reached[here], bridge]
                waiting.append(bridge.target)
    return reached.get(reduction.problem)


def _load(entry: EntryPoint) -> AnyReduction:
    """Return the reduction behind an entry point, which may name a class or an instance."""
    where = f"reduction {entry.name} ({entry.value})"
    try:
        loaded = entry.load()
        reduction = loaded() if isinstance(loaded, type) else loaded
    except Exception as error:
        raise InputError(
            f"{where} cannot be loaded: {describe(error)}; repair or uninstall its package"
        ) from error
    if not isinstance(reduction, Reduction):
        raise InputError(f"{where} is not a Reduction")
    check_texts(reduction, where)
    return reduction
