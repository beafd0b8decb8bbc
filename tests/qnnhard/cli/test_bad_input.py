"""Bad input: one line on standard error, exit 1, no traceback, no half-written file."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from instances.training.activations import Activation
from instances.training.files import write_instance, write_parameters
from instances.training.instance import layered
from tests.helpers import (
    REPOSITORY,
    assert_one_line_error,
    make_instance,
    make_network,
    make_parameters,
    run_qnnhard,
)

DIMACS: dict[str, bytes] = {
    "empty": b"",
    "blank": b"\n \n\n",
    "comments only": b"c nothing\nc at all\n",
    "binary": bytes(range(256)) * 4,
    "zeros": bytes(1000),
    "not UTF-8": b"p cnf 1 1\nc \xff\xfe\n1 0\n",
    "UTF-16": "p cnf 1 1\n1 0\n".encode("utf-16"),
    "no header": b"1 2 0\n",
    "header cut off": b"p cnf 3",
    "header of words": b"p cnf three four\n1 0\n",
    "negative header": b"p cnf -3 1\n1 0\n",
    "two headers": b"p cnf 1 1\np cnf 1 1\n1 0\n",
    "truncated in a clause": b"p cnf 3 2\n1 2 3 0\n-1 2",
    "too few clauses": b"p cnf 3 5\n1 2 3 0\n",
    "too many clauses": b"p cnf 3 1\n1 2 3 0\n1 0\n",
    "a literal beyond the header": b"p cnf 3 1\n1 2 4 0\n",
    "a negative literal beyond the header": b"p cnf 3 1\n1 2 -4 0\n",
    "a literal that is a word": b"p cnf 3 1\n1 two 3 0\n",
    "a literal with a point": b"p cnf 3 1\n1 2.0 3 0\n",
    "a huge literal": b"p cnf 3 1\n" + b"9" * 5000 + b" 0\n",
    "a huge number of variables": b"p cnf " + b"9" * 40 + b" 1\n1 0\n",
    "a huge number of clauses": b"p cnf 3 " + b"9" * 40 + b"\n1 0\n",
    "numbers past any integer": b"p cnf " + b"9" * 5000 + b" 1\n1 0\n",
    "JSON": b'{"universe": 2, "sets": "none"}',
    "truncated JSON": b'{"universe": 2, "sets": [[0',
    "deeply nested JSON": b"[" * 100_000,
}

SET_SYSTEMS: dict[str, str] = {
    "a list": "[]",
    "no universe": '{"sets": [[0]]}',
    "sets as numbers": '{"universe": 2, "sets": [0, 1]}',
    "an element outside": '{"universe": 2, "sets": [[0, 2]]}',
    "a negative element": '{"universe": 2, "sets": [[-1]]}',
    "an element twice": '{"universe": 2, "sets": [[0, 0]]}',
    "a fraction": '{"universe": 2, "sets": [[0.5]]}',
    "a boolean universe": '{"universe": true, "sets": []}',
    "a negative universe": '{"universe": -1, "sets": []}',
    "a huge universe": '{"universe": 1' + "0" * 30 + ', "sets": []}',
    "a key twice": '{"universe": 1, "sets": [[0]], "universe": 1}',
    "an unknown key": '{"universe": 1, "sets": [], "more": 1}',
    "a budget where none belongs": '{"universe": 1, "sets": [[0]], "budget": 1}',
    "cut off": '{"universe": 1, "sets": [[0]',
    "too few lines": "2 3\n0 1\n",
    "words": "one two\n",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a good source, instance, parameters and solver output in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "yes.cnf").write_text("p cnf 2 1\n1 2 0\n")
    instance = layered([1, 1], 2, ([[1]], [[1]]))
    write_instance("i.json", instance)
    write_parameters("p.json", instance, make_parameters(instance, {(0, 1): 1}))
    return tmp_path


def assert_refused(qnnhard, folder: Path, *arguments: object, words: tuple[str, ...] = ()) -> None:
    """One line, exit 1, and the folder is as it was."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert_one_line_error(qnnhard(*arguments), *words)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after == before


@pytest.mark.parametrize("name", DIMACS)
def test_a_bad_formula_is_refused_by_every_verb_that_reads_one(here, qnnhard, name):
    (here / "bad.cnf").write_bytes(DIMACS[name])
    for words in (
        ("generate", "two-inputs", "bad.cnf", "-o", "out.json"),
        ("push", "two-inputs", "bad.cnf", "w.json", "-o", "out.json"),
        ("pull", "two-inputs", "bad.cnf", "p.json", "-o", "out.json"),
        ("verify", "two-inputs", "bad.cnf", "--failures-dir", "."),
        ("verify", "all", "bad.cnf", "--json", "--failures-dir", "."),
    ):
        assert_refused(qnnhard, here, *words, words=("bad.cnf",))


