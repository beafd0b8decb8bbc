"""Verification with several jobs, line by line and in several runs: always the same outcome."""

import json
from pathlib import Path

import pytest

from instances.errors import InputError
from qnnhard.verdict import How, Verdict
from qnnhard.verification.outcome import Failure, Outcome
from reductions.registry import reductions
from reductions.to_training.exact_cover import ExactCoverReduction
from tests.helpers import DATA, REPOSITORY, assert_one_line_error
from tests.qnnhard.verification import faults

YES = '{"universe": 4, "sets": [[0, 1], [1, 2], [0, 3], [2, 3]]}'
NO = '{"universe": 3, "sets": [[0, 1], [1, 2]]}'


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # Workers read the user's files too, whose faults are of this repository.
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    (tmp_path / "yes.json").write_text(YES)
    (tmp_path / "no.json").write_text(NO)
    return tmp_path


def untimed(result: dict) -> dict:
    return {name: value for name, value in result.items() if name not in ("seconds", "stages")}


def lines(path: str) -> list[dict]:
    """The lines of a file, without what is measured."""
    header, *found = (json.loads(line) for line in Path(path).read_text().splitlines())
    return [header] + [line | {"record": untimed(line["record"])} for line in found]


def results(outcome) -> list[dict]:
    return [untimed(result) for result in json.loads(outcome.out)["results"]]


def test_two_jobs_give_what_one_gives(here, qnnhard):
    words = ("verify", "all", "--random", 4, "--seed", 2, "--json")
    plain = qnnhard(*words)
    one = qnnhard(*words, "--jsonl", "one")
    two = qnnhard(*words, "--jobs", 2, "--jsonl", "two")
    assert (plain.code, one.code, two.code) == (0, 0, 0)
    assert results(plain) == results(one) == results(two)
    assert len(results(two)) == 4 * len(reductions())
    assert lines("one") == lines("two")
    assert [untimed(line["record"]) | {"problem": ""} for line in lines("two")[1:]] == [
        result | {"problem": ""} for result in results(plain)
    ]
    assert {path.name for path in here.iterdir()} == {"yes.json", "no.json", "one", "two"}


def test_proofs_and_sources_of_failures_are_those_of_one_job(here, qnnhard):
    Path("mine.py").write_text(faults.user_file(ExactCoverReduction, faults.WrongClaim))
    Path("more").mkdir()
    Path("more/yes.json").write_text('{"universe": 1, "sets": [[0]]}')
    words = ("verify", "./mine.py", "yes.json", "no.json", "more/yes.json", "yes.json", "--json")
    found = []
    for jobs in (1, 3):
        folder = f"jobs-{jobs}"
        outcome = qnnhard(
            *words, "--jobs", jobs, "--failures-dir", folder, "--proof-dir", f"{folder}/p"
        )
        assert outcome.code == 1
        saved = [result.pop("saved").removeprefix(folder) for result in results(outcome)]
        files = {file.relative_to(folder): file.read_bytes() for file in Path(folder).rglob("*.*")}
        found.append((saved, files))
    assert found[0] == found[1]
    saved, files = found[1]
    assert saved == [
        "/failed-faulty-yes-json.json", "/failed-faulty-no-json.json",
        "/failed-faulty-yes-json-2.json", "/failed-faulty-yes-json-3.json",
    ]  # fmt: skip
    assert Path("p/0002-faulty-no.json.drat") in files


