"""Campaigns in one process and in several: the same records, whatever becomes of the processes."""

import importlib
import json
import os
import re
import sys
from contextlib import closing
from pathlib import Path

import pytest

from instances.errors import InputError, QnnhardError
from instances.progress import watched_by
from qnnhard.campaign.run import results, run
from qnnhard.campaign.task import Campaign, CampaignTask
from tests.helpers import REPOSITORY, Watching
from tests.qnnhard.campaign import functions
from tests.qnnhard.campaign.functions import counting

PAGE = REPOSITORY / "docs" / "campaigns.md"
BOTH = pytest.mark.parametrize("jobs", [1, 3])


def content(path: str) -> list[dict]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


# --- records ---------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("lazy", [False, True])
def test_records_come_in_the_order_of_the_tasks(path, jobs, lazy):
    found = run(counting(functions.unhurried, 7, lazy), jobs, path)
    assert found == [{"n": number} for number in range(7)]
    header, *lines = content(path)
    assert header == counting(functions.unhurried, 7).header
    assert lines == [{"key": f"n{number}", "record": {"n": number}} for number in range(7)]


@BOTH
def test_a_campaign_without_tasks_has_a_header_and_no_records(path, jobs):
    assert run(counting(functions.square, 0), jobs, path) == []
    assert len(content(path)) == 1


def test_with_several_jobs_results_come_as_they_end_and_none_waits(tmp_path, monkeypatch, path):
    monkeypatch.setenv("SIGNS", str(tmp_path))
    found = results(counting(functions.first_last, 5), 2, path)
    assert [next(found).number for _ in range(2)] == [1, 2]
    assert [line["key"] for line in content(path)[1:]] == ["n1", "n2"]
    assert sorted(result.number for result in found) == [0, 3, 4]
    assert [line["key"] for line in content(path)[1:]] == ["n0", "n1", "n2", "n3", "n4"]


def test_two_thousand_tasks_cost_one_start_of_each_process():
    found = run(counting(functions.of_process, 2000), 2)
    assert len({record["process"] for record in found} - {os.getpid()}) <= 2
    assert [record["n"] for record in found] == list(range(2000))


def test_one_job_is_done_in_this_process():
    assert {r["process"] for r in run(counting(functions.of_process, 3))} == {os.getpid()}


@BOTH
def test_records_are_what_a_file_would_say(jobs):
    campaign = counting(functions.square, 1)
    tuples = Campaign(
        campaign.name, campaign.unit, {}, 0, campaign.tasks, functions.pair, campaign.lost
    )
    assert run(tuples, jobs) == [{"n": 0, "pair": [1, 2]}]


@BOTH
def test_two_tasks_of_one_key_are_a_mistake(jobs):
    campaign = counting(functions.square, 1)
    twice = Campaign(
        "twice",
        "",
        {},
        0,
        [CampaignTask("a", 1), CampaignTask("a", 2)],
        campaign.function,
        campaign.lost,
    )
    with pytest.raises(ValueError, match="twice: two tasks have the key a"):
        run(twice, jobs)


# --- tasks that fail -------------------------------------------------------------------------


def test_a_worker_that_dies_costs_its_task_and_is_replaced(path):
    found = run(counting(functions.deadly, 12), 2, path)
    assert [record["n"] for record in found] == list(range(12))
    lost = {record["n"]: record["lost"] for record in found if "lost" in record}
    assert sorted(lost) == [1, 2, 3, 4]
    assert lost[1] == "its process ended (Killed): out of memory, or killed from outside"
    assert lost[2].startswith("its process ended (status 0)")
    assert lost[3].startswith("ValueError: not three (functions.py:")
    assert lost[3].endswith(" in deadly)")
    assert lost[4].startswith("SystemExit: 4 (")
    for line in content(path)[1:]:
        assert line.get("lost") == line["record"].get("lost")


