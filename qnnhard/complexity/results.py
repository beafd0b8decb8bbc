"""The complexity map: its results, and what they say of combinations of parameters.

Statements are those of [LD], [DT] and [JGC], whose references the README gives; "qnnhard" marks
this project's own. The constructions and proofs that run here are all this project's own. Maps
say themselves what they show; what belongs to no map stands here.

A problem that is hard where a set of parameters is constant, or bounded by the source's
parameter, stays hard for every subset; one that is FPT for a set stays so for every superset. Of
the sets below one is a consequence that the papers' lists do not spell out: the tables of
`treewidth` depend on the distinct inputs, at most |D|, while l < |D| or the answer is yes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from instances.errors import InputError
from instances.problems.registry import PROBLEMS
from instances.text.values import unknown
from reductions.claims import Claim, at_most
from reductions.map import AnyMap
from reductions.registry import MAPS
from reductions.status import Evidence, Status


@dataclass(frozen=True)
class Result:
    """One line of the map.

    Parameters
    ----------
    name : str
        The reduction, algorithm or backend of that name.
    status : Status
    statement : str
        The theorem, with its reference.
    small : str
        What the restriction holds constant, or bounds by the parameter.
    conditions : sequence of Claim
        The same on the measures of one instance; a parameter counts as small up to `SMALL`.
    evidence : sequence of Evidence
    source : str
        The problem that the reduction starts from, or "algorithm".
    quantized : bool
        Whether the statement is about d-QNNT, else about D-NNT.
    """

    name: str
    status: Status
    statement: str
    small: str
    conditions: Sequence[Claim]
    evidence: Sequence[Evidence]
    source: str = "algorithm"
    quantized: bool = True


def _agreement(module: str) -> Evidence:
    return Evidence(
        "agreement with enumeration and SAT on random instances",
        f"python -m pytest -m 'long or not long' tests/qnnhard/methods/{module}",
    )


ALGORITHMS: tuple[Result, ...] = (
    Result(
        "one-point",
        Status.POLYNOMIAL,
        "qnnhard: 2-QNNT with l=0 and one distinct input is polynomial, so |D|=2 is tight",
        "l=0, one distinct input, d=2",
        at_most(distinct_inputs=1, bound=0, d=2),
        (_agreement("linear/test_one_point.py"),),
    ),
    Result(
        "treewidth",
        Status.FPT,
        "[LD] Thms 5, 6, Cors 1, 2: FPT for alpha+tw+omega and alpha+tw+l",
        "alpha, treewidth, and omega or l",
        [],
        (
            _agreement("treewidth"),
            Evidence("time against size and against SAT", "python benchmarks/treewidth.py"),
        ),
    ),
    Result(
        "sparsify",
        Status.STRUCTURE,
        "[LD] Lemma 1: some solution has few non-zero in-edges, (dp)^O(p) a neuron",
        "distinct inputs p, d",
        [],
        (
            Evidence(
                "500 solutions: bound kept, every value unchanged",
                "python -m pytest -m 'long or not long' tests/qnnhard/sparsify/test_sparsify.py",
            ),
        ),
    ),
    Result(
        "pairwise",
        Status.POLYNOMIAL,
        "qnnhard: 2-QNNT is polynomial for l=0, one hidden layer, in-degree <= 2",
        "l=0, one hidden layer, in-degree <= 2, d=2",
        at_most(depth=1, max_in_degree=2, bound=0, d=2),
        (_agreement("linear/test_pairwise.py"),),
    ),
    Result(
        "dataset-dp",
        Status.PSEUDO_POLYNOMIAL,
        "[DT]: pseudo-polynomial for two layers and fixed |D|; we need omega fixed too",
        "two layers, |D| and omega fixed",
        at_most(depth=1),
        (
            _agreement("dataset_dp/test_dataset_dp.py"),
            Evidence("time against magnitude", "python benchmarks/dataset_dp.py"),
        ),
        quantized=False,
    ),
)
"""What is known by algorithms and by lemmas."""


def results() -> tuple[Result, ...]:
    """Return every line of the map: about d-QNNT, then about D-NNT, of each maps first."""
    stated = [_line(found) for found in MAPS.all().values() if found.status is not None]
    return tuple(sorted((*stated, *ALGORITHMS), key=lambda line: not line.quantized))


def _line(found: AnyMap) -> Result:
    """Return what a map with a status says of itself."""
    assert found.status is not None
    return Result(
        name=found.name,
        status=found.status,
        statement=found.brief or found.statement,
        source=found.source_title or PROBLEMS.get(found.source_problem).title,
        small=found.small,
        conditions=found.conditions,
        quantized=found.d is not None,
        evidence=found.evidence(),
    )


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
