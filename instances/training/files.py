"""Reading and writing training instances and parameters (see `schema` for the format)."""

from contextlib import suppress
from string import digits
from typing import Any, TypeVar

import msgspec
import numpy as np

from instances.errors import InputError, InvalidInstance, InvalidWitness
from instances.files import read_bytes, write_bytes
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance, z
from instances.training.names import NameBlock, Names
from instances.training.network import Network, sort_edges
from instances.training.numbers import Array, domain_of, exact_array, format_number, parse_number
from instances.training.parameters import Parameters
from instances.training.schema import (
    INSTANCE_FORMAT,
    PARAMETERS_FORMAT,
    VERSION,
    DataRecord,
    EdgesRecord,
    InstanceRecord,
    NeuronRecord,
    ParametersRecord,
)

R = TypeVar("R", InstanceRecord, ParametersRecord)


def read_instance(path: str) -> TrainingInstance:
    """Read a training instance; raise `InputError` naming the file and what is wrong in it."""
    try:
        return instance_from_json(read_bytes(path))
    except (InputError, InvalidInstance) as error:
        raise InputError(_located(path, error)) from error


def write_instance(path: str, instance: TrainingInstance) -> None:
    """Write a training instance, whole or not at all."""
    write_bytes(path, instance_to_json(instance))


def read_parameters(path: str, instance: TrainingInstance) -> Parameters:
    """Read parameters of `instance`; raise `InputError` where they belong to another one."""
    try:
        record = _decode(read_bytes(path), ParametersRecord, PARAMETERS_FORMAT)
        if record.instance is not None and record.instance != instance.fingerprint:
            raise InvalidWitness(
                f"these parameters belong to another instance ({record.instance[:12]}, "
                f"not {instance.fingerprint[:12]})"
            )
        return Parameters(_numbers(record.weights), _numbers(record.biases))
    except (InputError, InvalidWitness) as error:
        raise InputError(_located(path, error)) from error


def write_parameters(path: str, instance: TrainingInstance, parameters: Parameters) -> None:
    """Write parameters together with the fingerprint of their instance."""
    record = ParametersRecord(
        format=PARAMETERS_FORMAT,
        version=VERSION,
        instance=instance.fingerprint,
        weights=_plain(parameters.weights),
        biases=_plain(parameters.biases),
    )
    write_bytes(path, _encode(record))


def instance_to_json(instance: TrainingInstance) -> bytes:
    """Return the file form of an instance, one top-level key a line."""
    network = instance.network
    record = InstanceRecord(
        format=INSTANCE_FORMAT,
        version=VERSION,
        neurons=[
            NeuronRecord(block.prefix, block.count, block.first) for block in network.names.blocks
        ],
        inputs=network.inputs.tolist(),
        outputs=network.outputs.tolist(),
        edges=EdgesRecord(network.sources.tolist(), network.targets.tolist()),
        data=DataRecord(_plain(instance.inputs), _plain(instance.targets)),
        bound=format_number(instance.bound),
        origin=dict(instance.origin),
    )
    if instance.d is not None:
        record.d = instance.d
    else:
        record.domains = [[format_number(value) for value in domain] for domain in instance.domains]
        record.weight_domain = instance.weight_domain.tolist()
        record.bias_domain = instance.bias_domain.tolist()
        record.activations = [str(activation) for activation in network.activations]
        record.activation = network.activation.tolist()
        record.loss = instance.loss
    return _encode(record)


def instance_from_json(content: bytes) -> TrainingInstance:
    """Return the instance that `content` describes; raise `InputError` or `InvalidInstance`."""
    record = _decode(content, InstanceRecord, INSTANCE_FORMAT)
    if record.d is not None:
        levels = z(record.d)
        record.domains = record.domains or [list(levels)]
        record.activations = record.activations or [str(Activation("relu_clipped", levels[-1]))]
    if record.domains is None or record.activations is None:
        raise InputError("give either d, or domains and activations")
    names = _names(record.neurons)
    inputs = _neurons(record.inputs, names)
    sources = _neurons(record.edges.sources, names)
    targets = _neurons(record.edges.targets, names)
    if len(sources) != len(targets):
        raise InputError(f"edges: {len(sources)} sources but {len(targets)} targets")
    order = sort_edges(sources, targets)
    network = Network(
        names=names,
        inputs=inputs,
        outputs=_neurons(record.outputs, names),
        sources=sources[order],
        targets=targets[order],
        activations=tuple(map(Activation.parse, record.activations)),
        activation=_per_neuron(record.activation, "activation", len(names), inputs),
    )
    weight_domain = _index(record.weight_domain, "weight_domain", len(sources))
    return TrainingInstance(
        network=network,
        domains=tuple(domain_of(map(parse_number, domain)) for domain in record.domains),
        weight_domain=weight_domain[order],
        bias_domain=_per_neuron(record.bias_domain, "bias_domain", len(names), inputs),
        inputs=_matrix(record.data.inputs, "inputs", len(network.inputs)),
        targets=_matrix(record.data.targets, "targets", len(network.outputs)),
        loss=record.loss,
        bound=parse_number(record.bound),
        d=record.d,
        origin=record.origin,
    )


