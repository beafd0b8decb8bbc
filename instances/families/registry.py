"""The families by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from instances.families import planar, shapes
from instances.families.draws import Draws
from instances.families.members import (
    Maker,
    MakeShape,
    Member,
    dense,
    plane,
    size,
    sparse,
    width,
)
from instances.registry import Registry, made
from instances.text.parameters import Parameter, Values


@dataclass(frozen=True)
class Family:
    """A family of instances: a name, what it is, its parameters."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    make: Maker

    def generate(self, values: Mapping[str, str], seed: int) -> Member:
        """Make a member from parameters as typed; equal arguments give equal bytes.

        Raises
        ------
        InputError
            Where a parameter is unknown or its value cannot be used.
        """
        given = Values(self.name, self.parameters, values)
        member = self.make(given, Draws(seed))
        settings = " ".join(
            f"{p.name}={values.get(p.name, p.default).strip()}" for p in self.parameters
        )
        origin = {"family": self.name, "seed": str(seed), "settings": settings}
        instance = member.instance
        if instance.bound < 0:
            origin |= {"expected": "no", "expected_reason": "the bound is negative"}
        elif member.teacher is not None and given.integer("flips") <= instance.bound:
            origin |= {"expected": "yes", "expected_reason": "a teacher made the targets"}
        return replace(member, instance=replace(instance, origin=origin))


_NOISE = (
    Parameter("flips", "0", "targets changed afterwards"),
    Parameter("bound", "0", "data points that may be mismatched"),
)
_LABELS = (
    Parameter("planted", "yes", "yes: a network with random parameters makes the targets"),
    *_NOISE,
)
_COMMON = (
    Parameter("size", "100", "number of hidden neurons"),
    Parameter("d", "2", "number of quantization levels"),
    Parameter("inputs", "2", "number of inputs"),
    Parameter("points", "4", "number of data points, all with different inputs"),
    Parameter("every", "5", "hidden neurons for every output; the last one has an output too"),
    Parameter(
        "taps", "", "inputs that a hidden neuron sees, all if empty; one fed by none sees all"
    ),
    *_LABELS,
)
_PLANAR = (
    Parameter("d", "8", "number of quantization levels"),
    Parameter("points", "24", "number of data points, all with different inputs"),
    Parameter("hidden", "4", "widths of the hidden layers, such as 4-3; none if empty"),
    *_NOISE,
)


def _built_in() -> list[Family]:
    return [
        _around("chain", "a path", lambda v, _: shapes.chain(size(v))),
        _around("ladder", "two paths with rungs", lambda v, _: shapes.ladder(size(v))),
        _around(
            "caterpillar",
            "a path in which every neuron has legs that feed it",
            lambda v, _: shapes.caterpillar(size(v), width(v, "legs", 0)),
            Parameter("legs", "2", "legs of every neuron of the path"),
        ),
        _around(
            "layers",
            "complete layers of equal width",
            lambda v, _: shapes.layers(size(v), width(v, "width")),
            Parameter("width", "3", "neurons in a layer"),
        ),
        _around(
            "alternating",
            "wide and narrow complete layers in turn",
            lambda v, _: shapes.alternating(size(v), width(v, "wide"), width(v, "narrow")),
            Parameter("wide", "6", "neurons in a wide layer"),
            Parameter("narrow", "1", "neurons in a narrow layer"),
        ),
        _around(
            "layer-tree",
            "a tree of complete layers, each feeding its parent",
            lambda v, _: shapes.layer_tree(size(v), width(v, "width"), v.integer("branches", 1)),
            Parameter("width", "2", "neurons in a layer"),
            Parameter("branches", "2", "layers that feed a layer"),
        ),
        _around(
            "k-tree",
            "a random k-tree, every neuron fed by a clique",
            lambda v, draws: shapes.k_tree(size(v), width(v, "k"), draws),
            Parameter("k", "2", "size of the cliques"),
        ),
        Family(
            "dense",
            "a fully connected network and random distinct inputs",
            (
                Parameter("widths", "8-6-1", "widths of all layers, inputs to outputs"),
                Parameter("d", "2", "number of quantization levels"),
                Parameter("points", "16", "number of data points, all with different inputs"),
                *_LABELS,
            ),
            dense,
        ),
        *(
            Family(name, f"{text}, fully connected network", (*_PLANAR, *more), plane(name))
            for name, (text, more) in planar.DATASETS.items()
        ),
    ]


FAMILIES: Registry[Family] = Registry(
    kind="family", group="qnnhard.families", built_in=_built_in, admit=made(Family)
)


def _around(name: str, description: str, shape: MakeShape, *more: Parameter) -> Family:
    """Return the family of networks around a shape."""
    first, *others = _COMMON
    return Family(name, description, (first, *more, *others), sparse(shape))
