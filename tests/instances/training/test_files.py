"""Files of instances and parameters: round trips, the schema, and every kind of bad file."""

import gzip
import json
import pickle
import random
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.errors import InputError, InvalidInstance, InvalidWitness, QnnhardError, Unsupported
from instances.files import read_bytes, read_text, write_parts, write_text
from instances.text.numbers import exact_array, parse_number
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.files import (
    instance_from_json,
    instance_to_json,
    read_instance,
    read_parameters,
    write_instance,
    write_parameters,
)
from instances.training.instance import TrainingInstance, layered, quantized
from instances.training.names import NameBlock, name_blocks, name_list
from instances.training.schema import json_schema
from tests.helpers import (
    REPOSITORY,
    make_instance,
    make_network,
    make_parameters,
    neuron_instance,
    objects,
    random_instance,
    random_parameters,
    rows,
)

SCHEMA = jsonschema.Draft202012Validator(json_schema())

numbers = st.one_of(
    st.integers(-9, 9),
    st.integers(),
    st.integers(2**52, 2**65).map(lambda n: n),
    st.fractions(),
)


def small_document(**changes: Any) -> dict[str, Any]:
    """A d-QNNT instance with named neurons, some fields replaced or (``...``) left out."""
    document = {
        "format": "qnnhard-instance",
        "version": 1,
        "neurons": [{"name": "x", "count": 2}, {"name": "h"}, {"name": "y"}],
        "inputs": ["x1", "x2"],
        "outputs": ["y"],
        "edges": {"sources": ["h", "x2", "x1"], "targets": ["y", "h", "h"]},
        "data": {"inputs": [[1, 0], [0, 1]], "targets": [[1], [0]]},
        "d": 2,
        **changes,
    }
    return {key: value for key, value in document.items() if value is not ...}


def general_document(**changes: Any) -> dict[str, Any]:
    """The same network with domains, activations and a loss of its own."""
    return small_document(
        **{
            "d": ...,
            "domains": [[0, 1], ["1/2", 3]],
            "weight_domain": [0, 1, 0],
            "bias_domain": 1,
            "activations": ["relu", "sign"],
            "activation": [0, 0, 1, 0],
            "loss": "l2",
            "bound": "3/2",
            **changes,
        }
    )


def loads(document: Any) -> TrainingInstance:
    return instance_from_json(json.dumps(document).encode())


def assert_same(a: TrainingInstance, b: TrainingInstance) -> None:
    """Equal in every part, not only by fingerprint."""
    assert a == b
    assert a.network.names.all() == b.network.names.all()
    assert a.origin == b.origin
    assert a.network.activations == b.network.activations
    assert (a.domains, a.loss, a.bound, a.d) == (b.domains, b.loss, b.bound, b.d)
    for field in ("inputs", "outputs", "sources", "targets", "activation"):
        assert getattr(a.network, field).tolist() == getattr(b.network, field).tolist()
    for field in ("weight_domain", "bias_domain", "inputs", "targets"):
        assert getattr(a, field).tolist() == getattr(b, field).tolist()
        assert getattr(a, field).dtype == getattr(b, field).dtype


# --- round trips -----------------------------------------------------------------------------


def test_random_instances_and_parameters_come_back_as_they_were(tmp_path):
    for seed in range(400):
        r = random.Random(seed)
        instance = replace(random_instance(r), origin={"seed": str(seed), "é\n": "ü"})
        assert_same(instance, instance_from_json(instance_to_json(instance)))
        parameters = random_parameters(r, instance)
        path = str(tmp_path / "parameters.json")
        write_parameters(path, instance, parameters)
        assert read_parameters(path, instance) == parameters


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_exact_numbers_come_back_as_they_were(data):
    domain = tuple(sorted(data.draw(st.sets(numbers, min_size=1, max_size=4))))
    points = data.draw(st.lists(st.tuples(numbers, numbers, numbers), max_size=3))
    instance = neuron_instance(
        2,
        [((a, b), (c,)) for a, b, c in points],
        Activation("identity"),
        weights=domain,
        biases=domain,
        loss=data.draw(st.sampled_from(["mismatch", "l1", "l2"])),
        bound=data.draw(numbers),
    )
    assert_same(instance, instance_from_json(instance_to_json(instance)))