def test_a_table_goes_on_where_it_was_left(here, qnnhard):
    words = ("verify", "exact-cover", "--random", 5, "--jsonl", "f")
    first = qnnhard(*words)
    whole = Path("f").read_bytes()
    Path("f").write_bytes(whole[: len(whole) // 2])
    second = qnnhard(*words, "--resume", "--jobs", 2)
    assert (first.code, second.code) == (0, 0)
    assert [line.split()[:-1] for line in first.out.splitlines()] == [
        line.split()[:-1] for line in second.out.splitlines()
    ]
    assert second.err == "5 of 5 preserved\n"
    third = qnnhard(*words, "--resume")
    assert third.out == second.out


def test_a_map_that_kills_its_process_is_not_refuted_by_that(here, qnnhard):
    Path("mine.py").write_text(faults.user_file(ExactCoverReduction, faults.PullThatKills))
    Path("p").mkdir()
    Path("p/0001-faulty-yes.json.drat").write_text("of an earlier run")
    words = ("--jobs", 2, "--proof-dir", "p", "--json")
    outcome = qnnhard("verify", "./mine.py", "yes.json", "no.json", *words)
    assert outcome.code == 1
    killed, preserved = results(outcome)
    assert sorted(path.name for path in Path("p").iterdir()) == ["0002-faulty-no.json.drat"]
    assert killed["failures"] == [
        {
            "type": "undecided",
            "detail": "its process ended (Killed): out of memory, or killed from outside",
        }
    ]
    assert (killed["source_answer"], killed["target_answer"]) == ("unknown", "unknown")
    assert json.loads(Path(killed["saved"]).read_text()) == json.loads(YES)
    assert preserved["preserved"]


# --- what is refused -------------------------------------------------------------------------


def test_to_go_on_needs_a_file(here, qnnhard):
    outcome = qnnhard("verify", "exact-cover", "--resume")
    assert outcome.code == 2
    assert "--jsonl" in outcome.err
    assert qnnhard("verify", "exact-cover", "--jobs", 0).code == 2


def test_a_file_that_is_there_is_kept(here, qnnhard):
    Path("f").write_text("my diary\n")
    words = ("verify", "exact-cover", "--jsonl", "f")
    assert_one_line_error(qnnhard(*words), "f: is there already")
    assert_one_line_error(qnnhard(*words, "--resume"), "f: not the file of a campaign")
    assert Path("f").read_text() == "my diary\n"
    assert_one_line_error(qnnhard("verify", "exact-cover", "--jsonl", "no/f"), "no/f: ")
    assert_one_line_error(qnnhard("verify", "exact-cover", "--jsonl", "-"), "-: ")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("--seed", 3), "whose seed is 0, not 3"),
        (("--random", 3), "whose random is 0, not 3"),
        (("--timeout", 9), "whose timeout is null, not 9.0"),
        (("--memory", 4000), "whose memory is null, not 4000"),
        (("--backend", "enumerate"), 'whose using is "sat", not "enumerate"'),
        (("--cross-check",), "whose cross_check is false, not true"),
        (("no.json",), 'whose paths is ["yes.json"], not ["yes.json", "no.json"]'),
    ],
)
def test_only_the_same_command_goes_on(here, qnnhard, changed, words):
    command = ("verify", "exact-cover", "yes.json", "--jsonl", "f")
    assert qnnhard(*command).code == 0
    assert_one_line_error(qnnhard(*command, *changed, "--resume"), "f: belongs to another", words)
    assert qnnhard(*command, "--resume", "--jobs", 2, "--json").code == 0


def test_only_the_same_files_go_on(here, qnnhard):
    Path("mine.py").write_text(faults.user_file(ExactCoverReduction, faults.NoFault))
    command = ("verify", "./mine.py", "yes.json", "--jsonl", "f", "--resume")
    assert qnnhard(*command).code == 0
    Path("yes.json").write_text(NO)
    assert_one_line_error(qnnhard(*command), "SHA-256 of yes.json")
    Path("yes.json").write_text(YES)
    assert qnnhard(*command).code == 0
    with Path("mine.py").open("a") as file:
        file.write("# another\n")
    assert_one_line_error(qnnhard(*command), "SHA-256 of the reduction")


@pytest.mark.parametrize(
    "changed",
    [
        {"preserved": False},
        {"failure": "yes-to-no"},
        {"failures": [{"type": "yes-to-no", "detail": ""}]},
        {"failures": [{"type": "nonsense", "detail": ""}]},
        {"failures": [{"type": "yes-to-no"}]},
        {"source_answer": "maybe"},
        {"target_answer": None},
        {"how": "limit"},
        {"how": "oracle"},
        {"seconds": 1e9},
        {"stages": {"build": "long"}},
        {"stages": {"build": -1.0}, "seconds": -1.0},
        {"sizes": 4},
        {"backends": []},
        {"surplus": 1},
        {"source": "yes.json"},
    ],
)
def test_a_record_that_is_none_is_refused_with_its_line(here, qnnhard, changed):
    command = ("verify", "exact-cover", "yes.json", "no.json", "--jsonl", "f")
    assert qnnhard(*command).code == 0
    header, first, second = Path("f").read_text().splitlines(keepends=True)
    line = json.loads(second)
    line["record"] |= changed
    Path("f").write_text(header + first + json.dumps(line) + "\n")
    assert_one_line_error(qnnhard(*command, "--resume"), "f: line 3: not the record of an outcome")


# --- outcomes and their records --------------------------------------------------------------


def test_an_outcome_comes_back_from_its_record():
    outcome = Outcome(
        "r", "s\udcff", Verdict.YES, Verdict.NO, How.PROOF_CHECKED,
        [(Failure.YES_TO_NO, "why"), (Failure.UNDECIDED, "")],
        {"build": 0.1, "target": 0.2000004}, {"edges": 3}, "detail", "f.json", "3-sat",
        {"enumerate": "no"},
    )  # fmt: skip
    record = json.loads(json.dumps(outcome.as_record()))
    again = Outcome.of_record(record)
    assert again.as_record() == record
    assert again.failures == outcome.failures
    assert again.problem == "3-sat"
    empty = Outcome("r", "s")
    assert Outcome.of_record(empty.as_record()) == empty
    for junk in (None, 3, [], {}, {"reduction": "r"}):
        with pytest.raises(InputError, match="not the record of an outcome"):
            Outcome.of_record(junk)


def test_records_of_all_kinds_of_outcomes_come_back(here, qnnhard):
    words = ("verify", "all", DATA / "uf20-01.cnf", "--cross-check", "--timeout", 2)
    outcome = qnnhard(*words, "--jobs", 2, "--jsonl", "f", "--json")
    assert results(qnnhard(*words, "--jsonl", "f", "--resume", "--json")) == results(outcome)
