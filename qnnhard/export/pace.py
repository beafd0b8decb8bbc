"""The effective graph of an instance and a tree decomposition of it, in the PACE formats."""

from collections.abc import Iterator

from instances.graphs.decomposition import decomposition_of
from instances.graphs.pace import write_gr, write_td
from instances.graphs.treewidth import heuristic_order
from instances.text.values import visible
from instances.training.instance import TrainingInstance
from instances.training.neuron_graph import NeuronGraph, effective_graph
from qnnhard import __version__
from qnnhard.export.cnf import ExportOptions


def export_gr(instance: TrainingInstance, options: ExportOptions) -> Iterator[bytes]:
    """Yield the effective graph as a ``.gr`` file, deterministic and without dates.

    Neurons are named by lines ``c VERTEX NAME``.
    """
    effective = effective_graph(instance.network)
    comments = list(_comments(instance, effective, options))
    yield write_gr(effective.graph, comments).encode()


def export_td(instance: TrainingInstance, options: ExportOptions) -> Iterator[bytes]:
    """Yield a tree decomposition of the same graph as a ``.td`` file, in the same way."""
    effective = effective_graph(instance.network)
    decomposition = decomposition_of(effective.graph, heuristic_order(effective.graph))
    comments = list(_comments(instance, effective, options))
    yield write_td(decomposition, effective.graph.vertices, comments).encode()


def _comments(
    instance: TrainingInstance, effective: NeuronGraph, options: ExportOptions
) -> Iterator[str]:
    yield f"qnnhard {__version__}: neurons but the inputs, edges but those that leave outputs"
    if options.command:
        yield f"command: {visible(' '.join(options.command.split()))}"
    yield f"instance: {instance.fingerprint}"
    if options.names:
        known = instance.network.names
        for vertex, neuron in enumerate(effective.neurons.tolist(), 1):
            yield f"{vertex} {known[neuron]}"