def _decode(content: bytes, record: type[R], tag: str) -> R:
    try:
        decoded = msgspec.json.decode(content, type=record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _check_header(content, tag)
        raise InputError(f"not a {tag} file: {error}") from error
    _check_tag(decoded.format, decoded.version, tag)
    return decoded


class _Header(msgspec.Struct):
    format: str
    version: int


def _check_header(content: bytes, tag: str) -> None:
    """Prefer an error about format or version to one about a field that another version has."""
    try:
        header = msgspec.json.decode(content, type=_Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return
    _check_tag(header.format, header.version, tag)


def _check_tag(found: str, version: int, tag: str) -> None:
    if found != tag:
        raise InputError(f"the format is '{found}' where '{tag}' is needed")
    if version != VERSION:
        raise InputError(f"version {version} is not known: this qnnhard reads version {VERSION}")


def _encode(record: msgspec.Struct) -> bytes:
    fields = msgspec.to_builtins(record)
    lines = (
        msgspec.json.encode(key) + b": " + msgspec.json.encode(value)
        for key, value in fields.items()
    )
    return b"{\n" + b",\n".join(lines) + b"\n}\n"


NEURON_LIMIT = 1 << 28
"""Most neurons of an instance."""


def _names(records: list[NeuronRecord]) -> Names:
    """Return the naming rule, with names that are unique and fit on a line."""
    for record in records:
        # CNF variables are called w[u,v]=1 and f[v|x2]>=1, one a line.
        if not record.name.isprintable() or not record.name or set(record.name) & set(" ,[]|"):
            raise InputError(
                f"neuron name {record.name[:40]!a}: use printable characters without blanks, "
                "commas, brackets and bars"
            )
    if sum(record.count or 1 for record in records) > NEURON_LIMIT:
        raise InputError(f"there are more than {NEURON_LIMIT} neurons: take a smaller network")
    names = Names(tuple(NameBlock(r.name, r.count, r.first) for r in records))
    # Names without their trailing digits differ where the blocks' prefixes do; only where two
    # blocks share such a stem can two neurons have the same name.
    stems = {record.name.rstrip(digits) for record in records}
    if len(stems) < len(records):
        _ = names.index
    return names


def _neurons(references: list[int | str], names: Names) -> Array:
    if any(isinstance(reference, str) for reference in references):
        known = names.index
        unknown = [r for r in references if isinstance(r, str) and r not in known]
        if unknown:
            raise InputError(f"neuron '{unknown[0]}' is unknown: list it under neurons")
        references = [known[r] if isinstance(r, str) else r for r in references]
    outside = [r for r in references if not 0 <= int(r) < len(names)]
    if outside:
        raise InputError(f"neuron {outside[0]} is unknown: neurons are 0 to {len(names) - 1}")
    return np.array(references, dtype=np.int32)


def _index(value: int | list[int], name: str, length: int) -> Array:
    entries = [value] * length if isinstance(value, int) else value
    if len(entries) != length:
        raise InputError(f"{name}: {len(entries)} entries where {length} are needed")
    if any(abs(entry) >= 1 << 31 for entry in entries):
        raise InputError(f"{name}: an index is too large")
    return np.array(entries, dtype=np.int32)


def _per_neuron(value: int | list[int], name: str, size: int, inputs: Array) -> Array:
    index = _index(value, name, size)
    index[inputs] = -1
    return index


def _numbers(values: list[int | str]) -> Array:
    return exact_array(_parsed(values), (len(values),))


def _matrix(rows: list[list[int | str]], name: str, width: int) -> Array:
    for position, row in enumerate(rows, 1):
        if len(row) != width:
            raise InputError(
                f"data.{name}: point {position} has {len(row)} values where {width} are needed"
            )
    flat = [value for row in rows for value in row]
    return exact_array(_parsed(flat), (len(rows), width))


def _parsed(values: list[int | str]) -> Any:
    """Return `values` as an array if possible, as exact Python numbers otherwise."""
    with suppress(OverflowError, ValueError):
        array = np.array(values)
        if array.dtype.kind in "iu":
            return array
    result = np.empty(len(values), dtype=object)
    result[:] = [parse_number(value) for value in values]
    return result


def _plain(array: Array) -> list[Any]:
    if array.dtype != object:
        plain: list[Any] = array.tolist()
        if array.size == 0 or max(abs(int(array.min())), abs(int(array.max()))) < 1 << 53:
            return plain
    exact = np.empty(array.shape, dtype=object)
    exact.ravel()[:] = [format_number(value) for value in array.ravel().tolist()]
    return exact.tolist()  # type: ignore[no-any-return]


def _located(path: str, error: Exception) -> str:
    message = str(error)
    return message if message.startswith(path) else f"{path}: {message}"
