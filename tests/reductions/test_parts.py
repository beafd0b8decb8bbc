"""Which neuron belongs to which part of a source."""

import pytest

from reductions.parts import Parts
from reductions.registry import get_reduction, reductions
from tests.reductions.sources import random_sources

EXPECTED = {
    "exact-cover": {"set": ["s1"]},
    "hitting-set": {"slot": ["i1"], "set": ["o1"]},
    "two-inputs": {"variable": ["p1", "n1", "a1", "b1"], "clause": ["c1"]},
    "bounded-degree": {"variable": ["i1_0", "j1_0", "v1_0", "l1_0"], "clause": ["c1"]},
    "bounded-degree-deep": {"variable": ["i1_0", "v1_0"], "clause": ["g1", "c1"]},
    "disjoint-paths": {"vertex": ["s1"]},
    "subset-sum-neurons": {"number": ["h1"]},
    "subset-sum-inputs": {"number": ["x1"]},
    "one-in-three": {"variable": ["x1"]},
    "three-partition": {"number": ["h1"]},
    "bin-packing": {"number": ["h1"]},
    "posslp": {"gate": ["g1"]},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_first_parts_of_the_example(name):
    reduction = get_reduction(name)
    image = reduction.build(reduction.example())
    parts, network = image.parts(), image.target.network
    assert set(parts.kinds) == set(EXPECTED[name])
    for kind, neurons in EXPECTED[name].items():
        first = int(parts.number[parts.kind == parts.kinds.index(kind)].min())
        names = [network.names[v] for v in parts.neurons(kind, first).tolist()]
        assert set(neurons) <= set(names), names


@pytest.mark.parametrize("name", EXPECTED)
def test_labels_follow_names(name):
    """Neurons are called after the part that they belong to, where their names hold a number."""
    reduction = get_reduction(name)
    for source in random_sources(reduction.source_problem, 20, seed=5):
        image = reduction.build(source)
        parts, network = image.parts(), image.target.network
        assert len(parts.kind) == network.size
        for neuron in range(network.size):
            label, neuron_name = parts.label(neuron), network.names[neuron]
            if name == "disjoint-paths" and neuron_name[0] in "st":
                continue
            if label:
                digits = neuron_name[1:].split("_")[0]
                assert label.split()[1] == digits, (neuron_name, label)


def test_parts_without_neurons():
    parts = Parts.none()
    assert parts.label(0) == ""
    assert parts.neurons("variable", 0).tolist() == []


def test_every_reduction_to_discrete_training_tells_parts():
    assert {n for n, r in reductions().items() if r.target_problem == "d-nnt"} == set(EXPECTED)
