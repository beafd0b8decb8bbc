"""Reading and writing training instances and parameters (see `schema` for the format)."""

from typing import Protocol

from instances.errors import InputError, InvalidInstance, InvalidWitness
from instances.files import read_bytes, write_bytes
from instances.progress import stage
from instances.text.numbers import domain_of, format_number, parse_number
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance, z
from instances.training.network import Network, sort_edges
from instances.training.parameters import Parameters
from instances.training.records import (
    decode_record,
    domain_index,
    encode_record,
    located,
    matrix,
    name_rule,
    neuron_positions,
    number_array,
    per_neuron,
    plain_numbers,
)
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


def read_instance(path: str) -> TrainingInstance:
    """Read a training instance; raise `InputError` naming the file and what is wrong in it."""
    try:
        with stage(f"reading {path}"):
            return instance_from_json(read_bytes(path))
    except (InputError, InvalidInstance) as error:
        raise InputError(located(path, error)) from error


def write_instance(path: str, instance: TrainingInstance) -> None:
    """Write a training instance, whole or not at all."""
    write_bytes(path, instance_to_json(instance))


class Fingerprinted(Protocol):
    """An instance, discrete or continuous, as its parameters name it."""

    @property
    def fingerprint(self) -> str:
        """SHA-256, as 64 hexadecimal digits."""
        ...


def read_parameters(path: str, instance: Fingerprinted) -> Parameters:
    """Read parameters of `instance`; raise `InputError` where they belong to another one."""
    try:
        return parameters_from_json(read_bytes(path), instance)
    except (InputError, InvalidWitness) as error:
        raise InputError(located(path, error)) from error


def write_parameters(path: str, instance: Fingerprinted, parameters: Parameters) -> None:
    """Write parameters together with the fingerprint of their instance."""
    write_bytes(path, parameters_to_json(instance, parameters))


def parameters_from_json(content: bytes, instance: Fingerprinted) -> Parameters:
    """Return the parameters in `content`; raise `InputError` or `InvalidWitness`."""
    record = decode_record(content, ParametersRecord, PARAMETERS_FORMAT)
    if record.instance is not None and record.instance != instance.fingerprint:
        raise InvalidWitness(
            f"these parameters belong to another instance ({record.instance[:12]}, "
            f"not {instance.fingerprint[:12]})"
        )
    return Parameters(number_array(record.weights), number_array(record.biases))


def parameters_to_json(instance: Fingerprinted, parameters: Parameters) -> bytes:
    """Return the file form of parameters, one top-level key a line."""
    record = ParametersRecord(
        format=PARAMETERS_FORMAT,
        version=VERSION,
        instance=instance.fingerprint,
        weights=plain_numbers(parameters.weights),
        biases=plain_numbers(parameters.biases),
    )
    return encode_record(record)


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
        data=DataRecord(plain_numbers(instance.inputs), plain_numbers(instance.targets)),
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
    return encode_record(record)


def instance_from_json(content: bytes) -> TrainingInstance:
    """Return the instance that `content` describes; raise `InputError` or `InvalidInstance`."""
    record = decode_record(content, InstanceRecord, INSTANCE_FORMAT)
    if record.d is not None:
        levels = z(record.d)
        record.domains = record.domains or [list(levels)]
        record.activations = record.activations or [str(Activation("relu_clipped", levels[-1]))]
    if record.domains is None or record.activations is None:
        raise InputError("give either d, or domains and activations")
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
        activations=tuple(map(Activation.parse, record.activations)),
        activation=per_neuron(record.activation, "activation", len(names), inputs),
    )
    weight_domain = domain_index(record.weight_domain, "weight_domain", len(sources))
    return TrainingInstance(
        network=network,
        domains=tuple(domain_of(map(parse_number, domain)) for domain in record.domains),
        weight_domain=weight_domain[order],
        bias_domain=per_neuron(record.bias_domain, "bias_domain", len(names), inputs),
        inputs=matrix(record.data.inputs, "inputs", len(network.inputs)),
        targets=matrix(record.data.targets, "targets", len(network.outputs)),
        loss=record.loss,
        bound=parse_number(record.bound),
        d=record.d,
        origin=record.origin,
    )
