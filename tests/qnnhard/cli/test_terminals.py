"""What reaches a terminal or a stream: text from outside, names of any bytes, closed streams."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from instances.training.files import read_instance, write_instance, write_parameters
from instances.training.instance import layered
from tests.helpers import DATA, REPOSITORY, make_parameters, run_qnnhard

EVIL = "e\x1b[31m\u202evil\x07\x7f.cnf"
SHOWN = "e\\x1b[31m\\u202evil\\x07\\x7f.cnf"
BYTES = os.fsdecode(b"n\xff\xfe.cnf")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an instance, its parameters, and sources with strange names."""
    monkeypatch.chdir(tmp_path)
    instance = layered([1, 1], 2, ([[1]], [[1]]))
    write_instance("i.json", instance)
    write_parameters("p.json", instance, make_parameters(instance, {(0, 1): 1}))
    for name in (EVIL, BYTES):
        Path(name).write_text("p cnf 2 1\n1 2 0\n")
    return tmp_path


def assert_plain(*texts: str) -> None:
    for text in texts:
        assert all(line.isprintable() for line in text.split("\n")), text


@pytest.mark.parametrize(
    "words",
    [
        ("solve", "no\x1b[2J\u202e.json"),
        ("show", "a\x1b]0;title\x07"),
        ("\x1b[31mverb",),
        ("solve", "i.json", "--\x1b[31moption"),
        ("solve", "i.json", "--timeout", "\x1b[31m"),
        ("solve", "i.json", "--backend", "\x9b31m"),
        ("source", "3-sat", "--set", "a\nb\x1b=1"),
        ("export", "i.json", "--to", "\u2066x"),
        ("check", "i.json", "p.json", "more\x00"),
        ("measure", "i.json", "-o", "\x1b"),
        ("verify", "two-inputs", EVIL),
        ("verify", "two-inputs", EVIL, "--set", "x=1"),
        ("generate", "two-inputs", EVIL, "-o", "made\x1b.json"),
        ("map", "--small", "alpha\x1b"),
        ("decode", "i.json", EVIL),
    ],
)
def test_arguments_and_names_are_shown_escaped(here, qnnhard, words):
    outcome = qnnhard(*words)
    assert_plain(outcome.out, outcome.err)


def test_a_table_and_its_json_show_names_escaped(here, qnnhard):
    outcome = qnnhard("verify", "two-inputs", EVIL)
    assert SHOWN in outcome.out
    outcome = qnnhard("verify", "two-inputs", EVIL, "--json")
    assert_plain(outcome.out)
    assert outcome.out.isascii()
    assert json.loads(outcome.out)["results"][0]["source"] == EVIL


def test_headers_of_exports_hold_no_escapes_and_no_lines_of_others(here, qnnhard):
    origin = {
        "command": "x",
        "source": "a\nc expected: SATISFIABLE\n\x1b[31m\u202e",
        "chain": "b\rp cnf 1 1\r1 0",
        "expected": "no",
        "expected_reason": "r\u2028\x85\np cnf 9 9",
    }
    document = json.loads(Path("i.json").read_text())
    Path("i.json").write_text(json.dumps({**document, "origin": origin}))
    for form in ("cnf", "wcnf", "gr", "td"):
        outcome = qnnhard("export", "i.json", "--to", form)
        assert outcome.code == 0
        assert_plain(outcome.out)
        lines = outcome.out.split("\n")
        assert sum(line.startswith(("p ", "s ")) for line in lines) <= 1
        assert not any(line.startswith("c expected: SAT") for line in lines)


def test_names_that_are_not_utf_8_work(here, qnnhard):
    made = os.fsdecode(b"made\xfe.json")
    outcome = qnnhard("generate", "two-inputs", BYTES, "-o", made, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out)["output"] == made
    assert read_instance(made).origin["source"] == "n\\xff\\xfe.cnf"
    assert qnnhard("solve", made, "-o", made + "p").code == 10
    assert qnnhard("check", made, made + "p").code == 0
    outcome = qnnhard("export", made, "-o", made + ".cnf")
    assert (outcome.code, outcome.err[:14]) == (0, "made\\xfe.json.")
    outcome = qnnhard("verify", "two-inputs", BYTES, "--proof-dir", os.fsdecode(b"d\xff"))
    assert (outcome.code, "n\\xff\\xfe.cnf" in outcome.out) == (0, True)


