"""The schema accepts what is written, and refuses the shapes that the reader refuses."""

import json
import random
from typing import Any

import jsonschema
import pytest

from instances.errors import InputError
from instances.training.files import instance_to_json, write_parameters
from instances.training.schema import json_schema
from tests.helpers import random_instance, random_parameters
from tests.instances.training.documents import SCHEMA, general_document, loads, small_document


def test_the_schema_is_a_valid_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert json.loads(json.dumps(json_schema())) == json_schema()


def test_the_schema_accepts_every_written_file(tmp_path):
    path = tmp_path / "parameters.json"
    for seed in range(100):
        r = random.Random(seed)
        instance = random_instance(r)
        SCHEMA.validate(json.loads(instance_to_json(instance)))
        write_parameters(str(path), instance, random_parameters(r, instance))
        SCHEMA.validate(json.loads(path.read_bytes()))


def test_the_schema_accepts_the_hand_written_forms():
    SCHEMA.validate(small_document())
    SCHEMA.validate(general_document())


WRONG_SHAPES: dict[str, Any] = {
    "a list": [],
    "a number": 7,
    "null": None,
    "a text": "qnnhard-instance",
    "an empty object": {},
    "an unknown key": small_document(extra=1),
    "no neurons": small_document(neurons=...),
    "no edges": small_document(edges=...),
    "no data": small_document(data=...),
    "edges as pairs": small_document(edges=[[0, 2], [1, 2], [2, 3]]),
    "edges without targets": small_document(edges={"sources": [0]}),
    "data without targets": small_document(data={"inputs": []}),
    "a float datum": small_document(data={"inputs": [[0.5, 0]], "targets": [[1]]}),
    "a null datum": small_document(data={"inputs": [[None, 0]], "targets": [[1]]}),
    "a boolean datum": small_document(data={"inputs": [[True, 0]], "targets": [[1]]}),
    "a flat matrix": small_document(data={"inputs": [1, 0], "targets": [[1]]}),
    "d as text": small_document(d="2"),
    "a fractional version": small_document(version=1.5),
    "a version as text": small_document(version="1"),
    "neurons as a number": small_document(neurons=4),
    "a neuron without name": small_document(neurons=[{"count": 4}]),
    "a count of 0": small_document(neurons=[{"name": "x", "count": 0}]),
    "a negative count": small_document(neurons=[{"name": "x", "count": -3}]),
    "origin as a list": small_document(origin=[]),
    "origin of numbers": small_document(origin={"seed": 1}),
    "a loss as a number": general_document(loss=1),
    "domains as a list of numbers": general_document(domains=[0, 1]),
    "a wrong version": small_document(version=2),
    "a wrong format": small_document(format="qnnhard-parameters"),
    "another format": small_document(format="cnf"),
}


@pytest.mark.parametrize("name", WRONG_SHAPES)
def test_reader_and_schema_refuse_a_wrong_shape(name):
    document = WRONG_SHAPES[name]
    with pytest.raises(InputError):
        loads(document)
    assert not SCHEMA.is_valid(document)