@pytest.mark.parametrize("name", DIMACS)
def test_a_bad_formula_in_gz_is_refused(here, qnnhard, name):
    (here / "bad.cnf.gz").write_bytes(gzip.compress(DIMACS[name]))
    assert_refused(qnnhard, here, "generate", "two-inputs", "bad.cnf.gz", "-o", "out.json")


@pytest.mark.parametrize("name", SET_SYSTEMS)
def test_a_bad_set_system_is_refused(here, qnnhard, name):
    (here / "bad.json").write_text(SET_SYSTEMS[name])
    assert_refused(
        qnnhard, here, "generate", "exact-cover", "bad.json", "-o", "out.json", words=("bad.json",)
    )


def bad_instance_files() -> dict[str, bytes]:
    whole = {
        "format": "qnnhard-instance", "version": 1, "d": 2,
        "neurons": [{"name": "x"}, {"name": "h"}, {"name": "y"}],
        "inputs": ["x"], "outputs": ["y"],
        "edges": {"sources": ["x", "h"], "targets": ["h", "y"]},
        "data": {"inputs": [[1]], "targets": [[1]]},
    }  # fmt: skip

    def changed(**fields: object) -> bytes:
        return json.dumps({**whole, **fields}).encode()

    return {
        "empty": b"",
        "binary": bytes(range(256)),
        "not UTF-8": changed().replace(b'"h"', b'"\xff"'),
        "truncated": changed()[:-20],
        "deeply nested": b"[" * 100_000,
        "a list": b"[]",
        "wrong version": changed(version=2),
        "wrong format": changed(format="qnnhard-parameters"),
        "wrong type": changed(d="two"),
        "cycle": changed(edges={"sources": ["h", "y"], "targets": ["y", "h"]}),
        "duplicate edge": changed(edges={"sources": ["x", "x"], "targets": ["y", "y"]}),
        "edge into an input": changed(edges={"sources": ["h"], "targets": ["x"]}),
        "unknown neuron": changed(outputs=["z"]),
        "empty domain": changed(d=None, domains=[[]], activations=["relu"]),
        "data outside Z_d": changed(data={"inputs": [[7]], "targets": [[1]]}),
        "wrong row width": changed(data={"inputs": [[1, 1]], "targets": [[1]]}),
        "unknown loss": changed(loss="hinge"),
        "unknown activation": changed(activations=["tanh"]),
        "a key twice": changed().replace(b'"d": 2', b'"d": 2, "\\u0064": 3'),
        "a key twice inside": changed().replace(b'"inputs": [[', b'"inputs": [], "inputs": [['),
        "duplicate name": changed(neurons=[{"name": "x"}, {"name": "h"}, {"name": "h"}]),
        "name with a line end that nobody refers to": changed(outputs=["h\n"]),
    }


@pytest.mark.parametrize("name", bad_instance_files())
def test_a_bad_instance_is_refused_by_every_verb_that_reads_one(here, qnnhard, name):
    (here / "bad.json").write_bytes(bad_instance_files()[name])
    (here / "out.txt").write_text("s SATISFIABLE\nv 0\n")
    for words in (
        ("solve", "bad.json", "-o", "out.json"),
        ("solve", "bad.json", "--json"),
        ("check", "bad.json", "p.json"),
        ("measure", "bad.json"),
        ("export", "bad.json", "-o", "f.cnf"),
        ("decode", "bad.json", "out.txt", "-o", "out.json"),
    ):
        assert_refused(qnnhard, here, *words, words=("bad.json",))


@pytest.mark.parametrize("name", ["empty", "binary", "truncated", "a list", "deeply nested"])
def test_bad_parameters_are_refused(here, qnnhard, name):
    (here / "bad.json").write_bytes(bad_instance_files()[name])
    assert_refused(qnnhard, here, "check", "i.json", "bad.json", words=("bad.json",))
    assert_refused(qnnhard, here, "pull", "two-inputs", "yes.cnf", "bad.json", "-o", "w.json")


def test_parameters_for_another_instance_are_refused(here, qnnhard):
    write_instance("other.json", layered([1, 1], 2, ([[1]], [[0]])))
    words = ("belong to another instance",)
    assert_refused(qnnhard, here, "check", "other.json", "p.json", words=words)
    assert_refused(qnnhard, here, "pull", "two-inputs", "yes.cnf", "p.json", words=words)


