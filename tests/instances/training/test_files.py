"""Files of instances: what is written comes back as it was, whatever its form."""

import gzip
import json
import pickle
import random
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.training.activations import Activation
from instances.training.files import (
    instance_from_json,
    instance_to_json,
    read_instance,
    read_parameters,
    write_instance,
    write_parameters,
)
from instances.training.instance import layered, quantized
from instances.training.names import NameBlock, name_blocks
from tests.helpers import neuron_instance, random_instance, random_parameters
from tests.instances.training.documents import assert_same, general_document, loads, small_document

numbers = st.one_of(
    st.integers(-9, 9),
    st.integers(),
    st.integers(2**52, 2**65).map(lambda n: n),
    st.fractions(),
)


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


def test_instances_survive_pickling():
    r = random.Random(5)
    for _ in range(20):
        instance = replace(random_instance(r), origin={"reduction": "none"})
        copy = pickle.loads(pickle.dumps(instance))
        assert_same(copy, instance)
        assert not copy.inputs.flags.writeable
