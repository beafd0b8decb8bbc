"""Documents of small instances, as files hold them, and their reading."""

import json
from typing import Any

import jsonschema

from instances.training.files import instance_from_json
from instances.training.instance import TrainingInstance
from instances.training.schema import json_schema

SCHEMA = jsonschema.Draft202012Validator(json_schema())


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