def test_parameters_outside_their_domains_are_refused(here, qnnhard):
    document = json.loads((here / "p.json").read_text())
    document["weights"] = [7]
    (here / "p.json").write_text(json.dumps(document))
    assert_refused(qnnhard, here, "check", "i.json", "p.json", words=("is 7", "domain"))


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "s SATISFIABLE\n", "s SATISFIABLE\nv 1\n", "s SATISFIABLE\nv 99999 0\n",
     "s SATISFIABLE\nv 1 -1 0\n", "s UNKNOWN\n", "s SATISFIABLE\nv x 0\n", "v 1 0\n"],
)  # fmt: skip
def test_a_bad_solver_output_is_refused(here, qnnhard, text):
    (here / "out.txt").write_text(text)
    assert_refused(
        qnnhard, here, "decode", "i.json", "out.txt", "-o", "new.json", words=("out.txt",)
    )


def test_a_model_that_does_not_satisfy_the_formula_is_refused(here, qnnhard):
    (here / "out.txt").write_text("s SATISFIABLE\nv 0\n")
    words = ("does not satisfy the formula",)
    assert_refused(qnnhard, here, "decode", "i.json", "out.txt", "-o", "new.json", words=words)


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "two-inputs", "none.cnf"),
        ("solve", "none.json"),
        ("solve", "."),
        ("check", "i.json", "none.json"),
        ("check", "none.json", "p.json"),
        ("measure", "none.json"),
        ("export", "none.json"),
        ("decode", "i.json", "none.txt"),
        ("push", "two-inputs", "yes.cnf", "none.json"),
        ("pull", "two-inputs", "yes.cnf", "none.json"),
        ("verify", "two-inputs", "none.cnf"),
        ("verify", "./none.py"),
    ],
)
def test_a_missing_file_is_refused_by_name(here, qnnhard, arguments):
    name = next((word for word in arguments if "none" in word), ".")
    assert_refused(qnnhard, here, *arguments, words=(name,))


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("show", "no-such"), "no reduction 'no-such'; choose from: exact-cover"),
        (("show", "two-input"), "no reduction 'two-input'; did you mean 'two-inputs'? choose"),
        (("source", "SAT"), "no problem 'SAT'; did you mean 'sat'? choose from: sat"),
        (("source", "x" * 100_000), "; choose from: sat"),
        (("source", "3-sat", "--set", "variabels=3"), "did you mean 'variables'? choose from"),
        (("family", "lader"), "no family 'lader'; did you mean 'ladder'? choose from"),
        (("solve", "i.json", "--backend", "treewdth"), "did you mean 'treewidth'? choose from"),
        (("export", "i.json", "--to", "cfn"), "no format 'cfn'; did you mean 'cnf'? choose"),
        (("map", "--small", "alpah"), "no parameter 'alpah'; did you mean 'alpha'? choose from"),
        (("generate", "no-such"), "no reduction"),
        (("verify", "no-such"), "no reduction"),
        (("source", "no-such"), "no problem 'no-such'; choose from: sat"),
        (("generate", "two-inputs", "--problem", "no-such"), "no problem"),
        (("generate", "two-inputs", "--problem", "exact-cover"), "no bridge leads from"),
        (("solve", "i.json", "--backend", "no-such"), "no backend"),
        (("verify", "two-inputs", "--backend", "no-such"), "no backend"),
        (("solve", "i.json", "--backend", "enumerate", "--proof", "p.drat"), "no proof"),
        (("export", "i.json", "--to", "no-such"), "no format 'no-such'; choose from: cnf"),
        (("source", "3-sat", "--set", "colour=3"), "colour"),
        (("source", "3-sat", "--set", "variables=many"), "variables"),
        (("source", "3-sat", "--set", "variables=-3"), "variables"),
        (("source", "3-sat", "--set", "variables=" + "9" * 5000), "variables"),
        (("generate", "two-inputs", "yes.cnf", "--set", "variables=3"), "variables"),
        (("solve", "i.json", "--external", "no-such-solver {cnf}"), "no-such-solver"),
        (("solve", "i.json", "--external", "kissat"), "{cnf}"),
        (("solve", "i.json", "--external", "'"), "external solver"),
    ],
)
def test_an_unknown_name_or_value_is_refused_with_the_choices(here, qnnhard, arguments, word):
    assert_refused(qnnhard, here, *arguments, words=(word,))


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("slove", "no verb 'slove'; did you mean 'solve'? choose from: list, show, source"),
        ("xyzzy", "no verb 'xyzzy'; choose from: list, show, source"),
    ],
)
def test_an_unknown_verb_is_a_usage_error_that_names_the_nearest(qnnhard, verb, words):
    outcome = qnnhard(verb, "i.json")
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err


WRITERS = [
    ("source", "3-sat", "-o"),
    ("generate", "two-inputs", "yes.cnf", "-o"),
    ("solve", "i.json", "--backend", "sat", "-o"),
    ("export", "i.json", "-o"),
    ("push", "two-inputs", "yes.cnf", "w.json", "-o"),
]


