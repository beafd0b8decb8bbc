"""The maps by name, and the chains of maps that lead from a problem to a reduction."""

from collections import deque
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from instances.errors import InputError
from instances.registry import Registry
from reductions.map import AnyMap, Map
from reductions.plugins import load_map, require_whole

TRAINING = ("d-nnt", "c-nnt")
"""The problems that a *reduction* leads to; maps to other problems are *bridges*."""


BUILT_IN = (
    "to_training.exact_cover:ExactCoverReduction",
    "to_training.bounded_degree:BoundedDegree",
    "to_training.bounded_degree:BoundedDegreeDeep",
    "to_training.hitting_set:HittingSetReduction",
    "to_training.two_inputs:TwoInputs",
    "to_training.disjoint_paths:DisjointPathsReduction",
    "to_training.subset_sum:SubsetSumNeurons",
    "to_training.subset_sum:SubsetSumInputs",
    "to_training.one_in_three:OneInThreeReduction",
    "to_training.bin_packing:ThreePartitionReduction",
    "to_training.bin_packing:BinPackingReduction",
    "to_training.posslp:PosSlpReduction",
    "to_reals.continuous:ContinuousReduction",
    "between.sat_to_3_sat:SatTo3Sat",
    "between.three_sat_to_one_in_three:ThreeSatToOneInThree",
    "between.one_in_three_to_exact_cover:OneInThreeToExactCover",
    "between.set_systems:VertexCoverToHittingSet",
    "between.set_systems:SetCoverToHittingSet",
    "between.set_systems:HittingSetToSetCover",
    "between.three_sat_to_vertex_cover:ThreeSatToVertexCover",
    "between.three_sat_to_subset_sum:ThreeSatToSubsetSum",
    "between.numbers:SubsetSumToPartition",
    "between.numbers:PartitionToBinPacking",
    "between.numbers:ThreePartitionToBinPacking",
)
"""Modules of this package and the maps in them, imported when maps are asked for."""


def _built_in() -> Iterable[AnyMap]:
    for module, _, name in (entry.partition(":") for entry in BUILT_IN):
        yield getattr(import_module(f"reductions.{module}"), name)


def _admit(loaded: Any, where: str) -> AnyMap:
    if not (isinstance(loaded, type) and issubclass(loaded, Map)):
        raise InputError(f"{where} is not a Map")
    require_whole(loaded, where)
    return loaded


MAPS: Registry[AnyMap] = Registry(
    kind="reduction", group="qnnhard.reductions", built_in=_built_in, admit=_admit
)


def reductions() -> dict[str, AnyMap]:
    """Return the maps that lead to training by name; see `Registry.all`."""
    return {name: found for name, found in MAPS.all().items() if found.target_problem in TRAINING}


def bridges() -> dict[str, AnyMap]:
    """Return the maps between source problems by name; see `Registry.all`."""
    return {
        name: found for name, found in MAPS.all().items() if found.target_problem not in TRAINING
    }


def get_reduction(name_or_path: str) -> AnyMap:
    """Return a reduction by its name, or from a path that ends in ``.py``.

    Raises
    ------
    InputError
        With all names, if there is no such reduction; with the path, if its module fails or
        does not define exactly one map.
    """
    if name_or_path.endswith(".py"):
        return load_map(name_or_path)
    return MAPS.get(name_or_path, reductions(), ", or give a path that ends in .py")


def path_to(problem: str, reduction: AnyMap) -> list[AnyMap] | None:
    """Return a shortest chain of bridges from `problem` to the problem that `reduction` takes.

    Returns
    -------
    list of maps or None
        The bridges in the order in which they are crossed, none where the problems are the
        same; ``None`` where no chain exists.
    """
    reached: dict[str, list[AnyMap]] = {problem: []}
    waiting = deque([problem])
    known = list(bridges().values())
    while waiting:
        here = waiting.popleft()
        for bridge in known:
            if bridge.source_problem == here and bridge.target_problem not in reached:
                reached[bridge.target_problem] = [*reached[here], bridge]
                waiting.append(bridge.target_problem)
    return reached.get(reduction.source_problem)
