"""Every fault planted in a reduction is found, named, and saved with a source that shows it."""

import json
from pathlib import Path

import pytest

from instances.problems.registry import PROBLEMS
from instances.training.activations import Activation
from instances.training.files import instance_to_json
from qnnhard.verification.sources import load_source
from reductions.to_reals.continuous import ContinuousReduction
from reductions.to_training.bin_packing import BinPackingReduction, ThreePartitionReduction
from reductions.to_training.exact_cover import ExactCoverReduction
from reductions.to_training.one_in_three import OneInThreeReduction
from reductions.to_training.posslp import PosSlpReduction
from reductions.to_training.subset_sum import SubsetSumInputs, SubsetSumNeurons
from reductions.to_training.two_inputs import TwoInputs
from tests.helpers import make_instance, make_network, run_qnnhard
from tests.qnnhard.verification import faults
from tests.qnnhard.verification import number_faults as numbers
from tests.qnnhard.verification.real_faults import REAL

WRONG_PULLS = {
    SubsetSumNeurons: numbers.PullOfTheUnchosen,
    SubsetSumInputs: numbers.PullWithoutTheFirst,
    OneInThreeReduction: numbers.NegatedPull,
    ThreePartitionReduction: numbers.PullOfTheNextBin,
    BinPackingReduction: numbers.PullOfTheFirstBin,
    PosSlpReduction: numbers.PullOfAGate,
}
CHANGED_CONSTRUCTIONS = {
    SubsetSumNeurons: (numbers.EveryNumberIsChosen, "yes-to-no"),
    SubsetSumInputs: (numbers.DoubledNumbers, "yes-to-no"),
    OneInThreeReduction: (numbers.OneBrokenClause, "no-to-yes"),
    ThreePartitionReduction: (numbers.OneBinFewer, "yes-to-no"),
    BinPackingReduction: (numbers.OnlyTheLastLoad, "no-to-yes"),
    PosSlpReduction: (numbers.AtMostZero, "no-to-yes"),
}
SOME_SOURCES_SHOW = {
    faults.DroppedPoint: "no-to-yes",
    faults.NegativeBound: "yes-to-no",
    faults.PushOfNothing: "push-rejected",
    faults.PushThatRaises: "push-rejected",
    faults.PullOfNothing: "pull-rejected",
    faults.PullThatRaises: "pull-rejected",
}
EVERY_SOURCE_SHOWS = {
    faults.WrongClaim: "claim-violated",
    faults.BuildThatRaises: "not-a-target",
    faults.BuildOfNothing: "not-a-target",
    faults.ImageThatRaises: "not-a-target",
}
OF_EXACT_COVER = {
    **SOME_SOURCES_SHOW,
    **EVERY_SOURCE_SHOWS,
    faults.ClaimAboutNothing: "claim-violated",
    faults.ClaimsThatRaise: "claim-violated",
    faults.PushOfZeros: "push-rejected",
    faults.PushOfAnotherSize: "push-rejected",
    faults.PushOfAnotherType: "push-rejected",
    faults.EmptyPull: "pull-rejected",
    faults.BuildOfAnInvalidInstance: "not-a-target",
    faults.BoundThatAllMeet: "no-to-yes",
    faults.UndecidableDomain: "undecided",
}


def cases() -> list:
    found = [(ExactCoverReduction, 25, *fault) for fault in OF_EXACT_COVER.items()]
    found.append((TwoInputs, 25, faults.SwappedTarget, "push-rejected"))
    for base, pull in WRONG_PULLS.items():
        found += [(base, 2, *fault) for fault in EVERY_SOURCE_SHOWS.items()]
        for fault, failure in SOME_SOURCES_SHOW.items():
            # Few packings of triples can do without a point.
            found.append((base, 25 if fault is faults.DroppedPoint else 12, fault, failure))
        found += [
            (base, 12, faults.MovedTarget, "push-rejected"),
            (base, 12, pull, "pull-rejected"),
            (base, 12, *CHANGED_CONSTRUCTIONS[base]),
        ]
        if base is not PosSlpReduction:
            # Where nothing can be chosen, the only solution is the one that push gives.
            found.append((base, 25, faults.PullForPushedSolutions, "pull-rejected"))
    return [pytest.param(*case, id=f"{case[0].name}: {case[2].__name__}") for case in found]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plant(base: type, fault: type) -> None:
    """Write a user's file whose only reduction has a fault."""
    Path("mine.py").write_text(faults.user_file(base, fault))


