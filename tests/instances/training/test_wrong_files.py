"""Every kind of bad file is refused in one line that names it."""

import gzip
import json
import random
from typing import Any

import pytest

from instances.errors import InputError, InvalidInstance, QnnhardError
from instances.training.activations import Activation
from instances.training.files import (
    instance_from_json,
    instance_to_json,
    read_instance,
    read_parameters,
)
from instances.training.instance import layered
from tests.helpers import neuron_instance
from tests.instances.training.documents import general_document, loads, small_document

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


def test_a_message_stays_short_whatever_it_quotes():
    long = "x" * 100_000
    neurons = [{"name": long}, {"name": "h"}, {"name": "y"}]
    for changes in ({long: 1}, {"neurons": [{"name": long}] * 2}, {"neurons": neurons}):
        with pytest.raises((InputError, InvalidInstance)) as caught:
            instance_from_json(json.dumps({**small_document(), **changes}).encode())
        assert len(str(caught.value)) <= 900