@pytest.mark.parametrize("name", ["instance.json", "instance.json.gz"])
def test_a_file_comes_back_as_it_was(tmp_path, name):
    instance = layered([2, 3, 1], 3, ([[0, 1], [-1, 1]], [[1], [0]]), bound=1)
    path = str(tmp_path / name)
    write_instance(path, instance)
    assert_same(read_instance(path), instance)


def test_a_gz_file_is_compressed_and_carries_no_time(tmp_path, monkeypatch):
    instance = layered([2, 1], 2, ([], []))
    first, second = tmp_path / "a.json.gz", tmp_path / "b.json.gz"
    write_instance(str(first), instance)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 10**6)
    write_instance(str(second), instance)
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()) == instance_to_json(instance)


def test_names_are_kept_in_blocks_and_singly():
    names = name_blocks(("x", 2), "bias_unit", NameBlock("h", 2, 7), "é↦")
    instance = quantized(2, names, [0, 1], [5], ([0], [5]), ([], []))
    back = instance_from_json(instance_to_json(instance))
    assert back.network.names.all() == ["x1", "x2", "bias_unit", "h7", "h8", "é↦"]
    assert back.network.names == names


def test_neurons_may_be_given_by_name_and_edges_in_any_order():
    instance = loads(small_document())
    assert [instance.network.edge_name(e) for e in range(3)] == ["x1,h", "x2,h", "h,y"]
    by_number = small_document(
        inputs=[0, 1], outputs=[3], edges={"sources": [0, 1, 2], "targets": [2, 2, 3]}
    )
    assert_same(instance, loads(by_number))


def test_lists_an_edge_follow_the_edges_as_they_are_listed():
    instance = loads(general_document())
    index = {instance.network.edge_name(e): int(d) for e, d in enumerate(instance.weight_domain)}
    assert index == {"h,y": 0, "x2,h": 1, "x1,h": 0}
    assert instance.domains == ((0, 1), (Fraction(1, 2), 3))
    assert instance.bias_domain.tolist() == [-1, -1, 1, 1]
    kinds = [str(instance.network.activations[a]) for a in instance.network.activation[2:]]
    assert kinds == ["sign", "relu"]
    assert (instance.loss, instance.bound) == ("l2", Fraction(3, 2))


def test_numbers_may_be_texts_and_fractions_are_normalised():
    document = general_document(
        data={"inputs": [["2/4", "-7"], [str(10**30), 0]], "targets": [["4/2"], ["-1/3"]]}
    )
    instance = loads(document)
    assert instance.inputs.tolist() == [[Fraction(1, 2), -7], [10**30, 0]]
    assert instance.targets.tolist() == [[2], [Fraction(-1, 3)]]


@pytest.mark.parametrize(
    "value",
    [
        2**53,
        2**62 - 1,
        2**62,
        -(2**62),
        2**63 - 1,
        -(2**63),
        2**64,
        10**30,
        -(10**30),
    ],
)
def test_a_large_integer_is_read_exactly_as_number_and_as_text(value):
    for written in (value, str(value)):
        document = general_document(data={"inputs": [[written, 0]], "targets": [[written]]})
        instance = loads(document)
        assert instance.inputs.tolist() == [[value, 0]]
        assert instance.targets.tolist() == [[value]]
        assert_same(instance, instance_from_json(instance_to_json(instance)))


@pytest.mark.parametrize("value", [2**63, 2**64 - 1])
def test_a_column_of_integers_between_2_63_and_2_64_is_read_exactly(value):
    document = general_document(data={"inputs": [[value, value]], "targets": [[value]]})
    assert loads(document).inputs.tolist() == [[value, value]]


def test_domains_of_a_file_may_come_in_any_order_and_repeat():
    instance = loads(general_document(domains=[[1, 0, 1], ["6/2", "1/2"]]))
    assert instance.domains == ((0, 1), (Fraction(1, 2), 3))


def test_the_file_form_has_one_key_a_line_and_is_the_same_every_time():
    instance = layered([2, 3, 1], 2, ([[0, 1]], [[1]]))
    content = instance_to_json(instance)
    assert content == instance_to_json(instance_from_json(content))
    lines = content.decode().splitlines()
    keys = [line.split(":")[0].strip('"') for line in lines[1:-1]]
    assert keys == list(json.loads(content))


