"""Fingerprints tell instances apart by content, and by nothing else."""

import subprocess
import sys
from dataclasses import replace

import numpy as np

from instances.training.activations import Activation
from instances.training.files import instance_from_json, instance_to_json
from instances.training.instance import TrainingInstance, layered
from instances.training.names import name_blocks
from tests.helpers import REPOSITORY, make_instance, make_network, rows
from tests.instances.training.documents import general_document, loads


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
    named = replace(base, network=replace(base.network, names=name_blocks("a", "b", "c", "d")))
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


def test_an_instance_has_one_fingerprint_however_its_large_data_were_given():
    value = 2**62 - 1
    network = make_network(2, [0], [1], [(0, 1)])
    given_as_objects = make_instance(network, [((value,), (0,))])
    given_as_integers = replace(given_as_objects, inputs=np.array([[value]], dtype=np.int64))
    assert given_as_objects == given_as_integers
