"""The results on the map: statement, status, what stays small, and how to reproduce each.

Statements are those of [LD], [DT] and [JGC], whose references the README gives; "qnnhard" marks
this project's own. The constructions and proofs that run here are all this project's own.
"""

from dataclasses import dataclass
from enum import Enum

from reductions.claims import Claim, at_most

SMALL = 8
"""Up to this value a measure of one instance is called small."""


class Status(Enum):
    """What a result says about the problem under its restriction."""

    NP_HARD = "NP-hard"
    WEAKLY_NP_HARD = "weakly NP-hard"
    STRONGLY_NP_HARD = "strongly NP-hard"
    W2_HARD = "W[2]-hard"
    W1_HARD = "W[1]-hard"
    POSSLP_HARD = "PosSLP-hard"
    SIMULATES = "as hard as D-NNT"
    STRUCTURE = "structure"
    POLYNOMIAL = "polynomial"
    FPT = "FPT"
    PSEUDO_POLYNOMIAL = "pseudo-polynomial"
    OPEN = "open here"

    def __str__(self) -> str:
        return self.value

    @property
    def tractable(self) -> bool:
        """Whether an algorithm is meant."""
        return self in {Status.POLYNOMIAL, Status.FPT, Status.PSEUDO_POLYNOMIAL}

    @property
    def hard(self) -> bool:
        """Whether a lower bound is meant."""
        other = {Status.STRUCTURE, Status.SIMULATES, Status.OPEN}
        return not self.tractable and self not in other


