"""From typed records to arrays and back: what the file formats of this project share."""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from string import digits
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from instances.errors import InputError, InvalidInstance, InvalidWitness
from instances.memory import shortage
from instances.text.numbers import (
    Array,
    exact_array,
    format_number,
    magnitude,
    object_array,
    parse_number,
)
from instances.training.activations import Activation
from instances.training.any_instance import AnyInstance
from instances.training.names import NameBlock, Names
from instances.training.network import Network, sort_edges
from instances.training.schema import (
    VERSION,
    DataRecord,
    EdgesRecord,
    FileRecord,
    NetworkRecord,
    NeuronRecord,
)
from instances.unique_keys import require_unique_keys

R = TypeVar("R", bound=FileRecord)

_MALFORMED = msgspec.MsgspecError, UnicodeDecodeError, RecursionError


def decode_record(content: bytes, record: type[R], tag: str) -> R:
    """Return the record of kind `tag` that `content` holds; raise `InputError` otherwise."""
    try:
        found = msgspec.json.decode(content, type=record)
    except _MALFORMED as error:
        # Better an error about format or version than one about a field that another version has.
        with suppress(*_MALFORMED):
            _check_tag(msgspec.json.decode(content, type=FileRecord), tag)
        raise InputError(f"not a {tag} file: {error}") from error
    _check_tag(found, tag)
    require_unique_keys(content)
    return found


def _check_tag(found: FileRecord, tag: str) -> None:
    """Raise `InputError` unless format and version are those that this qnnhard reads."""
    if found.format != tag:
        raise InputError(f"the format is '{found.format}' where '{tag}' is needed")
    if found.version != VERSION:
        raise InputError(
            f"version {found.version} is not known: this qnnhard reads version {VERSION}"
        )


def encode_record(record: msgspec.Struct) -> bytes:
    """Return the JSON of a record, one top-level key a line."""
    fields = msgspec.to_builtins(record)
    lines = (
        msgspec.json.encode(key) + b": " + msgspec.json.encode(value)
        for key, value in fields.items()
    )
    return b"{\n" + b",\n".join(lines) + b"\n}\n"


def read_network(
    record: NetworkRecord, activations: Sequence[str], activation: int | list[int]
) -> tuple[Network, NDArray[np.int64]]:
    """Return the network of an instance, and the order of the file's edges in it."""
    names = name_rule(record.neurons)
    inputs = neuron_positions(record.inputs, names)
    sources = neuron_positions(record.edges.sources, names)
    targets = neuron_positions(record.edges.targets, names)
    if len(sources) != len(targets):
        raise InputError(f"edges: {len(sources)} sources but {len(targets)} targets")
    order = sort_edges(sources, targets)
    network = Network(
        names=names,
        inputs=inputs,
        outputs=neuron_positions(record.outputs, names),
        sources=sources[order],
        targets=targets[order],
        activations=tuple(map(Activation.parse, activations)),
        activation=per_neuron(activation, "activation", len(names), inputs),
    )
    return network, order


def read_data(record: DataRecord, network: Network) -> dict[str, Array]:
    """Return inputs and targets by name."""
    return {
        "inputs": matrix(record.inputs, "inputs", len(network.inputs)),
        "targets": matrix(record.targets, "targets", len(network.outputs)),
    }


def common_fields(instance: AnyInstance, tag: str) -> dict[str, Any]:
    """Return the fields that the files of all instances have."""
    network = instance.network
    return {
        "format": tag,
        "version": VERSION,
        "neurons": [
            NeuronRecord(block.prefix, block.count, block.first) for block in network.names.blocks
        ],
        "inputs": network.inputs.tolist(),
        "outputs": network.outputs.tolist(),
        "edges": EdgesRecord(network.sources.tolist(), network.targets.tolist()),
        "data": DataRecord(plain_numbers(instance.inputs), plain_numbers(instance.targets)),
        "bound": format_number(instance.bound),
        "origin": dict(instance.origin),
    }


NEURON_LIMIT = 1 << 28
"""Most neurons of an instance."""

NEURON_BYTES = 35
"""Memory that a neuron without edges takes while an instance is read, as measured."""