def test_a_large_instance_is_written_and_read_in_seconds(tmp_path):
    r = np.random.default_rng(0)
    fan_in, omega = 300, 1000
    instance = layered(
        [fan_in, omega], 2, (r.integers(0, 2, (20, fan_in)), r.integers(0, 2, (20, omega)))
    )
    path = str(tmp_path / "large.json.gz")
    begin = time.perf_counter()
    write_instance(path, instance)
    assert read_instance(path) == instance
    assert time.perf_counter() - begin < 20
    assert instance.network.edges == 300_000


# --- the schema ------------------------------------------------------------------------------


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


# --- files that are no instances --------------------------------------------------------------

WRONG_CONTENTS: dict[str, tuple[Any, str]] = {
    "neither d nor domains": (small_document(d=...), "either d, or domains"),
    "an unknown neuron by name": (small_document(outputs=["z"]), "'z' is unknown"),
    "an unknown neuron by number": (small_document(outputs=[4]), "4 is unknown"),
    "a negative neuron": (small_document(outputs=[-1]), "-1 is unknown"),
    "a huge neuron": (small_document(outputs=[10**30]), "is unknown"),
    "an unknown source": (
        small_document(edges={"sources": ["q"], "targets": ["y"]}), "'q' is unknown"),
    "more sources than targets": (
        small_document(edges={"sources": [0, 1], "targets": [2]}), "2 sources but 1 targets"),
    "a cycle": (
        small_document(edges={"sources": ["h", "y"], "targets": ["y", "h"]}), "cycle"),
    "a loop": (small_document(edges={"sources": ["h"], "targets": ["h"]}), "cycle"),
    "a duplicate edge": (
        small_document(edges={"sources": ["h", "h"], "targets": ["y", "y"]}), "occurs twice"),
    "an edge into an input": (
        small_document(edges={"sources": ["h"], "targets": ["x1"]}), "has a predecessor"),
    "an output that is an input": (small_document(outputs=["x1"]), "both an input and"),
    "a repeated input": (small_document(inputs=["x1", "x1"]), "occurs twice"),
    "a short row": (
        small_document(data={"inputs": [[1]], "targets": [[1]]}), "point 1 has 1 values"),
    "a long row of targets": (
        small_document(data={"inputs": [[1, 0]], "targets": [[1, 1]]}), "targets: point 1 has 2"),
    "fewer targets than inputs": (
        small_document(data={"inputs": [[1, 0]], "targets": []}), "1 inputs but 0 targets"),
    "data outside Z_d": (
        small_document(data={"inputs": [[2, 0]], "targets": [[1]]}), "outside Z_2"),
    "a huge datum of a quantized instance": (
        small_document(data={"inputs": [[10**40, 0]], "targets": [[1]]}), "outside Z_2"),
    "d of 1": (small_document(d=1), "d=1"),
    "d of -2": (small_document(d=-2), "d=-2"),
    "a huge d": (small_document(d=10**30), "quantization levels"),
    "d with another activation": (small_document(activations=["sign"]), "activation must be"),
    "d with another ceiling": (
        small_document(activations=["relu_clipped(2)"]), "activation must be"),
    "d with other domains": (small_document(domains=[[0, 1, 2]]), "range over Z_2"),
    "d with another loss": (small_document(loss="l1"), "loss must be mismatch"),
    "an empty domain": (general_document(domains=[[], [1]]), "domain 0 is empty"),
    "no domains": (general_document(domains=[]), "indices of domains"),
    "a domain index past the end": (general_document(bias_domain=2), "indices of domains"),
    "a negative domain index": (general_document(weight_domain=-1), "indices of domains"),
    "a huge domain index": (general_document(weight_domain=2**40), "too large"),
    "a huge domain index in a list": (general_document(weight_domain=[0, 0, 2**32]), "too large"),
    "a domain index beyond 64 bits": (general_document(weight_domain=[0, 0, 2**70]), "too large"),
    "too few domain indices": (general_document(weight_domain=[0]), "1 entries where 3"),
    "too few activation indices": (general_document(activation=[0]), "1 entries where 4"),
    "an activation index past the end": (general_document(activation=7), "activation: indices"),
    "an unknown activation": (general_document(activations=["tanh"]), "no activation 'tanh'"),
    "a bad ceiling": (general_document(activations=["relu_clipped(x)"]), "integer M"),
    "an unknown loss": (general_document(loss="hinge"), "no loss 'hinge'"),
    "a bound that is no number": (general_document(bound="much"), "'much' is not an integer"),
    "a division by zero": (general_document(bound="1/0"), "'1/0' is not"),
    "a datum that is no number": (
        general_document(data={"inputs": [["a", 0]], "targets": [[1]]}), "'a' is not an integer"),
    "a decimal datum": (
        general_document(data={"inputs": [["0.5", 0]], "targets": [[1]]}), "'0.5' is not"),
    "an empty datum": (
        general_document(data={"inputs": [["", 0]], "targets": [[1]]}), "'' is not an integer"),
    "duplicate names, used": (
        small_document(neurons=[{"name": "x", "count": 2}, {"name": "h"}, {"name": "h"}]),
        "two neurons are called 'h'"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_CONTENTS)
def test_a_file_that_is_no_instance_is_refused_in_one_line_with_its_name(tmp_path, name):
    document, message = WRONG_CONTENTS[name]
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(document))
    with pytest.raises(InputError) as error:
        read_instance(str(path))
    text = str(error.value)
    assert text.startswith(f"{path}: ")
    assert message in text
    assert "\n" not in text


