"""The versioned file formats of instances, discrete or continuous, and parameters: typed records.

The JSON Schema that ``qnnhard schema`` prints is derived from these records, so the two
cannot differ.
"""

from typing import Annotated, Any, Literal

import msgspec

INSTANCE_FORMAT = "qnnhard-instance"
CONTINUOUS_FORMAT = "qnnhard-continuous"
PARAMETERS_FORMAT = "qnnhard-parameters"
VERSION = 1

NumberText = Annotated[
    int | str, msgspec.Meta(description='An integer, or a text such as "-7" or "1/4".')
]
NeuronRef = Annotated[
    int | str, msgspec.Meta(description="A neuron: its position from 0, or its name.")
]
ParameterText = Annotated[
    int | str | None,
    msgspec.Meta(description='A frozen value such as 3 or "1/4"; null ranges over the reals.'),
]


class NeuronRecord(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Consecutive neurons: one called `name`, or `count` called name1, name2, ..."""

    name: str
    count: Annotated[int, msgspec.Meta(ge=1)] | None = None
    first: int = 1


class EdgesRecord(msgspec.Struct, forbid_unknown_fields=True):
    """Edge e leads from sources[e] to targets[e]."""

    sources: list[NeuronRef]
    targets: list[NeuronRef]


class DataRecord(msgspec.Struct, forbid_unknown_fields=True):
    """One row a data point; equal rows count with their multiplicity."""

    inputs: list[list[NumberText]]
    targets: list[list[NumberText]]


class FileRecord(msgspec.Struct):
    """What a file begins with."""

    format: str
    version: int


class NetworkRecord(FileRecord, forbid_unknown_fields=True, omit_defaults=True):
    """What a file of an instance goes on with."""

    neurons: list[NeuronRecord]
    inputs: list[NeuronRef]
    outputs: list[NeuronRef]
    edges: EdgesRecord


class InstanceRecord(NetworkRecord, forbid_unknown_fields=True, omit_defaults=True):
    """A training instance.

    With `d` the instance is a d-QNNT instance, and domains, activations and loss follow from
    it. Without `d`, `domains`, `activations`, `weight_domain`, `bias_domain` and
    `activation` say what each parameter ranges over and what each neuron computes: an index
    for all, or a list with one index an edge (in the order of `edges`) or a neuron (ignored
    at inputs).
    """

    data: DataRecord
    d: int | None = None
    domains: list[list[NumberText]] | None = None
    weight_domain: int | list[int] = 0
    bias_domain: int | list[int] = 0
    activations: list[str] | None = None
    activation: int | list[int] = 0
    loss: str = "mismatch"
    bound: NumberText = 0
    origin: dict[str, str] = {}


class ContinuousRecord(NetworkRecord, forbid_unknown_fields=True, omit_defaults=True):
    """A continuous instance.

    `weights` has one entry an edge (in the order of `edges`), `biases` one a neuron (ignored
    at inputs). `activation` is an index into `activations` for all neurons, or a list with one
    index a neuron (ignored at inputs).
    """

    weights: list[ParameterText]
    biases: list[ParameterText]
    activations: list[str]
    data: DataRecord
    activation: int | list[int] = 0
    loss: Literal["mismatch"] = "mismatch"
    bound: NumberText = 0
    origin: dict[str, str] = {}


class ParametersRecord(FileRecord, forbid_unknown_fields=True, omit_defaults=True):
    """Parameters of an instance.

    `weights` follow the edges sorted by target, then by source; `biases` the neurons, with 0
    at inputs. `instance` is the fingerprint of the instance that they belong to.
    """

    weights: list[NumberText]
    biases: list[NumberText]
    instance: str | None = None


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of all file formats."""
    formats = {
        InstanceRecord: INSTANCE_FORMAT,
        ParametersRecord: PARAMETERS_FORMAT,
        ContinuousRecord: CONTINUOUS_FORMAT,
    }
    any_of, components = msgspec.json.schema_components(formats, ref_template="#/$defs/{name}")
    for record, tag in formats.items():
        components[record.__name__]["properties"] |= {
            "format": {"const": tag},
            "version": {"const": VERSION},
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "qnnhard training instances, continuous training instances and parameters",
        "oneOf": list(any_of),
        "$defs": components,
    }