def results(outcome) -> list[dict]:
    return json.loads(outcome.out)["results"]


def types(result: dict) -> set[str]:
    return {entry["type"] for entry in result["failures"]}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("base", "count", "fault", "failure"), cases())
def test_a_fault_is_reported_with_its_type_and_its_source(qnnhard, base, count, fault, failure):
    plant(base, fault)
    words = ("verify", "./mine.py", "--json", "--failures-dir", ".")
    outcome = qnnhard(*words, "--random", count, "--seed", 1)
    assert outcome.code == 1
    document = json.loads(outcome.out)
    assert document["preserved"] is False
    assert len(document["results"]) == count
    broken = [result for result in document["results"] if failure in types(result)]
    assert broken, {result["failure"] for result in document["results"]}
    first = broken[0]
    assert (first["reduction"], first["preserved"]) == ("faulty", False)
    details = [entry["detail"] for entry in first["failures"]]
    assert all(detail and "\n" not in detail for detail in details)
    if base in (ExactCoverReduction, TwoInputs):
        assert failure in {result["failure"] for result in broken}
    saved = first["saved"]
    assert Path(saved).name.startswith("failed-faulty-")
    # The saved file is a source again, and shows the same fault. A formula does not tell that
    # it is meant as 1-in-3.
    problem = PROBLEMS.get(base.source_problem)
    assert problem.write(load_source(saved, problem=problem.name).source) == Path(saved).read_text()
    again = qnnhard(*words, saved, "--problem", problem.name)
    assert again.code == 1
    assert failure in types(results(again)[0])


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("fault", REAL, ids=lambda fault: fault.__name__)
def test_a_fault_over_the_reals_is_reported_with_its_types_and_its_source(qnnhard, fault):
    plant(ContinuousReduction, fault)
    for name, domain, target in (("between", (0, 2), 1), ("last", (0, 1, 2), 2)):
        # Solved by a value that lies between those allowed; by the last one alone.
        network = make_network(2, [0], [1], [(0, 1)], Activation("identity"))
        source = make_instance(network, [([1], [target]), ([0], [0])], weights=domain)
        Path(f"{name}.json").write_bytes(instance_to_json(source))
    words = ("between.json", "last.json", "--random", 5, "--seed", 1, "--json")
    outcome = qnnhard("verify", "./mine.py", *words)
    assert outcome.code == 1
    broken = [result for result in results(outcome) if not result["preserved"]]
    found = set().union(*map(types, broken))
    assert found >= REAL[fault]
    assert "undecided" not in found
    assert all(entry["detail"] for result in broken for entry in result["failures"])
    first = broken[0]
    again = results(qnnhard("verify", "./mine.py", first["saved"], "--json"))[0]
    assert again["failures"] == first["failures"]
    assert qnnhard("verify", "continuous", first["saved"]).code == 0


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("base", [ExactCoverReduction, *WRONG_PULLS], ids=lambda base: base.name)
def test_without_a_fault_nothing_is_reported(qnnhard, base):
    plant(base, faults.NoFault)
    count = 40 if base is ExactCoverReduction else 10
    assert qnnhard("verify", "./mine.py", "--random", count, "--seed", 1).code == 0


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("base", "fault"),
    [
        (ExactCoverReduction, faults.DroppedPoint),
        (TwoInputs, faults.SwappedTarget),
        (ExactCoverReduction, faults.EmptyPull),
    ],
)
def test_a_fault_is_printed_for_people_too(qnnhard, base, fault):
    plant(base, fault)
    outcome = qnnhard("verify", "./mine.py", "--random", 30, "--failures-dir", ".")
    assert outcome.code == 1
    failed = [line for line in outcome.out.splitlines() if line.startswith("FAILED faulty: ")]
    assert failed
    named = [line.split(" saved in ")[1] for line in outcome.out.splitlines() if "saved in" in line]
    assert named
    assert all(Path(name).exists() for name in named)
    assert "of 30 preserved" in outcome.err
    assert "30 of 30" not in outcome.err


def test_a_user_sees_the_fault_and_exit_1(here):
    plant(TwoInputs, faults.SwappedTarget)
    Path("yes.cnf").write_text("p cnf 3 3\n1 2 3 0\n-1 2 0\n-2 -3 0\n")
    run = run_qnnhard("verify", "mine.py", "yes.cnf", "--json", cwd=here)
    assert run.returncode == 1
    (result,) = json.loads(run.stdout)["results"]
    assert result["failure"] == "push-rejected"
    assert (here / result["saved"]).exists()
