"""The file of a campaign: gone on with wherever it was left, and refused where it is another's."""

import fcntl
import json
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from instances.errors import InputError
from qnnhard.campaign import line_file
from qnnhard.campaign.line_file import LineFile
from qnnhard.campaign.lines import encode_line
from qnnhard.campaign.run import results, run
from tests.qnnhard.campaign import functions
from tests.qnnhard.campaign.functions import counting

SQUARES = [{"n": n, "square": n * n} for n in range(6)]


def squares():
    return counting(functions.square, 6)


@pytest.fixture
def whole(path) -> bytes:
    """The file of a run that nobody disturbed."""
    assert run(squares(), 1, path) == SQUARES
    return Path(path).read_bytes()


# --- going on --------------------------------------------------------------------------------


def test_a_file_cut_off_anywhere_ends_as_if_it_had_not_been(path, whole):
    for cut in range(len(whole) + 1):
        Path(path).write_bytes(whole[:cut])
        assert run(squares(), 1, path, resume=True) == SQUARES
        assert Path(path).read_bytes() == whole, cut


@pytest.mark.parametrize("jobs", [1, 2])
def test_lines_in_any_order_are_put_in_that_of_the_tasks(path, whole, jobs):
    header, *lines = whole.splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    Path(path).write_bytes(header + b"".join(lines[:4]) + lines[4][:-1])
    assert run(squares(), jobs, path, resume=True) == SQUARES
    assert Path(path).read_bytes() == whole


def test_what_is_there_is_not_done_again(path, whole):
    never = replace(squares(), function=functions.refusing)
    assert run(never, 1, path, resume=True) == SQUARES
    first = next(results(never, 1, path, resume=True))
    assert (first.number, first.key, first.record, first.lost) == (0, "n0", SQUARES[0], None)


def test_there_need_not_be_a_file(path, whole):
    os.unlink(path)
    assert run(squares(), 1, path, resume=True) == SQUARES
    assert Path(path).read_bytes() == whole


def test_what_was_lost_is_done_again(path):
    first = run(counting(functions.deadly, 6), 2, path)
    assert [n for n, record in enumerate(first) if "lost" in record] == [1, 2, 3, 4]
    second = run(counting(functions.unhurried, 6), 2, path, resume=True)
    assert second == [{"n": n} for n in range(6)]
    assert len(Path(path).read_text().splitlines()) == 7
    assert "lost" not in Path(path).read_text()


def test_an_interruption_leaves_whole_lines(path, whole):
    def interrupted(number):
        if number == 4:
            raise KeyboardInterrupt
        return functions.square(number)

    os.unlink(path)
    with pytest.raises(KeyboardInterrupt):
        run(replace(squares(), function=interrupted), 1, path)
    assert Path(path).read_bytes() == b"".join(whole.splitlines(keepends=True)[:5])
    assert run(squares(), 2, path, resume=True) == SQUARES
    assert Path(path).read_bytes() == whole


def test_a_line_that_cannot_be_written_whole_is_not_there(path, whole, monkeypatch):
    os.unlink(path)
    calls = []

    def full(descriptor, content):
        calls.append(content)
        if len(calls) == 4:
            return written(descriptor, content[:5])
        if len(calls) > 4:
            raise OSError(28, "No space left on device")
        return written(descriptor, content)

    written = os.write
    monkeypatch.setattr(line_file.os, "write", full)
    with pytest.raises(InputError, match=r"f\.jsonl: cannot be written \(No space left"):
        run(squares(), 1, path)
    monkeypatch.undo()
    assert Path(path).read_bytes() == b"".join(whole.splitlines(keepends=True)[:3])


def test_names_that_are_not_unicode_come_back(path):
    odd = "n\udcff\x1b[31m\u2028"
    campaign = replace(squares(), tasks=[replace(squares().tasks[2], key=odd)])
    run(campaign, 1, path)
    (result,) = results(campaign, 1, path, resume=True)
    assert result.key == odd
    assert Path(path).read_bytes().isascii()


# --- what is refused -------------------------------------------------------------------------


def refused(path: str, *words: str, campaign=None, resume: bool = True) -> None:
    """One line that names the file, and a file that is as it was."""
    before = Path(path).read_bytes()
    with pytest.raises(InputError) as caught:
        run(campaign or squares(), 1, path, resume=resume)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    for word in words:
        assert word in message, message
    assert Path(path).read_bytes() == before


def test_without_resume_what_is_there_stays(path, whole):
    refused(path, "is there already", "--resume", resume=False)
    for left in (b"my diary\n", b"{}\n", whole[:-5], whole.splitlines(keepends=True)[0] + b"x"):
        Path(path).write_bytes(left)
        refused(path, "is there already", resume=False)


def test_a_header_alone_is_no_loss(path, whole):
    Path(path).write_bytes(encode_line(HEADER | {"seed": 8}))
    assert run(squares(), 1, path) == SQUARES
    assert Path(path).read_bytes() == whole


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"settings": {"count": 7}}, ["whose count is 6, not 7"]),
        ({"settings": {"count": 6, "more": "x"}}, ['whose more is null, not "x"']),
        ({"seed": 8}, ["whose seed is 7, not 8"]),
        ({"name": "adding"}, ['whose campaign is "counting", not "adding"']),
    ],
)
def test_the_file_of_another_command_is_refused(path, whole, changed, words):
    refused(path, "belongs to another command", *words, campaign=replace(squares(), **changed))


HEADER = counting(functions.square, 6).header


