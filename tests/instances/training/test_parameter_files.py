"""Files of parameters, and the instances that they belong to."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from instances.errors import InputError, InvalidWitness
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.files import (
    read_instance,
    read_parameters,
    write_instance,
    write_parameters,
)
from tests.helpers import make_parameters, neuron_instance
from tests.instances.training.documents import SCHEMA


def write_parameter_document(path: Path, **changes: Any) -> str:
    document = {"format": "qnnhard-parameters", "version": 1, "weights": [1, 1],
                "biases": [0, 0, 1], **changes}  # fmt: skip
    path.write_text(json.dumps({k: v for k, v in document.items() if v is not ...}))
    return str(path)


def test_parameters_for_another_instance_are_refused(tmp_path):
    path = str(tmp_path / "p.json")
    one = neuron_instance(2, [((1, 1), (1,))])
    other = neuron_instance(2, [((1, 1), (0,))])
    write_parameters(path, one, make_parameters(one, {}))
    with pytest.raises(InputError, match="belong to another instance"):
        read_parameters(path, other)


def test_parameters_without_a_fingerprint_are_taken_and_judged_by_the_evaluator(tmp_path):
    instance = neuron_instance(2, [((1, 1), (1,))], biases=(0, 1))
    path = write_parameter_document(tmp_path / "p.json")
    assert evaluate(instance, read_parameters(path, instance)).accepted
    path = write_parameter_document(tmp_path / "p.json", weights=[1])
    with pytest.raises(InvalidWitness, match="belong to another instance"):
        evaluate(instance, read_parameters(path, instance))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "qnnhard-instance"},
        {"version": 9},
        {"weights": ...},
        {"weights": [[1, 1]]},
        {"weights": [0.5, 1]},
        {"weights": ["one", 1]},
        {"weights": [None, 1]},
        {"biases": "000"},
        {"more": 1},
        {"instance": 5},
    ],
)
def test_a_wrong_parameter_file_is_refused(tmp_path, changes):
    instance = neuron_instance(2, [((1, 1), (1,))])
    path = write_parameter_document(tmp_path / "p.json", **changes)
    with pytest.raises(InputError, match=r"p\.json: "):
        read_parameters(path, instance)


def test_an_instance_is_no_parameter_file_and_the_reverse(tmp_path):
    instance = neuron_instance(2, [((1, 1), (1,))])
    path = str(tmp_path / "a.json")
    write_instance(path, instance)
    with pytest.raises(InputError, match="'qnnhard-instance' where 'qnnhard-parameters'"):
        read_parameters(path, instance)
    write_parameters(path, instance, make_parameters(instance, {}))
    with pytest.raises(InputError, match="'qnnhard-parameters' where 'qnnhard-instance'"):
        read_instance(path)


def test_big_and_fractional_parameters_come_back_exactly(tmp_path):
    values = (Fraction(-7, 3), -(10**40), 2**53, 2**62, 2**63)
    instance = neuron_instance(5, [], Activation("identity"), weights=tuple(sorted(values)))
    parameters = make_parameters(instance, {(u, 5): value for u, value in enumerate(values)})
    path = str(tmp_path / "p.json")
    write_parameters(path, instance, parameters)
    assert read_parameters(path, instance).weights.tolist() == list(values)
    SCHEMA.validate(json.loads(Path(path).read_bytes()))