def test_a_name_of_digits_is_a_name():
    found = loads(
        small_document(
            neurons=[{"name": name} for name in "1320"], inputs=["1", "3"], outputs=["0"],
            edges={"sources": ["1", 1, "2"], "targets": [2, "2", "0"]},
        )
    )  # fmt: skip
    network = found.network
    assert (network.inputs.tolist(), network.outputs.tolist()) == ([0, 1], [3])
    assert [network.edge_name(edge) for edge in range(3)] == ["1,2", "3,2", "2,0"]


def test_duplicate_names_are_refused_also_where_edges_are_numbers():
    document = small_document(
        neurons=[{"name": "h"}] * 4, inputs=[0, 1], outputs=[3],
        edges={"sources": [0, 1, 2], "targets": [2, 2, 3]},
    )  # fmt: skip
    with pytest.raises((InputError, InvalidInstance), match="two neurons are called 'h'"):
        loads(document)


def test_a_name_with_a_line_end_is_refused():
    neurons = [{"name": "x", "count": 2}, {"name": "h\n1 0"}, {"name": "y"}]
    document = small_document(neurons=neurons, edges={"sources": [0, 1, 2], "targets": [2, 2, 3]})
    with pytest.raises((InputError, InvalidInstance)):
        loads(document)


@pytest.mark.parametrize("count", [2**63, 10**30])
def test_a_huge_count_of_neurons_is_refused(count):
    document = small_document(
        neurons=[{"name": "x", "count": count}],
        inputs=[],
        outputs=[],
        edges={"sources": [], "targets": []},
        data={"inputs": [], "targets": []},
    )
    with pytest.raises((InputError, InvalidInstance)):
        loads(document)


def test_a_number_of_more_digits_than_python_prints_is_written_or_refused():
    instance = neuron_instance(1, [], Activation("identity"), weights=(10**5000,))
    try:
        content = instance_to_json(instance)
    except QnnhardError:
        return
    assert instance_from_json(content).domains == instance.domains


