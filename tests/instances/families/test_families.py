"""Families of training instances: shapes, promises, planted answers, the same bytes again."""

import hashlib

import networkx
import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import InputError
from instances.families import teacher
from instances.families.draws import Draws
from instances.families.planar import DATASETS
from instances.families.registry import FAMILIES
from instances.graphs.treewidth import treewidth_bound
from instances.training.evaluate import _compute_block, evaluate
from instances.training.files import instance_from_json, instance_to_json
from instances.training.in_turn import compute_in_turn
from instances.training.instance import TrainingInstance, z
from instances.training.names import name_blocks
from instances.training.network import Network, sort_edges
from instances.training.neuron_graph import underlying_graph
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import Verdict

SHAPES = {
    "chain": {},
    "ladder": {},
    "caterpillar": {"legs": "2"},
    "layers": {"width": "3"},
    "alternating": {"wide": "4", "narrow": "1"},
    "layer-tree": {"width": "2", "branches": "2"},
    "k-tree": {"k": "3"},
}


def core(instance: TrainingInstance) -> Network:
    """The network without its inputs."""
    network = instance.network
    alpha = len(network.inputs)
    kept = ~network.is_input[network.sources]
    sources, targets = network.sources[kept] - alpha, network.targets[kept] - alpha
    order = sort_edges(sources, targets)
    return Network(
        name_blocks(("n", network.size - alpha)),
        np.array([], dtype=np.int32),
        network.outputs - alpha,
        sources[order],
        targets[order],
        network.activations,
        network.activation[alpha:],
    )


def hidden_edges(name: str, **values: str) -> tuple[TrainingInstance, set[tuple[int, int]]]:
    """A member and its edges between hidden neurons, numbered from 0."""
    given = {"inputs": "0", "points": "1", "d": "2", **values}
    instance = FAMILIES.get(name).generate(given, 3).instance
    network = instance.network
    hidden = ~network.is_output[network.targets]
    ends = zip(network.sources[hidden].tolist(), network.targets[hidden].tolist(), strict=True)
    return instance, set(ends)


def test_the_families_are_those_promised():
    assert set(FAMILIES.all()) == {*SHAPES, "dense", *DATASETS}


@pytest.mark.parametrize("name", FAMILIES.all())
def test_a_seed_gives_the_same_bytes_and_survives_its_file(name):
    made = instance_to_json(FAMILIES.get(name).generate({}, 7).instance)
    assert instance_to_json(FAMILIES.all()[name].generate({}, 7).instance) == made
    assert instance_to_json(FAMILIES.get(name).generate({}, 8).instance) != made
    assert instance_to_json(instance_from_json(made)) == made


def test_the_bytes_are_those_of_other_machines():
    """A digest of all families; it changes only where the generators do."""
    digest = hashlib.sha256()
    for name in sorted(FAMILIES.all()):
        digest.update(FAMILIES.get(name).generate({}, 1).instance.fingerprint.encode())
    assert digest.hexdigest()[:16] == "1d95853226025456"


@pytest.mark.parametrize("d", ["2", "3", "4"])
@pytest.mark.parametrize("name", [*SHAPES, "dense"])
def test_the_teacher_solves_what_it_taught(name, d):
    member = FAMILIES.get(name).generate({"d": d, **SHAPES.get(name, {})}, 5)
    instance = member.instance
    assert member.teacher is not None
    assert evaluate(instance, member.teacher).loss == 0
    assert instance.origin["expected"] == "yes"
    assert (instance.targets != instance.targets[:1]).any()
    assert len(np.unique(instance.inputs, axis=0)) == instance.points
    assert {*instance.inputs.ravel().tolist()} <= set(z(int(d)))
    assert instance.d == int(d)


@pytest.mark.parametrize("name", SHAPES)
def test_sat_finds_planted_members_to_be_yes(name):
    values = {"size": "12", "every": "3", **SHAPES[name]}
    instance = FAMILIES.get(name).generate(values, 2).instance
    assert SatMethod().solve(instance, Deadline(60)).verdict is Verdict.YES