@pytest.mark.parametrize(
    "first",
    [
        b"my diary\n", b"\n", b"{}\n", b"[]\n", b"null\n", b"\xff\xfe\n", b"\0" * 40 + b"\n",
        b"my diary", b'{"format": "qnnhard-instance", "version": 1}\n', b"[" * 100_000 + b"\n",
        b'{"format": "qnnhard-campaign", "format": "qnnhard-campaign"}\n',
    ],
    ids=range(11),
)  # fmt: skip
def test_what_is_no_file_of_a_campaign_is_refused(path, first):
    Path(path).write_bytes(first)
    refused(path, "not the file of a campaign")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"version": 2}, "version 2 of the format is not known"),
        ({"version": [[]]}, "version [[]] of the format"),
        ({"fingerprint": "0"}, "the fingerprint of its header is not that of its settings"),
        ({"settings": 3}, "belongs to another command"),
        ({"settings": {"count": "\x1b[31m" * 50}}, r"is \"\\u001b[31m"),
        ({"program": "qnnhard 9"}, 'whose program is "qnnhard 9"'),
        ({"surplus": 1}, "whose surplus is 1, not null"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(path, changed, words):
    Path(path).write_bytes(encode_line(HEADER | changed))
    refused(path, words.replace('\\"', '"').replace("\\\\", "\\"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"\n", "not JSON"),
        (b"{\n", "not JSON"),
        (b"\0\0\0\n", "not JSON"),
        (b'{"key": "n1", "record": \xff}\n', "not UTF-8"),
        (b"[" * 100_000 + b"\n", "nested too deeply"),
        (b"3\n", "not a JSON object"),
        (b'{"key": "n1"}\n', "expected an object with the keys"),
        (b'{"key": "n1", "record": {"n": 1}, "x": 0}\n', "expected an object with the keys"),
        (b'{"key": 1, "record": {"n": 1}}\n', "must be texts"),
        (b'{"key": "n1", "record": {"n": 1}, "lost": null}\n', "must be texts"),
        (b'{"key": "n1", "key": "n2", "record": {"n": 1}}\n', "a key is given twice"),
        (b'{"key": "n1", "record": {"n": NaN}}\n', "NaN is no number"),
        (b'{"key": "n1", "record": {"n": ' + b"9" * 5000 + b"}}\n", "not JSON"),
        (b'{"key": "n1", "record": {"m": 1}}\n', "no record of a number"),
        (b'{"key": "n1", "record": {"m": 1}, "lost": "x"}\n', "no record of a number"),
        (b'{"key": "n6", "record": {"n": 6}}\n', "the command has no such task"),
        (b'{"key": "n0", "record": {"n": 0}}\n', "a second result of a task"),
    ],
    ids=range(17),
)
@pytest.mark.parametrize("more", [b"", b'{"key": "n2", "record": {"n": 2}}\n', b'{"key'])
def test_a_damaged_line_is_refused_with_its_number(path, whole, line, words, more):
    Path(path).write_bytes(b"".join(whole.splitlines(keepends=True)[:2]) + line + more)
    refused(path, "line 3: ", words)


def test_a_line_that_is_too_long_is_refused(path, whole, monkeypatch):
    monkeypatch.setattr("qnnhard.campaign.journal.budget", lambda: 16 * 4096)
    Path(path).write_bytes(whole + b"{" * 5000)
    refused(path, "line 8: too long")


# --- names and other runs --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["-", "f.jsonl.gz", "/dev/null", ".", "no/such/folder", "pipe"])
def test_only_a_plain_file_is_added_to(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    before = sorted(os.listdir())
    for resume in (False, True):
        with pytest.raises(InputError, match=f"^{name}: "):
            run(squares(), 1, name, resume)
    assert sorted(os.listdir()) == before


def test_a_link_is_followed_and_stays(tmp_path, path, whole):
    link = tmp_path / "link"
    link.symlink_to(path)
    header, *lines = whole.splitlines(keepends=True)
    Path(path).write_bytes(header + lines[3] + lines[1])
    assert run(squares(), 1, str(link), resume=True) == SQUARES
    assert link.is_symlink()
    assert Path(path).read_bytes() == whole


def test_two_runs_do_not_add_to_one_file(path, whole, monkeypatch):
    monkeypatch.setattr(line_file, "PATIENCE", 0)
    with open(path, "rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        refused(path, "another run adds to it")
    assert run(squares(), 1, path, resume=True) == SQUARES


def test_a_file_that_was_replaced_while_it_was_waited_for_is_opened_again(path, whole, monkeypatch):
    """The run before puts the arranged file in the place of the one that was locked."""
    real = fcntl.flock
    turns = []

    def late(descriptor, how):
        if not turns:
            turns.append(descriptor)
            other = Path(path).with_name("other")
            other.write_bytes(whole)
            other.replace(path)
        real(descriptor, how)

    monkeypatch.setattr(line_file.fcntl, "flock", late)
    Path(path).write_bytes(b"old")
    assert run(squares(), 1, path, resume=True) == SQUARES
    assert Path(path).read_bytes() == whole


def test_what_is_added_reaches_the_disk(path, monkeypatch):
    synced = []
    monkeypatch.setattr(line_file, "SYNC", 0)
    monkeypatch.setattr(LineFile, "sync", lambda self: synced.append(self.end))
    run(squares(), 1, path)
    # After every line, and at the end.
    assert len(synced) == 8
    assert synced[-1] == len(Path(path).read_bytes())


def test_the_fingerprint_is_that_of_the_other_fields():
    import hashlib

    fields = {name: value for name, value in HEADER.items() if name != "fingerprint"}
    text = json.dumps(fields, sort_keys=True)
    assert HEADER["fingerprint"] == hashlib.sha256(text.encode()).hexdigest()
