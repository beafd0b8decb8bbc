"""Reading and writing training instances and parameters (see `schema` for the format)."""

from instances.errors import InputError, InvalidWitness
from instances.files import read_bytes, write_parts
from instances.progress import stage
from instances.text.numbers import domain_of, format_number, parse_number
from instances.training.activations import Activation
from instances.training.any_instance import AnyInstance
from instances.training.instance import TrainingInstance, z
from instances.training.parameters import Parameters
from instances.training.records import (
    common_fields,
    decode_record,
    domain_index,
    encode_record,
    named,
    number_array,
    per_neuron,
    plain_numbers,
    read_data,
    read_network,
)
from instances.training.schema import (
    INSTANCE_FORMAT,
    PARAMETERS_FORMAT,
    VERSION,
    InstanceRecord,
    ParametersRecord,
)


def read_instance(path: str) -> TrainingInstance:
    """Read a training instance; raise `InputError` naming the file and what is wrong in it."""
    with stage(f"reading {path}"), named(path):
        return instance_from_json(read_bytes(path))


def write_instance(path: str, instance: TrainingInstance) -> None:
    """Write a training instance, whole or not at all."""
    write_parts(path, (instance_to_json(instance),))


def read_parameters(path: str, instance: AnyInstance) -> Parameters:
    """Read parameters of `instance`; raise `InputError` where they belong to another one."""
    with named(path):
        return parameters_from_json(read_bytes(path), instance)


def write_parameters(path: str, instance: AnyInstance, parameters: Parameters) -> None:
    """Write parameters together with the fingerprint of their instance."""
    write_parts(path, (parameters_to_json(instance, parameters),))


def parameters_from_json(content: bytes, instance: AnyInstance) -> Parameters:
    """Return the parameters in `content`; raise `InputError` or `InvalidWitness`."""
    record = decode_record(content, ParametersRecord, PARAMETERS_FORMAT)
    if record.instance is not None and record.instance != instance.fingerprint:
        raise InvalidWitness(
            f"these parameters belong to another instance ({record.instance[:12]}, "
            f"not {instance.fingerprint[:12]})"
        )
    return Parameters(number_array(record.weights), number_array(record.biases))


def parameters_to_json(instance: AnyInstance, parameters: Parameters) -> bytes:
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
    record = InstanceRecord(**common_fields(instance, INSTANCE_FORMAT))
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
    network, order = read_network(record, record.activations, record.activation)
    weight_domain = domain_index(record.weight_domain, "weight_domain", network.edges)
    return TrainingInstance(
        network=network,
        domains=tuple(domain_of(map(parse_number, domain)) for domain in record.domains),
        weight_domain=weight_domain[order],
        bias_domain=per_neuron(record.bias_domain, "bias_domain", network.size, network.inputs),
        **read_data(record.data, network),
        loss=record.loss,
        bound=parse_number(record.bound),
        d=record.d,
        origin=record.origin,
    )
