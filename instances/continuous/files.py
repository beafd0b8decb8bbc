"""Reading and writing continuous instances (see `instances.training.schema`).

Their parameters are files as those of training instances are.
"""

from collections.abc import Callable, Iterable
from typing import Any

from instances.continuous.instance import ContinuousInstance, entries, from_entries
from instances.errors import InputError
from instances.files import read_bytes, write_parts
from instances.text.numbers import format_number, parse_number
from instances.training.parameters import Parameters
from instances.training.records import (
    common_fields,
    decode_record,
    encode_record,
    named,
    read_data,
    read_network,
)
from instances.training.schema import CONTINUOUS_FORMAT, ContinuousRecord


def read_continuous(path: str) -> ContinuousInstance:
    """Read a continuous instance; raise `InputError` naming the file and what is wrong in it."""
    with named(path):
        return continuous_from_json(read_bytes(path))


def write_continuous(path: str, instance: ContinuousInstance) -> None:
    """Write a continuous instance, whole or not at all."""
    write_parts(path, (continuous_to_json(instance),))


def continuous_to_json(instance: ContinuousInstance) -> bytes:
    """Return the file form of an instance, one top-level key a line."""
    network = instance.network
    record = ContinuousRecord(
        **common_fields(instance, CONTINUOUS_FORMAT),
        weights=_each(format_number, entries(instance.frozen.weights, instance.real_weights)),
        biases=_each(format_number, entries(instance.frozen.biases, instance.real_biases)),
        activations=[str(activation) for activation in network.activations],
        activation=network.activation.tolist(),
    )
    return encode_record(record)


def continuous_from_json(content: bytes) -> ContinuousInstance:
    """Return the instance that `content` describes; raise `InputError` or `InvalidInstance`."""
    record = decode_record(content, ContinuousRecord, CONTINUOUS_FORMAT)
    network, order = read_network(record, record.activations, record.activation)
    for name, given, length in (
        ("weights", record.weights, network.edges),
        ("biases", record.biases, network.size),
    ):
        if len(given) != length:
            raise InputError(f"{name}: {len(given)} entries where {length} are needed")
    weights, real_weights = from_entries(_each(parse_number, record.weights))
    biases, real_biases = from_entries(_each(parse_number, record.biases))
    real_biases[network.inputs] = False
    return ContinuousInstance(
        network=network,
        frozen=Parameters(weights[order], biases),
        real_weights=real_weights[order],
        real_biases=real_biases,
        **read_data(record.data, network),
        bound=parse_number(record.bound),
        origin=record.origin,
    )


def _each(change: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    """Change all values but those of real parameters, which are ``None``."""
    return [None if value is None else change(value) for value in values]
