"""Which combinations of parameters make 2-QNNT tractable, which do not, and which are open.

A problem that is hard where a set of parameters is constant, or bounded by the source's
parameter, stays hard for every subset; one that is FPT for a set stays so for every superset.
Maps say what they bound. Of the sets below one is a consequence that the papers' lists do not
spell out: the tables of `treewidth` depend on the distinct inputs, at most |D|, while l < |D| or
the answer is yes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from instances.errors import InputError
from instances.text.values import unknown
from reductions.registry import MAPS
from reductions.status import Status

PARAMETERS = ("alpha", "omega", "l", "points", "depth", "width", "degree", "treewidth")
"""The parameters of 2-QNNT on the map; `points` is |D|."""


@dataclass(frozen=True)
class Known:
    """What is known for a combination, and by which result; no results where it is open."""

    status: Status
    results: tuple[str, ...]


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
    hard = [
        (found.name, found.status)
        for found in MAPS.all().values()
        if found.status is not None and found.bounded and chosen <= found.bounded
    ]
    if not hard:
        return Known(Status.OPEN, ())
    strength = list(Status)
    hard.sort(key=lambda each: strength.index(each[1]))
    return Known(hard[0][1], tuple(name for name, _ in hard))
