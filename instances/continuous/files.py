"""Reading and writing continuous instances (see `schema`).

Their parameters are files as those of training instances are.
"""

from instances.continuous.instance import ContinuousInstance, entries, from_entries
from instances.continuous.schema import CONTINUOUS_FORMAT, CONTINUOUS_VERSION, ContinuousRecord
from instances.errors import InputError, InvalidInstance
from instances.files import read_bytes, write_bytes
from instances.text.numbers import Number, format_number, parse_number
from instances.training.activations import Activation
from instances.training.network import Network, sort_edges
from instances.training.parameters import Parameters
from instances.training.records import (
    decode_record,
    encode_record,
    located,
    matrix,
    name_rule,
    neuron_positions,
    per_neuron,
    plain_numbers,
)
from instances.training.schema import DataRecord, EdgesRecord, NeuronRecord


def read_continuous(path: str) -> ContinuousInstance:
    """Read a continuous instance; raise `InputError` naming the file and what is wrong in it."""
    try:
        return continuous_from_json(read_bytes(path))
    except (InputError, InvalidInstance) as error:
        raise InputError(located(path, error)) from error


def write_continuous(path: str, instance: ContinuousInstance) -> None:
    """Write a continuous instance, whole or not at all."""
    write_bytes(path, continuous_to_json(instance))


def continuous_to_json(instance: ContinuousInstance) -> bytes:
    """Return the file form of an instance, one top-level key a line."""
    network = instance.network
    record = ContinuousRecord(
        format=CONTINUOUS_FORMAT,
        version=CONTINUOUS_VERSION,
        neurons=[
            NeuronRecord(block.prefix, block.count, block.first) for block in network.names.blocks
        ],
        inputs=network.inputs.tolist(),
        outputs=network.outputs.tolist(),
        edges=EdgesRecord(network.sources.tolist(), network.targets.tolist()),
        weights=_texts(entries(instance.frozen.weights, instance.real_weights)),
        biases=_texts(entries(instance.frozen.biases, instance.real_biases)),
        activations=[str(activation) for activation in network.activations],
        activation=network.activation.tolist(),
        data=DataRecord(plain_numbers(instance.inputs), plain_numbers(instance.targets)),
        bound=format_number(instance.bound),
        origin=dict(instance.origin),
    )
    return encode_record(record)


def continuous_from_json(content: bytes) -> ContinuousInstance:
    """Return the instance that `content` describes; raise `InputError` or `InvalidInstance`."""
    record = decode_record(content, ContinuousRecord, CONTINUOUS_FORMAT)
    names = name_rule(record.neurons)
    inputs = neuron_positions(record.inputs, names)
    sources = neuron_positions(record.edges.sources, names)
    targets = neuron_positions(record.edges.targets, names)
    if len(sources) != len(targets):
        raise InputError(f"edges: {len(sources)} sources but {len(targets)} targets")
    for name, given, length in (
        ("weights", record.weights, len(sources)),
        ("biases", record.biases, len(names)),
    ):
        if len(given) != length:
            raise InputError(f"{name}: {len(given)} entries where {length} are needed")
    order = sort_edges(sources, targets)
    network = Network(
        names=names,
        inputs=inputs,
        outputs=neuron_positions(record.outputs, names),
        sources=sources[order],
        targets=targets[order],
        activations=tuple(map(Activation.parse, record.activations)),
        activation=per_neuron(record.activation, "activation", len(names), inputs),
    )
    weights, real_weights = from_entries(_parsed(record.weights))
    biases, real_biases = from_entries(_parsed(record.biases))
    real_biases[inputs] = False
    return ContinuousInstance(
        network=network,
        frozen=Parameters(weights[order], biases),
        real_weights=real_weights[order],
        real_biases=real_biases,
        inputs=matrix(record.data.inputs, "inputs", len(network.inputs)),
        targets=matrix(record.data.targets, "targets", len(network.outputs)),
        bound=parse_number(record.bound),
        origin=record.origin,
    )


def _texts(values: list[Number | None]) -> list[int | str | None]:
    return [None if value is None else format_number(value) for value in values]


def _parsed(values: list[int | str | None]) -> list[Number | None]:
    return [None if value is None else parse_number(value) for value in values]