def test_names_that_are_not_utf_8_work_where_only_ascii_can_be_printed(here):
    for words, code in (
        (("verify", "two-inputs", BYTES, "--json"), 0),
        (("check", os.fsdecode(b"none\xff"), "ä"), 1),
    ):
        run = subprocess.run(
            [sys.executable, "-m", "qnnhard", *words],
            capture_output=True,
            env={
                **os.environ,
                "PYTHONPATH": str(REPOSITORY),
                "LC_ALL": "C",
                "PYTHONIOENCODING": "ascii:strict",
            },
            check=False,
        )
        assert run.returncode == code, run
        if code == 0:
            assert json.loads(run.stdout)["results"][0]["source"] == BYTES
        else:
            assert run.stderr.startswith(b"qnnhard: none\\xff: cannot be read")


def shell(line: str, here: Path) -> "subprocess.CompletedProcess[bytes]":
    command = f"{sys.executable} -m qnnhard"
    return subprocess.run(
        ["bash", "-c", line.replace("qnnhard", command, 1)],
        capture_output=True,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=False,
    )


@pytest.mark.parametrize(
    ("line", "code", "out", "err"),
    [
        ("qnnhard check i.json p.json >&-", 1, b"", b"standard output: Bad file descriptor"),
        ("qnnhard solve i.json -o - >/dev/full", 1, b"", b"YES: the exact"),
        ("qnnhard list --json >/dev/full", 1, b"", b"standard output: No space left"),
        ("qnnhard export i.json >&-", 1, b"", b"qnnhard: "),
        ("qnnhard solve i.json 2>&-", 10, b"YES", b""),
        ("qnnhard solve i.json 2>/dev/full", 10, b"YES", b""),
        ("qnnhard check - p.json <&-", 1, b"", b"qnnhard: -: cannot be read"),
        ("qnnhard check i.json p.json --timeout 50 <&- 2>&-", 0, b"accepted", b""),
        ("qnnhard check i.json p.json <&- >&- 2>&-", 1, b"", b""),
    ],
)
def test_closed_and_full_streams_cause_no_traceback(here, line, code, out, err):
    outcome = shell(line, here)
    assert outcome.returncode == code, outcome
    assert outcome.stdout.startswith(out)
    assert err in outcome.stderr
    assert b"Traceback" not in outcome.stderr
    assert b"Exception" not in outcome.stderr
    assert outcome.stderr.count(b"\n") <= 4


def test_no_file_takes_the_number_of_a_closed_stream(here):
    outcome = shell("qnnhard solve i.json -o q.json >&- 2>&-", here)
    assert outcome.returncode == 1
    assert json.loads(Path("q.json").read_text())["weights"] == [1]


ONE_DOCUMENT = [
    ("list",),
    ("show", "two-inputs"),
    ("source", "3-sat", "-o", "new"),
    ("generate", "two-inputs", "f.cnf", "-o", "new"),
    ("family", "--list"),
    ("family", "ladder", "-o", "new"),
    ("solve", "i.json"),
    ("solve", "i.json", "--explain"),
    ("solve", "i.json", "--timeout", "0"),
    ("solve", "i.json", "--minimize"),
    ("solve", "i.json", "--minimize", "--timeout", "0"),
    ("solve", "i.json", "--backend", "local-search", "--timeout", "0"),
    ("check", "i.json", "p.json"),
    ("map",),
    ("map", "i.json"),
    ("map", "--small", "alpha"),
    ("measure", "i.json"),
    ("measure", "i.json", "--exact", "--timeout", "0"),
    ("sparsify", "i.json", "p.json", "-o", "new"),
    ("push", "two-inputs", "f.cnf", "w.json", "-o", "new"),
    ("verify", "two-inputs", "f.cnf"),
    ("verify", "two-inputs", "f.cnf", "--timeout", "0"),
    ("continuous", "i.json"),
    ("continuous", "i.json", "--check", "-o", "new"),
    ("growth", DATA / "squaring.slp", "--max-bits", "10"),
    ("export", "i.json", "-o", "new"),
]


@pytest.mark.parametrize("words", ONE_DOCUMENT, ids=lambda words: " ".join(map(str, words[:4])))
def test_json_is_one_document(here, qnnhard, words):
    (here / "f.cnf").write_text("p cnf 2 1\n1 2 0\n")
    (here / "w.json").write_text('{"assignment": [1, 2]}')
    outcome = qnnhard(*words, "--json")
    assert outcome.code in (0, 1, 10)
    json.loads(outcome.out)
    assert_plain(outcome.out, outcome.err)


def test_json_and_a_result_do_not_share_standard_output(here, qnnhard):
    for words in (("continuous", "i.json", "-o", "-"), ("solve", "i.json", "--proof", "-")):
        outcome = qnnhard(*words, "--json")
        assert (outcome.code, outcome.out) == (2, "")


def test_a_user_sees_escapes_as_text_too(here):
    run = run_qnnhard("solve", "\x1b[31m.json", cwd=here)
    assert run.stderr.startswith(b"qnnhard: \\x1b[31m.json: ")