@dataclass(frozen=True)
class Evidence:
    """What was run, and the command that runs it again."""

    what: str
    command: str


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
    source : str
        The problem that the reduction starts from, or "algorithm".
    small : str
        What the restriction holds constant, or bounds by the parameter.
    conditions : tuple of Claim
        The same on the measures of one instance; a parameter counts as small up to `SMALL`.
    quantized : bool
        Whether the statement is about d-QNNT, else about D-NNT.
    evidence : tuple of Evidence
    """

    name: str
    status: Status
    statement: str
    source: str
    small: str
    conditions: tuple[Claim, ...]
    quantized: bool
    evidence: tuple[Evidence, ...]


def _reduction(
    name: str,
    status: Status,
    statement: str,
    source: str,
    small: str,
    conditions: list[Claim],
    *,
    quantized: bool = False,
    tests: str = "",
) -> Result:
    module = tests or f"test_{name.replace('-', '_')}"
    room = "to_reals" if name == "continuous" else "to_training"
    evidence = (
        Evidence(
            "200 random sources, answers carried both ways",
            f"qnnhard verify {name} --random 200 --seed 1",
        ),
        Evidence(
            "all solutions of all small sources",
            f"python -m pytest tests/reductions/{room}/{module}.py",
        ),
    )
    return Result(name, status, statement, source, small, tuple(conditions), quantized, evidence)


def _algorithm(
    name: str,
    status: Status,
    statement: str,
    small: str,
    conditions: list[Claim],
    evidence: tuple[Evidence, ...],
    *,
    quantized: bool = True,
) -> Result:
    return Result(
        name, status, statement, "algorithm", small, tuple(conditions), quantized, evidence
    )


def _agreement(module: str) -> Evidence:
    return Evidence(
        "agreement with enumeration and SAT on random instances",
        f"python -m pytest -m 'long or not long' tests/qnnhard/methods/{module}",
    )


RESULTS: tuple[Result, ...] = (
    _reduction(
        "exact-cover",
        Status.NP_HARD,
        "[LD] Thm 1: 2-QNNT is NP-hard for width+depth+l+omega",
        "Exact Set Cover",
        "no hidden layer, omega=1, l=0",
        at_most(depth=0, width=0, omega=1, bound=0),
        quantized=True,
    ),
    _reduction(
        "bounded-degree",
        Status.NP_HARD,
        "[LD] Thm 2: NP-hard for l + maximum degree",
        "3-SAT",
        "l=0, one hidden layer, in-degree <= 3, out-degree <= 3, |D|=2",
        at_most(depth=1, max_in_degree=3, max_out_degree=3, distinct_inputs=2, bound=0),
        quantized=True,
    ),
    _reduction(
        "bounded-degree-deep",
        Status.NP_HARD,
        "[LD] Thm 2: the same with smaller in-degree",
        "3-SAT",
        "l=0, two hidden layers, in-degree <= 2, out-degree <= 3, |D|=2",
        at_most(depth=2, max_in_degree=2, max_out_degree=3, distinct_inputs=2, bound=0),
        quantized=True,
        tests="test_bounded_degree",
    ),
    _reduction(
        "hitting-set",
        Status.W2_HARD,
        "[LD] Thm 3: W[2]-hard for alpha",
        "Hitting Set",
        "no hidden layer, alpha=k+1, treewidth <= k+1",
        at_most(depth=0, width=0, alpha=SMALL),
        quantized=True,
    ),
    _reduction(
        "two-inputs",
        Status.NP_HARD,
        "[LD] Thm 4: NP-hard with alpha=2, one hidden layer, |D|=3; ours attains |D|=2",
        "3-SAT",
        "alpha=2, l=0, one hidden layer, |D|=2",
        at_most(alpha=2, depth=1, distinct_inputs=2, bound=0),
        quantized=True,
    ),
    _reduction(
        "disjoint-paths",
        Status.W1_HARD,
        "[JGC]: W[1]-hard for alpha+omega, no f(alpha+omega) n^o(alpha+omega) under ETH; "
        "[LD] had left this open",
        "Vertex-Disjoint Paths in a DAG",
        "alpha=omega=k, |D|=k+1, l=0, every target equals its input",
        at_most(bound=0, alpha=SMALL, omega=SMALL),
        quantized=True,
    ),
    _algorithm(
        "one-point",
        Status.POLYNOMIAL,
        "qnnhard: 2-QNNT with l=0 and one distinct input is polynomial, so |D|=2 is tight",
        "l=0, one distinct input, d=2",
        at_most(distinct_inputs=1, bound=0, d=2),
        (_agreement("linear/test_one_point.py"),),
    ),
    _algorithm(
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
    _algorithm(
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
    _algorithm(
        "pairwise",
        Status.POLYNOMIAL,
        "qnnhard: 2-QNNT is polynomial for l=0, one hidden layer, in-degree <= 2",
        "l=0, one hidden layer, in-degree <= 2, d=2",
        at_most(depth=1, max_in_degree=2, bound=0, d=2),
        (_agreement("linear/test_pairwise.py"),),
    ),
    _reduction(
        "subset-sum-neurons",
        Status.WEAKLY_NP_HARD,
        "[DT]: weakly NP-hard, dimension 1 and one data point",
        "Subset Sum",
        "d_in=1, |D|=1, two layers",
        at_most(alpha=1, omega=1, depth=1, distinct_inputs=1, bound=0),
        tests="test_numbers",
    ),
    _reduction(
        "subset-sum-inputs",
        Status.WEAKLY_NP_HARD,
        "[DT]: weakly NP-hard, one hidden neuron and one data point",
        "Subset Sum",
        "one hidden neuron, |D|=1",
        at_most(hidden=1, omega=1, depth=1, distinct_inputs=1, bound=0),
        tests="test_numbers",
    ),
    _reduction(
        "one-in-three",
        Status.STRONGLY_NP_HARD,
        "[DT]: strongly NP-hard with one hidden neuron; no 2^o(alpha+|D|) under ETH",
        "positive 1-in-3-SAT",
        "one hidden neuron, weights {0,1}",
        at_most(hidden=1, omega=1, depth=1, bound=0),
        tests="test_numbers",
    ),
    _reduction(
        "three-partition",
        Status.STRONGLY_NP_HARD,
        "[DT]: strongly NP-hard in dimension 1",
        "3-Partition",
        "d_in=1, omega=1",
        at_most(alpha=1, omega=1, depth=1, bound=0),
        tests="test_numbers",
    ),
    _reduction(
        "bin-packing",
        Status.W1_HARD,
        "qnnhard, by the same gadget: W[1]-hard for |D| with unary numbers "
        "(source: Jansen, Kratsch, Marx, Schlotter 2013)",
        "unary exact Bin Packing",
        "d_in=1, |D|=bins",
        at_most(alpha=1, omega=1, depth=1, points=SMALL, bound=0),
        tests="test_numbers",
    ),
    _reduction(
        "posslp",
        Status.POSSLP_HARD,
        "[DT]: deep D-NNT is in NP only if PosSLP is, which standard assumptions exclude",
        "PosSLP",
        "d_in=omega=|D|=1, no choice at all",
        at_most(alpha=1, omega=1, distinct_inputs=1, bound=0, parameters=0),
    ),
    _reduction(
        "continuous",
        Status.SIMULATES,
        "[DT]: D-NNT reduces to C-NNT",
        "D-NNT",
        "exact real simulation",
        [],
    ),
    _algorithm(
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
"""Every line of the map."""


def result(name: str) -> Result:
    """Return the result called `name`, one of `RESULTS`."""
    return next(found for found in RESULTS if found.name == name)