@pytest.mark.parametrize("arguments", WRITERS, ids=lambda words: words[0])
@pytest.mark.parametrize("target", ["missing/out", "folder", "folder/", "/proc/out"])
def test_an_unwritable_output_is_refused_and_leaves_nothing(here, qnnhard, arguments, target):
    (here / "folder").mkdir()
    (here / "w.json").write_text('{"assignment": [1, 2]}')
    assert_refused(qnnhard, here, *arguments, target)
    assert not list((here / "folder").iterdir())


@pytest.mark.parametrize(
    "target",
    [
        "yes.cnf/out",
        "n" * 300,
        "",
        ".",
        "/",
    ],
)
def test_an_impossible_output_is_refused(here, qnnhard, target):
    assert_refused(qnnhard, here, "export", "i.json", "-o", target)


def test_a_full_device_as_output_file_is_refused(here, qnnhard):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    assert_refused(qnnhard, here, "source", "3-sat", "-o", "/dev/full")


@pytest.mark.parametrize("arguments", [("list",), ("source", "3-sat"), ("schema",)])
def test_a_full_standard_output_is_refused(arguments):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [sys.executable, "-m", "qnnhard", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr.startswith(b"qnnhard: ")
    assert run.stderr.count(b"\n") == 1


def test_an_unwritable_proof_is_refused(here, qnnhard):
    write_instance("no.json", layered([1, 1], 2, ([[0]], [[1]])))
    assert_refused(
        qnnhard, here, "solve", "no.json", "--backend", "sat", "--proof", "missing/p.drat"
    )
    (here / "file").write_text("")
    assert_refused(
        qnnhard, here, "verify", "two-inputs", "--proof-dir", "file/proofs", words=("file/proofs",)
    )


@pytest.mark.parametrize("words", [("check", "big.json", "q.json"),
                                   ("check", "big.json", "q.json", "--json")])  # fmt: skip
def test_a_loss_of_more_digits_than_python_prints_causes_no_traceback(here, qnnhard, words):
    depth = 15
    network = make_network(
        depth + 1, [0], [depth], [(v, v + 1) for v in range(depth)], Activation("square")
    )
    big = make_instance(network, [((3,), (0,))], weights=(1,), loss="l1")
    write_instance("big.json", big)
    ones = {(v, v + 1): 1 for v in range(depth)}
    write_parameters("q.json", big, make_parameters(big, ones))
    outcome = qnnhard(*words)
    assert outcome.code == 1


TWO_INPUTS = "from reductions.to_training.two_inputs import TwoInputs as T\n"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("", "no subclass"),
        ("x =", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("1 / 0", "ZeroDivisionError"),
        ("from reductions.map import Map\nclass R(Map): pass", "'name'"),
        (
            "from reductions.map import Map\n"
            "class R(Map): name = source_problem = target_problem = construction = ''",
            "abstract",
        ),
        (
            f"{TWO_INPUTS}class A(T): pass\nclass B(T): pass",
            "several reductions",
        ),
        (
            f"{TWO_INPUTS}class A(T):\n  statement = None",
            "'statement'",
        ),
    ],
)
def test_a_bad_reduction_file_is_refused(here, qnnhard, body, word):
    (here / "mine.py").write_text(body)
    assert_refused(qnnhard, here, "verify", "./mine.py", words=("./mine.py", word))
    assert_refused(qnnhard, here, "show", "./mine.py", words=("./mine.py", word))


def test_a_user_sees_one_line_too(here):
    (here / "bad.cnf").write_bytes(b"p cnf 3 1\n1 2 4 0\n")
    run = run_qnnhard("generate", "two-inputs", "bad.cnf", "-o", "out.json", cwd=here)
    assert (run.returncode, run.stdout) == (1, b"")
    assert run.stderr.startswith(b"qnnhard: bad.cnf: ")
    assert run.stderr.count(b"\n") == 1
    assert not (here / "out.json").exists()


def test_binary_standard_input_is_refused_in_one_line(here):
    for words in (("solve", "-"), ("generate", "two-inputs", "-"), ("verify", "all", "-")):
        run = run_qnnhard(*words, text=bytes(range(256)), cwd=here)
        assert run.returncode == 1
        assert run.stderr.startswith(b"qnnhard: -: ")
        assert run.stderr.count(b"\n") == 1


@pytest.mark.parametrize("key", ["weights", "format", "instance"])
def test_parameters_and_witnesses_with_a_key_twice_are_refused(here, qnnhard, key):
    document = (here / "p.json").read_text()
    value = json.dumps(json.loads(document)[key])
    (here / "twice.json").write_text(document.replace("{", f'{{"{key}": {value},', 1))
    words = ("twice.json", f"the key '{key}' occurs twice")
    assert_refused(qnnhard, here, "check", "i.json", "twice.json", words=words)
    (here / "w.json").write_text('{"assignment": [1, 2], "assignment": [1, -2]}')
    assert_refused(qnnhard, here, "push", "two-inputs", "yes.cnf", "w.json", words=("twice",))