@BOTH
def test_lack_of_memory_costs_a_task(jobs):
    found = run(counting(functions.greedy, 3), jobs)
    assert found[1]["lost"].startswith("out of memory")
    assert found[2] == {"n": 2}


@BOTH
def test_an_error_of_the_project_ends_the_campaign_and_leaves_what_was_done(path, jobs):
    with pytest.raises(InputError, match="five: give another number"):
        run(counting(functions.refusing, 9), jobs, path)
    done = [line["record"]["n"] for line in content(path)[1:]]
    assert 5 not in done
    if jobs == 1:
        assert done == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (functions.Unloadable(), "cannot load what they are to do .*it is not here"),
        (functions.Dying(), r"do not come to work: their process ended \(status 3\)"),
    ],
)
def test_workers_that_never_work_end_the_campaign(function, words):
    with pytest.raises(QnnhardError, match=words):
        run(counting(function, 5), 2)


def test_work_that_cannot_be_sent_costs_its_task():
    campaign = counting(functions.square, 2)
    tasks = [CampaignTask("a", 3), CampaignTask("b", lambda: None)]
    mixed = Campaign("mixed", "", {}, 0, tasks, campaign.function, lambda _, why: {"lost": why})
    good, bad = run(mixed, 2)
    assert good == {"n": 3, "square": 9}
    assert bad["lost"].startswith("cannot be sent to another process")


@BOTH
def test_a_record_that_json_cannot_say_costs_its_task(jobs):
    lost = [r["lost"] for r in run(counting(functions.unspeakable, 2), jobs)]
    assert lost[0].startswith("TypeError: Object of type complex is not JSON serializable")
    assert lost[1].startswith("ValueError: Out of range float values are not JSON compliant")


# --- workers ---------------------------------------------------------------------------------


def test_what_a_task_prints_or_reads_is_no_part_of_the_talk(capfd):
    assert run(counting(functions.noisy, 5), 2) == [{"n": n, "read": ""} for n in range(5)]
    out, err = capfd.readouterr()
    assert (out, err.count("noise"), err.strip("noise\n")) == ("", 5, "")


def test_numbers_may_be_as_long_as_here():
    sys.set_int_max_str_digits(20_000)
    assert [r["digits"] for r in run(counting(functions.long_number, 2), 2)] == [10_001] * 2
    sys.set_int_max_str_digits(4300)
    assert "lost" in run(counting(functions.long_number, 1), 2)[0]


def test_a_campaign_that_is_left_ends_its_workers(tmp_path, monkeypatch, path):
    monkeypatch.setenv("SIGNS", str(tmp_path))
    with closing(results(counting(functions.signing, 1000, lazy=True), 2, path)) as left:
        next(left)
    # Those at work, and those that took their place.
    assert len(list(tmp_path.glob("[0-9]*"))) <= 6
    assert 2 <= len(content(path)) <= 6


@BOTH
def test_results_are_counted_in_a_stage(path, jobs):
    watching = Watching()
    with watched_by(watching):
        for done, _ in enumerate(results(counting(functions.square, 5), jobs, path)):
            assert watching.open[0].done == done
    assert watching.seen[-1][1:] == ("numbers", 5, 5)
    again = Watching()
    with watched_by(again):
        run(counting(functions.square, 5, lazy=True), jobs, path, resume=True)
    assert again.seen[-1][1:] == ("numbers", None, 5)


# --- the documentation -----------------------------------------------------------------------


@BOTH
def test_the_example_of_the_documentation_runs(tmp_path, monkeypatch, path, jobs):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / f"sizing{jobs}.py").write_text(block)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{REPOSITORY}:{tmp_path}")
    sizing = importlib.import_module(f"sizing{jobs}")
    files = [str(PAGE), str(tmp_path / "missing")]
    found, lost = run(sizing.sizes(files), jobs=jobs, path=path, resume=True)
    assert found == {"bytes": PAGE.stat().st_size}
    assert lost["reason"].startswith("FileNotFoundError")
