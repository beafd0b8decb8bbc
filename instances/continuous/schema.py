"""The versioned file format of continuous instances, as a typed record.

Parameters of continuous instances are files of the format ``qnnhard-parameters``.
"""

from typing import Annotated, Any, Literal

import msgspec

from instances.training.schema import (
    DataRecord,
    EdgesRecord,
    NeuronRecord,
    NeuronRef,
    NumberText,
    json_schema,
)

CONTINUOUS_FORMAT = "qnnhard-continuous"
CONTINUOUS_VERSION = 1

ParameterText = Annotated[
    int | str | None,
    msgspec.Meta(description='A frozen value such as 3 or "1/4"; null ranges over the reals.'),
]


class ContinuousRecord(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A continuous instance.

    `weights` has one entry an edge (in the order of `edges`), `biases` one a neuron (ignored
    at inputs). `activation` is an index into `activations` for all neurons, or a list with one
    index a neuron (ignored at inputs).
    """

    format: str
    version: int
    neurons: list[NeuronRecord]
    inputs: list[NeuronRef]
    outputs: list[NeuronRef]
    edges: EdgesRecord
    weights: list[ParameterText]
    biases: list[ParameterText]
    activations: list[str]
    data: DataRecord
    activation: int | list[int] = 0
    loss: Literal["mismatch"] = "mismatch"
    bound: NumberText = 0
    origin: dict[str, str] = {}


def continuous_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file format."""
    (instance,), components = msgspec.json.schema_components(
        (ContinuousRecord,), ref_template="#/$defs/{name}"
    )
    properties = components["ContinuousRecord"]["properties"]
    properties["format"] = {"const": CONTINUOUS_FORMAT}
    properties["version"] = {"const": CONTINUOUS_VERSION}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "qnnhard continuous training instances",
        **instance,
        "$defs": components,
    }


def every_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of all file formats: instances, continuous ones, parameters."""
    discrete, continuous = json_schema(), continuous_json_schema()
    return {
        **discrete,
        "title": "qnnhard training instances, continuous training instances and parameters",
        "oneOf": [*discrete["oneOf"], {"$ref": continuous["$ref"]}],
        "$defs": {**discrete["$defs"], **continuous["$defs"]},
    }
