"""Which combinations of parameters make 2-QNNT tractable, which do not, and which are open.

A problem that is hard where a set of parameters is constant, or bounded by the source's
parameter, stays hard for every subset; one that is FPT for a set stays so for every superset.
The sets below are read off the constructions. Three are consequences that the papers' lists do
not spell out: `exact-cover` builds a star, of treewidth 1; `hitting-set` a complete bipartite
network with alpha neurons on one side, of treewidth at most alpha; and the tables of
`treewidth` depend on the distinct inputs, at most |D|, while l < |D| or the answer is yes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from instances.errors import InputError
from instances.text.values import unknown
from qnnhard.complexity.results import Status

PARAMETERS = ("alpha", "omega", "l", "points", "depth", "width", "degree", "treewidth")
"""The parameters of 2-QNNT on the map; `points` is |D|."""


@dataclass(frozen=True)
class Known:
    """What is known for a combination, and by which result; no results where it is open."""

    status: Status
    results: tuple[str, ...]


_HARD: tuple[tuple[str, Status, frozenset[str]], ...] = (
    ("exact-cover", Status.NP_HARD, frozenset({"omega", "l", "depth", "width", "treewidth"})),
    ("bounded-degree", Status.NP_HARD, frozenset({"l", "points", "depth", "degree"})),
    ("two-inputs", Status.NP_HARD, frozenset({"alpha", "l", "points", "depth"})),
    ("hitting-set", Status.W2_HARD, frozenset({"alpha", "depth", "width", "treewidth"})),
    ("disjoint-paths", Status.W1_HARD, frozenset({"alpha", "omega", "l", "points"})),
)
_TRACTABLE: tuple[tuple[str, frozenset[str]], ...] = (
    ("treewidth", frozenset({"alpha", "treewidth", "omega"})),
    ("treewidth", frozenset({"alpha", "treewidth", "l"})),
    ("treewidth", frozenset({"points", "treewidth"})),
    # For d=2 a neuron that no input reaches is 0, and few neurons are on input-output paths.
    ("enumerate", frozenset({"omega", "degree", "depth"})),
)


def known(small: Iterable[str]) -> Known:
    """Return what is known of 2-QNNT parameterized by all of `small` together.

    NP-hard means: already where the parameters are constants.

    Raises
    ------
    InputError
        For a name that is not one of `PARAMETERS`.
    """
    chosen = frozenset(small)
    for name in sorted(chosen - set(PARAMETERS)):
        raise InputError(unknown("parameter", name, PARAMETERS))
    easy = [name for name, needed in _TRACTABLE if needed <= chosen]
    if easy:
        return Known(Status.FPT, tuple(dict.fromkeys(easy)))
    hard = [(name, status) for name, status, bounded in _HARD if chosen <= bounded]
    if not hard:
        return Known(Status.OPEN, ())
    strongest = next(
        status
        for status in (Status.NP_HARD, Status.W2_HARD, Status.W1_HARD)
        if any(found is status for _, found in hard)
    )
    return Known(strongest, tuple(name for name, _ in hard))
