"""Two-layer instances as the dataset dynamic program sees them: components without ties."""

from dataclasses import dataclass
from typing import Any

from instances.errors import Unsupported
from instances.training.instance import TrainingInstance


@dataclass(frozen=True)
class Component:
    """Outputs that share hidden neurons, directly or through others, and these neurons.

    Components have no parameter in common.

    Parameters
    ----------
    columns : list of int
        The outputs' columns in the targets.
    hidden : dict
        Per hidden neuron its edges to outputs, each with the output's place in `columns`.
    """

    columns: list[int]
    hidden: dict[int, list[tuple[int, int]]]


def components(instance: TrainingInstance) -> list[Component]:
    """Return the components of a two-layer instance; neurons that no output needs are left out.

    Raises
    ------
    Unsupported
        Where an output feeds an output or a hidden neuron that matters feeds another.
    """
    from networkx.utils import UnionFind

    network = instance.network
    outputs, sources = network.outputs.tolist(), network.sources.tolist()
    is_input, is_output = network.is_input.tolist(), network.is_output.tolist()
    outgoing: dict[int, list[tuple[int, int]]] = {}
    groups = UnionFind(outputs)
    for output in outputs:
        for edge in network.edges_into(output):
            source = sources[edge]
            if is_output[source]:
                raise _too_deep(instance, "output", source)
            if not is_input[source]:
                outgoing.setdefault(source, []).append((edge, output))
                groups.union(source, output)
    for neuron in outgoing:
        for edge in network.edges_into(neuron):
            if not is_input[sources[edge]]:
                raise _too_deep(instance, "neuron", sources[edge])
    found: dict[Any, Component] = {}
    place: dict[int, int] = {}
    for column, output in enumerate(outputs):
        part = found.setdefault(groups[output], Component([], {}))
        place[output] = len(part.columns)
        part.columns.append(column)
    for neuron, edges in sorted(outgoing.items()):
        found[groups[neuron]].hidden[neuron] = [(edge, place[output]) for edge, output in edges]
    return list(found.values())


def _too_deep(instance: TrainingInstance, kind: str, neuron: int) -> Unsupported:
    what = "another output" if kind == "output" else "a hidden neuron"
    return Unsupported(
        f"dataset-dp: {kind} '{instance.network.names[neuron]}' feeds {what}; it takes two "
        "layers, inputs to hidden to outputs; use --backend sat"
    )
