"""Files of continuous instances and exact evaluation: round trips and every kind of bad file."""

import json
import random
from fractions import Fraction

import jsonschema
import numpy as np
import pytest

from instances.continuous.evaluate import evaluate_continuous
from instances.continuous.files import (
    continuous_from_json,
    continuous_to_json,
    read_continuous,
    write_continuous,
)
from instances.continuous.instance import ContinuousInstance
from instances.errors import InputError, InvalidInstance, InvalidWitness, QnnhardError
from instances.training.files import read_parameters, write_parameters
from instances.training.parameters import Parameters
from instances.training.schema import json_schema
from tests.helpers import naive_loss, objects, random_instance, random_parameters

SCHEMA = jsonschema.Draft202012Validator(json_schema())


def random_continuous(r: random.Random) -> tuple[ContinuousInstance, Parameters]:
    """The network and data of a random instance with values that are frozen at random."""
    source = random_instance(r)
    parameters = random_parameters(r, source)
    real_biases = np.array([r.random() < 0.5 for _ in range(source.network.size)], dtype=bool)
    instance = ContinuousInstance(
        network=source.network,
        frozen=parameters,
        real_weights=np.array([r.random() < 0.5 for _ in range(source.network.edges)], dtype=bool),
        real_biases=real_biases & ~source.network.is_input,
        inputs=source.inputs,
        targets=source.targets,
        bound=source.bound,
        origin={"made": "here"},
    )
    return instance, parameters


def document(**changes):
    """One neuron f = relu(w x + 1/2 u - b) with real w and b; ``...`` leaves a field out."""
    made = {
        "format": "qnnhard-continuous",
        "version": 1,
        "neurons": [{"name": "x"}, {"name": "u"}, {"name": "o"}],
        "inputs": ["x", "u"],
        "outputs": ["o"],
        "edges": {"sources": ["u", "x"], "targets": ["o", "o"]},
        "weights": ["1/2", None],
        "biases": [None, 0, None],
        "activations": ["relu"],
        "data": {"inputs": [[1, 0], [0, 1]], "targets": [["1/3"], [0]]},
    }
    made.update(changes)
    return {key: value for key, value in made.items() if value is not ...}


def test_round_trip(tmp_path):
    r = random.Random(1)
    for number in range(200):
        instance, parameters = random_continuous(r)
        path = str(tmp_path / f"{number}.json")
        write_continuous(path, instance)
        read = read_continuous(path)
        assert read == instance
        assert read.origin == instance.origin
        assert continuous_to_json(read) == continuous_to_json(instance)
        SCHEMA.validate(json.loads(continuous_to_json(instance)))
        write_parameters(path, instance, parameters)
        assert read_parameters(path, read) == parameters


def test_evaluation_is_the_mismatch_of_the_definition():
    r = random.Random(2)
    checked = 0
    for _ in range(300):
        source = random_instance(r)
        if source.loss != "mismatch":
            continue
        checked += 1
        network = source.network
        free = ~network.is_input
        instance = ContinuousInstance(
            network,
            Parameters(objects([0] * network.edges), objects([0] * network.size)),
            np.ones(network.edges, dtype=bool),
            free,
            source.inputs,
            source.targets,
            source.bound,
        )
        parameters = Parameters(
            objects(Fraction(r.randint(-9, 9), r.randint(1, 5)) for _ in range(network.edges)),
            objects(Fraction(r.randint(-9, 9), 4) if real else 0 for real in free),
        )
        evaluation = evaluate_continuous(instance, parameters)
        assert evaluation.loss == naive_loss(source, parameters)
        assert evaluation.accepted == (evaluation.loss <= source.bound)
    assert checked > 100