@pytest.mark.parametrize("size", ["1", "2", "3", "5", "8", "40", "61"])
@pytest.mark.parametrize("name", SHAPES)
def test_the_treewidth_without_inputs_is_as_promised(name, size):
    member = FAMILIES.get(name).generate({"size": size, **SHAPES[name]}, 1)
    found = treewidth_bound(underlying_graph(core(member.instance)).graph)
    assert found is not None
    assert member.treewidth is not None
    assert found.upper <= member.treewidth
    if int(size) >= 40:
        assert found.upper == member.treewidth


@pytest.mark.parametrize("name", SHAPES)
def test_outputs_come_every_few_hidden_neurons_and_feed_nothing(name):
    instance = FAMILIES.get(name).generate({"size": "23", "every": "5", **SHAPES[name]}, 1).instance
    network = instance.network
    assert len(network.outputs) == 5
    assert network.size == 2 + 23 + 5
    assert not network.is_output[network.sources].any()
    assert (network.in_degree[network.outputs] > 0).all()
    assert not network.is_input[network.sources[network.is_output[network.targets]]].any()
    assert len(FAMILIES.get(name).generate({"size": "3"}, 1).instance.network.outputs) == 1


def test_a_chain_and_a_ladder_are_what_they_are_called():
    assert hidden_edges("chain", size="5")[1] == {(0, 1), (1, 2), (2, 3), (3, 4)}
    assert hidden_edges("ladder", size="6")[1] == {
        (0, 1), (2, 3), (4, 5), (0, 2), (2, 4), (1, 3), (3, 5)
    }  # fmt: skip


def test_a_caterpillar_has_legs_that_feed_its_path():
    assert hidden_edges("caterpillar", size="8", legs="2")[1] == {
        (0, 2), (1, 2), (3, 5), (4, 5), (2, 5)
    }  # fmt: skip
    assert hidden_edges("caterpillar", size="3", legs="0")[1] == {(0, 1), (1, 2)}


def test_layers_are_complete():
    below, above = {0, 1, 2}, {3, 4, 5}
    full = {(u, v) for u in below for v in above} | {(u, v) for u in above for v in (6, 7)}
    assert hidden_edges("layers", size="8", width="3")[1] == full
    wide = {(0, 2), (1, 2), (2, 3), (2, 4), (3, 5), (4, 5)}
    assert hidden_edges("alternating", size="6", wide="2", narrow="1")[1] == wide


def test_a_tree_of_layers_ends_in_its_root():
    edges = hidden_edges("layer-tree", size="7", width="1", branches="2")[1]
    assert edges == {(0, 4), (1, 4), (2, 5), (3, 5), (4, 6), (5, 6)}
    instance, edges = hidden_edges("layer-tree", size="14", width="2", branches="2")
    assert len(edges) == 4 * 6
    assert {v for _, v in edges if v >= 12} == {12, 13}
    assert instance.network.levels.max() == 3


@pytest.mark.parametrize("k", [1, 2, 4])
def test_a_k_tree_feeds_every_neuron_by_a_clique(k):
    instance, edges = hidden_edges("k-tree", size="30", k=str(k), every="1")
    for v in range(30):
        before = [u for u, w in edges if w == v]
        assert len(before) == min(v, k)
        assert all((a, b) in edges for a in before for b in before if a < b)
    network = instance.network
    for place, output in enumerate(network.outputs.tolist()):
        seen = network.sources[network.in_edges(np.array([output]))].tolist()
        assert len(seen) == min(place + 1, k)
        assert place in seen
        assert all((a, b) in edges for a in seen for b in seen if a < b)
    graph = networkx.Graph(edges)
    assert networkx.is_chordal(graph)


def test_taps_choose_the_inputs_that_a_fed_neuron_sees():
    for taps, seen in (("", 3), ("1", 1), ("0", 0), ("9", 3)):
        values = {"size": "20", "inputs": "3", "taps": taps}
        network = FAMILIES.get("chain").generate(values, 1).instance.network
        hidden = ~network.is_input & ~network.is_output
        by_inputs = np.bincount(
            network.targets[network.is_input[network.sources]], minlength=network.size
        )[hidden]
        assert by_inputs[0] == 3
        assert (by_inputs[1:] == seen).all()