def bad_bytes() -> dict[str, bytes]:
    whole = json.dumps(small_document()).encode()
    return {
        "empty": b"",
        "blank": b"  \n",
        "truncated": whole[: len(whole) // 2],
        "one byte short": whole[:-1],
        "two documents": whole + whole,
        "binary": bytes(range(256)),
        "zeros": bytes(100),
        "not UTF-8": whole.replace(b'"h"', b'"\xff\xfe"'),
        "UTF-16": whole.decode().encode("utf-16"),
        "byte order mark": b"\xef\xbb\xbf" + whole,
        "lone surrogate": whole.replace(b'"h"', b'"\\ud800"'),
        "deeply nested lists": b"[" * 200_000 + b"]" * 200_000,
        "deeply nested objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "deeply nested field": whole.replace(b'"d": 2', b'"d": ' + b"[" * 100_000),
        "NaN": whole.replace(b'"d": 2', b'"d": NaN'),
        "an exponent": whole.replace(b'"d": 2', b'"d": 1e999'),
        "DIMACS": b"p cnf 1 1\n1 0\n",
        "a huge number": whole.replace(b'"d": 2', b'"d": ' + b"9" * 5000),
        "a huge datum": whole.replace(b"[1, 0]", b"[" + b"9" * 5000 + b", 0]"),
    }


@pytest.mark.parametrize("name", bad_bytes())
def test_bytes_that_are_no_instance_are_refused_in_one_line(tmp_path, name):
    path = tmp_path / "bad.json"
    path.write_bytes(bad_bytes()[name])
    instance = layered([2, 1], 2, ([], []))
    for read in (read_instance, lambda p: read_parameters(p, instance)):
        with pytest.raises(InputError) as error:
            read(str(path))
        assert str(error.value).startswith(f"{path}: ")
        assert len(str(error.value)) < 400


def test_random_damage_never_causes_another_exception():
    whole = instance_to_json(layered([2, 2, 1], 3, ([[0, 1], [1, -1]], [[1], [0]])))
    r = random.Random(0)
    outcomes = set()
    for _ in range(3000):
        damaged = bytearray(whole)
        for _ in range(r.randint(1, 3)):
            place = r.randrange(len(damaged))
            match r.randrange(3):
                case 0:
                    damaged[place] = r.randrange(256)
                case 1:
                    del damaged[place : place + r.randint(1, 9)]
                case _:
                    damaged[place:place] = r.choice([b"0", b"-", b"[", b'"', b"]", b",", b"9999"])
        try:
            instance_from_json(bytes(damaged))
            outcomes.add("read")
        except (InputError, InvalidInstance):
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_instance(str(tmp_path / "nothing.json"))
    with pytest.raises(InputError, match="cannot be read"):
        read_instance(str(tmp_path))
    with pytest.raises(InputError, match="cannot be read"):
        read_instance("a\0b")


@pytest.mark.parametrize("cut", [0, 1, 10, -8, -1])
def test_a_damaged_gz_file_is_refused(tmp_path, cut):
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(instance_to_json(layered([2, 1], 2, ([], []))))[:cut])
    with pytest.raises(InputError):
        read_instance(str(path))


def test_a_gz_name_on_plain_text_is_refused(tmp_path):
    path = tmp_path / "a.json.gz"
    path.write_bytes(instance_to_json(layered([2, 1], 2, ([], []))))
    with pytest.raises(InputError, match="not a whole gzip file"):
        read_instance(str(path))


# --- parameters ------------------------------------------------------------------------------


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


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1_000", " 7", "7 ", "+7", "1 /2", "1/ 2", "٣", "1/-2"])
def test_a_number_written_in_another_way_has_the_value_that_it_seems_to_have(text):
    # Python's own reading is lenient; what matters is that nothing is misread.
    plain = text.replace("_", "").replace(" ", "").replace("٣", "3")
    try:
        found = parse_number(text)
    except InputError:
        return
    numerator, _, denominator = plain.partition("/")
    assert found == Fraction(int(numerator), int(denominator or 1))


@pytest.mark.parametrize("text", ["", "/", "1/", "/2", "1/2/3", "1.5", "1e3", "nan", "0x10", "--1"])
def test_a_text_that_is_no_number_is_refused(text):
    with pytest.raises(InputError, match="is not an integer or a fraction"):
        parse_number(text)


def test_a_long_text_that_is_no_number_is_shortened_in_the_message():
    with pytest.raises(InputError) as error:
        parse_number("9" * 10_000 + "x")
    assert len(str(error.value)) < 120


@pytest.mark.parametrize("text", ["9" * 5000, "-" + "9" * 5000, "1/" + "9" * 5000])
def test_too_many_digits_are_refused_with_the_limit(text):
    before = sys.get_int_max_str_digits()
    try:
        sys.set_int_max_str_digits(4300)
        with pytest.raises(InputError, match=r"\.\.\.' is too large: at most 4300 digits"):
            parse_number(text)
        sys.set_int_max_str_digits(6000)
        assert str(parse_number(text)) == text
    finally:
        sys.set_int_max_str_digits(before)


def test_equal_contents_have_equal_representations_whatever_they_came_from():
    for value in (0, 2**62 - 1, 2**62, -(2**62), 2**63 - 1):
        from_objects = exact_array(objects([value]), (1,))
        from_integers = exact_array(np.array([value], dtype=np.int64), (1,))
        assert from_objects.dtype == from_integers.dtype


def test_an_instance_has_one_fingerprint_however_its_large_data_were_given():
    value = 2**62 - 1
    network = make_network(2, [0], [1], [(0, 1)])
    given_as_objects = make_instance(network, [((value,), (0,))])
    given_as_integers = replace(given_as_objects, inputs=np.array([[value]], dtype=np.int64))
    assert given_as_objects == given_as_integers


# --- fingerprints ----------------------------------------------------------------------------


def variations() -> dict[str, TrainingInstance]:
    """One instance and others that each differ from it in one thing."""
    base = loads(general_document())
    network = base.network
    flipped = make_network(
        4, [0, 1], [3], [(0, 2), (1, 2), (0, 3), (2, 3)], Activation("relu"), network.names
    )
    return {
        "base": base,
        "bound": replace(base, bound=2),
        "loss": replace(base, loss="l1"),
        "domain": replace(base, domains=((0, 2), base.domains[1])),
        "one more value": replace(base, domains=((0, 1, 2), base.domains[1])),
        "weight domain": replace(base, weight_domain=1 - base.weight_domain),
        "bias domain": replace(base, bias_domain=[-1, -1, 0, 1]),
        "datum": replace(base, inputs=base.inputs * 0),
        "target": replace(base, targets=base.targets * 2),
        "order of points": replace(base, inputs=base.inputs[::-1], targets=base.targets[::-1]),
        "repeated points": replace(
            base, inputs=np.tile(base.inputs, (2, 1)), targets=np.tile(base.targets, (2, 1))
        ),
        "activation": replace(base, network=replace(network, activation=[-1, -1, 0, 0])),
        "kind": replace(
            base, network=replace(network, activations=(Activation("relu"), Activation("step")))
        ),
        "order of inputs": replace(base, network=replace(network, inputs=[1, 0])),
        "output": replace(base, network=replace(network, outputs=[2])),
        "edge": replace(base, network=flipped, weight_domain=[0, 1, 0, 0]),
    }


def test_any_change_gives_another_fingerprint():
    found = {name: instance.fingerprint for name, instance in variations().items()}
    assert len(set(found.values())) == len(found)
    assert all(len(value) == 64 and int(value, 16) >= 0 for value in found.values())


def test_equal_content_gives_equal_fingerprints_whatever_names_and_origin():
    base = loads(general_document())
    named = replace(base, network=replace(base.network, names=name_list(["a", "b", "c", "d"])))
    described = replace(base, origin={"seed": "1"})
    as_objects = replace(base, inputs=rows(base.inputs.tolist(), 2))
    for other in (loads(general_document()), named, described, as_objects):
        assert other == base
        assert hash(other) == hash(base)
        assert other.fingerprint == base.fingerprint
    assert base != "something else"


def test_the_fingerprint_is_the_same_in_every_process():
    """Parameter files name their instance by it."""
    instance = loads(general_document())
    program = (
        "import sys; from instances.training.files import instance_from_json as read; "
        "print(read(sys.stdin.buffer.read()).fingerprint)"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            input=instance_to_json(instance),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            check=True,
        )
        assert run.stdout.decode().strip() == instance.fingerprint


def test_unused_domains_and_activations_do_not_change_a_fingerprint():
    """A d-QNNT file does not keep them."""
    base = layered([2, 1], 2, ([[0, 1]], [[1]]))
    spare = replace(
        base,
        domains=((7,), *base.domains),
        weight_domain=base.weight_domain + 1,
        bias_domain=[-1, -1, 1],
        network=replace(base.network, activations=(*base.network.activations, Activation("sign"))),
    )
    assert spare.fingerprint == base.fingerprint
    assert instance_from_json(instance_to_json(spare)) == base


# --- writing ---------------------------------------------------------------------------------


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writing_leaves_only_the_file(tmp_path):
    write_text(str(tmp_path / "a.txt"), "one")
    write_text(str(tmp_path / "a.txt"), "two")
    assert read_text(str(tmp_path / "a.txt")) == "two"
    assert left_in(tmp_path) == ["a.txt"]


def test_writing_into_a_missing_folder_leaves_nothing(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        write_text(str(tmp_path / "missing" / "a.txt"), "one")
    assert left_in(tmp_path) == []


def test_writing_onto_a_folder_is_refused(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_text(str(tmp_path / "a"), "one")
    assert left_in(tmp_path) == ["a"]
    assert left_in(tmp_path / "a") == []


@pytest.mark.skipif("os.geteuid() == 0", reason="nothing is unwritable for root")
def test_writing_into_an_unwritable_folder_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            write_text(str(path), "new")
        assert path.read_text() == "old"
        assert left_in(tmp_path) == ["a.txt"]
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (OSError(28, "No space left on device"), InputError),
        (KeyboardInterrupt("stop"), KeyboardInterrupt),
        (Unsupported("too large"), Unsupported),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_failing_write_leaves_the_old_file_and_no_part_of_the_new_one(
    tmp_path, name, error, shown
):
    path = tmp_path / name
    path.write_text("old")

    def interrupted():
        yield b"new content"
        assert len(left_in(tmp_path)) == 2
        raise error

    with pytest.raises(shown, match=getattr(error, "strerror", str(error))):
        write_parts(str(path), interrupted())
    assert path.read_text() == "old"
    assert left_in(tmp_path) == [name]


@pytest.mark.parametrize("parts", [[], [b""], [b"one", b"", b" two"], [b"x" * 99_999] * 9])
def test_parts_are_written_one_after_the_other(tmp_path, capfdbinary, parts):
    content = b"".join(parts)
    for name in ("a", "a.gz", "-"):
        assert write_parts(str(tmp_path / name) if name != "-" else name, parts) == len(content)
    assert read_bytes(str(tmp_path / "a")) == read_bytes(str(tmp_path / "a.gz")) == content
    assert capfdbinary.readouterr().out == content
    assert (tmp_path / "a.gz").read_bytes() == gzip.compress(content, mtime=0)


def test_parts_are_taken_as_they_are_written(tmp_path):
    """No more than one is needed at a time."""

    def parts():
        for number in range(4):
            yield b"x" * 100_000
            written = sum(path.stat().st_size for path in tmp_path.iterdir())
            assert written >= number * 100_000

    write_parts(str(tmp_path / "a"), parts())


@pytest.mark.parametrize("name", ["file/a.txt", "n" * 300])
def test_an_impossible_name_is_refused_in_one_line(tmp_path, name):
    (tmp_path / "file").write_text("a file, not a folder")
    with pytest.raises(InputError, match="cannot be written"):
        write_text(str(tmp_path / name), "one")


def test_a_device_is_written_to_and_not_replaced():
    write_text("/dev/null", "one")
    assert not Path("/dev/null").is_file()


def test_a_full_device_is_refused():
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with pytest.raises(InputError, match="cannot be written"):
        write_text("/dev/full", "one")


def test_text_that_is_not_utf_8_is_refused_with_its_place(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc\xff")
    with pytest.raises(InputError, match="byte 3 is not UTF-8"):
        read_text(str(path))
    assert read_bytes(str(path)) == b"abc\xff"


def test_instances_survive_pickling():
    r = random.Random(5)
    for _ in range(20):
        instance = replace(random_instance(r), origin={"reduction": "none"})
        copy = pickle.loads(pickle.dumps(instance))
        assert_same(copy, instance)
        assert not copy.inputs.flags.writeable


def test_a_message_stays_short_whatever_it_quotes():
    long = "x" * 100_000
    neurons = [{"name": long}, {"name": "h"}, {"name": "y"}]
    for changes in ({long: 1}, {"neurons": [{"name": long}] * 2}, {"neurons": neurons}):
        with pytest.raises((InputError, InvalidInstance)) as caught:
            instance_from_json(json.dumps({**small_document(), **changes}).encode())
        assert len(str(caught.value)) <= 900