def test_edges_carry_their_weights_in_any_order():
    instance = continuous_from_json(json.dumps(document()).encode())
    assert instance.network.sources.tolist() == [0, 1]
    assert instance.real_weights.tolist() == [True, False]
    assert instance.frozen.weights.tolist() == [0, Fraction(1, 2)]
    assert instance.real_biases.tolist() == [False, False, True]
    assert instance.real == 2
    good = Parameters(objects([Fraction(5, 6), Fraction(1, 2)]), objects([0, 0, Fraction(1, 2)]))
    assert evaluate_continuous(instance, good).accepted
    bad = Parameters(objects([Fraction(5, 6), 1]), objects([0, 0, Fraction(1, 2)]))
    with pytest.raises(InvalidWitness, match="frozen at 1/2"):
        evaluate_continuous(instance, bad)
    with pytest.raises(InvalidWitness, match="another instance"):
        evaluate_continuous(instance, Parameters(objects([1]), objects([0, 0, 1])))


def test_fingerprint_tells_real_from_frozen():
    base = continuous_from_json(json.dumps(document()).encode())
    for change in (
        {"weights": ["1/2", 0]},
        {"weights": [None, None]},
        {"biases": [0, 0, 0]},
        {"bound": 1},
        {"activations": ["identity"]},
    ):
        assert continuous_from_json(json.dumps(document(**change)).encode()) != base
    assert continuous_from_json(json.dumps(document(origin={"a": "b"})).encode()) == base


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "version 2"),
        ({"format": "qnnhard-instance"}, "qnnhard-continuous"),
        ({"colour": 1}, "colour"),
        ({"loss": "l2"}, "l2"),
        ({"weights": [1]}, "1 entries where 2"),
        ({"biases": [1]}, "1 entries where 3"),
        ({"biases": ...}, "biases"),
        ({"weights": ["x", None]}, "not an integer"),
        ({"weights": [0.5, None]}, "weights"),
        ({"activations": ["tanh"]}, "tanh"),
        ({"outputs": ["q"]}, "'q' is unknown"),
        ({"edges": {"sources": [2], "targets": [2, 2]}}, "1 sources but 2"),
        ({"edges": {"sources": [0, 0], "targets": [2, 2]}}, "occurs twice"),
        ({"data": {"inputs": [[1]], "targets": [[1]]}}, "needed"),
        ({"data": {"inputs": [[1, 2]], "targets": []}}, "1 inputs but 0"),
        ({"bound": "1/0"}, "1/0"),
    ],
)
def test_bad_files(tmp_path, change, words):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document(**change)))
    with pytest.raises(InputError) as raised:
        read_continuous(str(path))
    message = str(raised.value)
    assert message.startswith(str(path))
    assert words in message
    assert "\n" not in message


def test_any_bytes_give_one_line(tmp_path):
    r = random.Random(3)
    whole = json.dumps(document()).encode()
    messages = []
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(r.randint(1, 3)):
            content[r.randrange(len(content))] = r.randrange(256)
        try:
            continuous_from_json(bytes(content[: r.randint(0, len(content))]))
        except QnnhardError as error:
            messages.append(str(error))
    assert len(messages) > 200
    assert not any("\n" in message for message in messages)


def test_parameters_of_another_instance(tmp_path):
    instance = continuous_from_json(json.dumps(document()).encode())
    other = continuous_from_json(json.dumps(document(bound=1)).encode())
    path = str(tmp_path / "p.json")
    write_parameters(path, instance, instance.frozen)
    with pytest.raises(InputError, match="another instance"):
        read_parameters(path, other)


def test_parts_that_do_not_fit():
    instance = continuous_from_json(json.dumps(document()).encode())
    network, frozen = instance.network, instance.frozen
    weights, biases = instance.real_weights, instance.real_biases
    data = (instance.inputs, instance.targets)
    with pytest.raises(InvalidInstance, match="real_weights"):
        ContinuousInstance(network, frozen, biases, biases, *data)
    with pytest.raises(InvalidInstance, match="inputs have no bias"):
        ContinuousInstance(network, frozen, weights, np.ones(3, dtype=bool), *data)
    with pytest.raises(InvalidInstance, match="weights"):
        ContinuousInstance(
            network, Parameters(frozen.biases, frozen.biases), weights, biases, *data
        )