def test_flipped_targets_differ_and_the_bound_decides_what_is_expected():
    plain = FAMILIES.get("ladder").generate({}, 4).instance
    flipped = FAMILIES.get("ladder").generate({"flips": "3"}, 4)
    assert (plain.targets != flipped.instance.targets).sum() == 3
    assert "expected" not in flipped.instance.origin
    forgiven = FAMILIES.get("ladder").generate({"flips": "3", "bound": "3"}, 4)
    assert forgiven.instance.origin["expected"] == "yes"
    assert evaluate(forgiven.instance, forgiven.teacher).accepted
    negative = FAMILIES.get("ladder").generate({"bound": "-1"}, 4).instance
    assert negative.origin["expected"] == "no"
    unplanted = FAMILIES.get("ladder").generate({"planted": "no", "d": "4"}, 4)
    assert unplanted.teacher is None
    assert {*unplanted.instance.targets.ravel().tolist()} <= {0, 1, 2}
    assert "expected" not in unplanted.instance.origin


def test_the_origin_names_family_seed_and_every_setting():
    origin = FAMILIES.get("layers").generate({"size": "9"}, 12).instance.origin
    assert (origin["family"], origin["seed"]) == ("layers", "12")
    assert origin["settings"].startswith("size=9 width=3 d=2 ")


@pytest.mark.parametrize("name", ["chain", "layers", "k-tree"])
def test_neuron_by_neuron_and_level_by_level_agree(name):
    for d in ("2", "3", "5"):
        member = FAMILIES.get(name).generate({"d": d, "size": "60"}, 9)
        network = member.instance.network
        inputs, outputs = member.instance.inputs, network.outputs
        expected = _compute_block(network, member.teacher, inputs, outputs)
        found = compute_in_turn(network, member.teacher, inputs, outputs)
        assert np.array_equal(found, expected)


def test_distinct_inputs_are_distinct_and_all_of_them_where_all_are_wanted():
    rows = teacher.distinct_inputs(3, 2, 9, Draws(0))
    assert rows.tolist() == [[a, b] for a in (-1, 0, 1) for b in (-1, 0, 1)]
    assert teacher.distinct_inputs(2, 0, 1, Draws(0)).shape == (1, 0)
    assert teacher.distinct_inputs(2, 0, 0, Draws(0)).shape == (0, 0)
    for points in (0, 1, 5, 40):
        rows = teacher.distinct_inputs(5, 6, points, Draws(points))
        assert rows.shape == (points, 6)
        assert len(np.unique(rows, axis=0)) == points
        assert rows.tolist() == sorted(rows.tolist())


def test_draws_are_in_range_and_subsets_have_distinct_members():
    draws = Draws(0)
    values = draws.integers(7, 50, 20)
    assert set(values.ravel().tolist()) == set(range(7))
    rows = draws.subsets(40, 6, 3)
    assert (np.diff(rows, axis=1) > 0).all()
    assert set(rows.ravel().tolist()) == set(range(6))


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("chain", {"size": "0"}, "at least 1"),
        ("chain", {"points": "5"}, "only 4 different inputs"),
        ("chain", {"size": "900000000"}, "make the network or data smaller"),
        ("layers", {"size": "100000000", "width": "50"}, "make the network or data smaller"),
        ("chain", {"width": "3"}, "no parameter 'width'"),
        ("chain", {"flips": "99999"}, "there are only"),
        ("chain", {"d": "1"}, "at least 2"),
        ("chain", {"every": "0"}, "at least 1"),
        ("dense", {"widths": "8"}, "two layers or more"),
        ("dense", {"widths": "8-0-1"}, "at least 1"),
        ("dense", {"widths": "8--1"}, "not an integer"),
        ("moons", {"d": "4", "points": "17"}, "fewer different points"),
        ("moons", {"d": "8", "points": "60"}, "fewer different points"),
        ("circles", {"d": "3", "classes": "3"}, "no label above 1"),
        ("moons", {"classes": "3"}, "no parameter"),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_line(name, values, words):
    with pytest.raises(InputError, match=words) as caught:
        FAMILIES.get(name).generate(values, 0)
    assert "\n" not in str(caught.value)


def test_an_unknown_family_is_named():
    with pytest.raises(InputError, match="no family 'nope'; choose from: chain, "):
        FAMILIES.get("nope")