def name_rule(records: list[NeuronRecord]) -> Names:
    """Return the naming rule, with names that are unique and fit on a line."""
    for record in records:
        # CNF variables are called w[u,v]=1 and f[v|x2]>=1, one a line.
        if not record.name.isprintable() or not record.name or set(record.name) & set(" ,[]|"):
            raise InputError(
                f"neuron name {record.name[:40]!a}: use printable characters without blanks, "
                "commas, brackets and bars"
            )
    size = sum(record.count or 1 for record in records)
    if size > NEURON_LIMIT:
        raise InputError(f"there are more than {NEURON_LIMIT} neurons: take a smaller network")
    short = shortage(NEURON_BYTES * size)
    if short:
        raise InputError(f"{size} neurons are announced: {short}: take a smaller network")
    names = Names(tuple(NameBlock(r.name, r.count, r.first) for r in records))
    # Names without their trailing digits differ where the blocks' prefixes do; only where two
    # blocks share such a stem can two neurons have the same name.
    stems = {record.name.rstrip(digits) for record in records}
    if len(stems) < len(records):
        _ = names.index
    return names


def neuron_positions(references: list[int | str], names: Names) -> Array:
    """Return the positions of neurons that are given by position or by name."""
    positions = _integers(references)
    if positions is None:
        known = names.index
        unknown = [r for r in references if isinstance(r, str) and r not in known]
        if unknown:
            raise InputError(f"neuron '{unknown[0]}' is unknown: list it under neurons")
        positions = object_array([known[r] if isinstance(r, str) else r for r in references])
    outside = (positions < 0) | (positions >= len(names))
    if outside.any():
        first = positions[outside][0]
        raise InputError(f"neuron {first} is unknown: neurons are 0 to {len(names) - 1}")
    return positions.astype(np.int32)


def domain_index(value: int | list[int], name: str, length: int) -> Array:
    """Return an index for all, or a list with one index each, as an array."""
    entries = [value] if isinstance(value, int) else value
    if not isinstance(value, int) and len(entries) != length:
        raise InputError(f"{name}: {len(entries)} entries where {length} are needed")
    index = _integers(entries)
    if index is None or (index != index.astype(np.int32)).any():
        raise InputError(f"{name}: an index is too large")
    return np.full(length, index.astype(np.int32))


def per_neuron(value: int | list[int], name: str, size: int, inputs: Array) -> Array:
    """Return one index a neuron, -1 at inputs; see `domain_index`."""
    index = domain_index(value, name, size)
    index[inputs] = -1
    return index


def number_array(values: list[int | str]) -> Array:
    """Return the numbers that a file spells as integers or texts."""
    return exact_array(_parsed(values), (len(values),))


def matrix(rows: list[list[int | str]], name: str, width: int) -> Array:
    """Return rows of numbers as a points x `width` array; `name` is for messages."""
    for position, row in enumerate(rows, 1):
        if len(row) != width:
            raise InputError(
                f"data.{name}: point {position} has {len(row)} values where {width} are needed"
            )
    flat = [value for row in rows for value in row]
    return exact_array(_parsed(flat), (len(rows), width))


def _parsed(values: list[int | str]) -> Any:
    """Return `values` as an array if possible, as exact Python numbers otherwise."""
    integers = _integers(values)
    return object_array([parse_number(v) for v in values]) if integers is None else integers


def _integers(values: Sequence[Any]) -> Array | None:
    """Return `values` as int64, or ``None`` where there are texts or larger numbers."""
    try:
        # NumPy would read texts as numbers, and take several times as long.
        return np.array(array("q", values))
    except (TypeError, OverflowError):
        return None


def plain_numbers(array: Array) -> list[Any]:
    """Return an array as nested lists in the spelling of files."""
    if array.dtype != object:
        plain: list[Any] = array.tolist()
        if magnitude(array) < 1 << 53:
            return plain
    spelled = [format_number(value) for value in array.ravel().tolist()]
    return object_array(spelled).reshape(array.shape).tolist()  # type: ignore[no-any-return]


@contextmanager
def named(path: str) -> Iterator[None]:
    """Put the name of a file in front of what is wrong in it, once."""
    try:
        yield
    except (InputError, InvalidInstance, InvalidWitness) as error:
        message = str(error)
        raise InputError(message if message.startswith(path) else f"{path}: {message}") from error
