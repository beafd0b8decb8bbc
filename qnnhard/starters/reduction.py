"""The text of a file with a reduction to begin with."""

from collections.abc import Sequence
from string import Template

from instances.errors import InputError
from instances.problems.registry import PROBLEMS
from qnnhard.starters.names import StarterNames, require_free_reduction
from reductions.map import AnyMap
from reductions.registry import path_to, reductions

DEFAULT_SOURCE = "subset-sum"
"""The problem whose shortest true reduction is the shortest of all: one neuron."""

_OWN = Template('''\
"""The reduction $name.

One neuron has to learn which of the numbers add up to the target.

It is true as it stands:

    qnnhard verify ./$stem.py --random 200

Replace what says REPLACE by your own, and verify after every step.
"""

from instances.sources.chosen import Chosen
from instances.sources.number_lists import SumInstance
from instances.training.activations import IDENTITY
from instances.training.parameters import Parameters
from reductions.claims import Claim
from reductions.constructions.construction import Construction
from reductions.constructions.training_map import ToTraining


class $reduction(ToTraining[SumInstance, Chosen]):
    """REPLACE: every number is an input of one neuron, whose weight is 1 where it is chosen."""

    name = "$name"
    source_problem = "subset-sum"  # REPLACE: a problem of `qnnhard list`
    statement = "D-NNT is weakly NP-hard with one neuron and one data point"
    construction = "the data point has the numbers at its inputs and the target at its output"
    theorem = "unpublished"

    def describe(self, made: Construction) -> None:
        """REPLACE: declare the neurons, the values of weights and biases, and the data."""
        numbers, target = self.source.numbers, self.source.target
        x = made.inputs(("x", len(numbers)), carry=[numbers])
        y = made.outputs("y", want=[target], kind=IDENTITY, bias=made.domain(0))
        made.feed(y, by=x, weight=made.domain(0, 1))

    def push(self, witness: Chosen) -> Parameters:
        """REPLACE: return parameters that solve the target, from any witness of the source."""
        numbers = range(len(self.source.numbers))
        # One weight for each edge: edges are ordered by where they lead to, then by their source.
        return self.weighted([int(number in witness) for number in numbers])

    def pull(self, witness: Parameters) -> Chosen:
        """REPLACE: return a witness of the source, from *any* parameters that solve the target."""
        weights = self.weights(witness).tolist()
        return tuple(number for number, weight in enumerate(weights) if weight == 1)

    def claims(self) -> list[Claim]:
        """REPLACE: say how large the target is, here: so many inputs, and one output."""
        return self.layer_claims(len(self.source.numbers), 1, points=1)
''')

_BORROWED = Template('''\
"""The reduction $name from $source, with a construction of the catalogue.

It is true as it stands:

    qnnhard verify ./$stem.py --random 200

Replace what says REPLACE by your own, and verify after every step.
"""

from functools import cached_property
from typing import Any

$imports
BORROWED = [
$maps
]
"""REPLACE: the maps that lead from $source to training."""


class $reduction(Map[Any, Any, TrainingInstance, Parameters]):
    """REPLACE: what the network does, and why it can be trained iff the source is a yes."""

    name = "$name"
    source_problem = "$source"  # a problem of `qnnhard list`
    target_problem = "d-nnt"
    statement = "REPLACE: what is hard, and under which restriction"
    construction = "REPLACE: the argument in a few sentences"

    @cached_property
    def borrowed(self) -> ChainImage:
        """What the reductions of the catalogue make of `self.source`."""
        return Chain(tuple(BORROWED)).build(self.source)

    @cached_property
    def target(self) -> TrainingInstance:
        """REPLACE: return the training instance of `self.source`; see docs/extending.md."""
        made: TrainingInstance = self.borrowed.target
        return made

    def push(self, witness: Any) -> Parameters:
        """REPLACE: return parameters that solve the target, from any witness of the source."""
        made: Parameters = self.borrowed.push(witness)
        return made

    def pull(self, witness: Parameters) -> Any:
        """REPLACE: return a witness of the source, from *any* parameters that solve the target."""
        return self.borrowed.pull(witness)

    def claims(self) -> list[Claim]:
        """REPLACE: say how large the target is."""
        return self.borrowed.images[-1].claims()
''')


def reduction_file(stem: str, source: str = DEFAULT_SOURCE) -> str:
    """Return the text of a file with a true reduction from a problem to training.

    From `DEFAULT_SOURCE` it has a construction of its own; from others it takes that of the
    shortest chain of the catalogue.

    Parameters
    ----------
    stem : str
        The name of the file without ``.py``; see `StarterNames`.
    source : str
        A problem.

    Raises
    ------
    InputError
        Where the name will not do or is taken, and where there is no such problem, or no
        reduction from it to borrow.
    """
    names = StarterNames(stem)
    require_free_reduction(names.name)
    source = PROBLEMS.get(source).name
    given = {"stem": stem, "name": names.name, "reduction": names.class_of("Reduction")}
    if source == DEFAULT_SOURCE:
        return _OWN.substitute(given)
    maps = _shortest(source)
    if given["reduction"] in (each.__name__ for each in maps):
        given["reduction"] = f"My{given['reduction']}"
    return _BORROWED.substitute(
        given,
        source=source,
        imports=_imports(maps),
        maps="\n".join(f"    {each.__name__}," for each in maps),
    )


_USED = {
    ("instances.training.instance", "TrainingInstance"),
    ("instances.training.parameters", "Parameters"),
    ("reductions.chain", "Chain"),
    ("reductions.chain", "ChainImage"),
    ("reductions.claims", "Claim"),
    ("reductions.map", "Map"),
}
"""What the text of `_BORROWED` uses, each after its module."""


def _imports(maps: Sequence[AnyMap]) -> str:
    """Return the lines that import maps, and what is used beside them, in order."""
    used = _USED | {(each.__module__, each.__name__) for each in maps}
    found: dict[str, list[str]] = {}
    for module, name in sorted(used):
        found.setdefault(module, []).append(name)
    return "".join(f"from {module} import {', '.join(names)}\n" for module, names in found.items())


def _shortest(source: str) -> list[AnyMap]:
    """Return the first of the shortest chains from a problem to discrete training."""
    chains = [
        [*bridges, reduction]
        for reduction in reductions().values()
        if reduction.target_problem == "d-nnt"
        and reduction.in_all
        and (bridges := path_to(source, reduction)) is not None
    ]
    if not chains:
        raise InputError(f"no reduction leads from {source} to discrete training to begin with")
    return min(chains, key=len)
