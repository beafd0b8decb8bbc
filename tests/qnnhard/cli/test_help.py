"""Help, examples and the documentation of every verb; usage errors."""

import os
import subprocess
import sys
from importlib import import_module

import click
import pytest

from qnnhard import __version__
from qnnhard.cli.main import VERBS
from tests.helpers import REPOSITORY, run_qnnhard

ISSUE_VERBS = {
    "list": {"--json"},
    "show": set(),
    "source": {"--set", "--seed", "-o"},
    "generate": {"--set", "--seed", "-o"},
    "solve": {"--backend", "--timeout", "--proof", "-o", "--external"},
    "check": set(),
    "measure": set(),
    "push": set(),
    "pull": set(),
    "verify": {"--set", "--random", "--seed", "--proof-dir", "--json"},
    "export": {"--to", "-o"},
    "decode": {"-o"},
    "schema": set(),
}


def command(verb: str) -> click.Command:
    return import_module(f"qnnhard.cli.verbs.{verb}").command


def options(verb: str) -> set[str]:
    return {text for parameter in command(verb).params for text in parameter.opts}


def test_the_verbs_are_those_of_the_issue():
    assert set(ISSUE_VERBS) <= set(VERBS)
    assert all(ISSUE_VERBS[verb] <= options(verb) for verb in ISSUE_VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_help_with_an_example_of_itself(verb, qnnhard):
    for flag in ("--help", "-h"):
        outcome = qnnhard(verb, flag)
        assert (outcome.code, outcome.err) == (0, "")
        text = " ".join(outcome.out.split())
        assert text.startswith(f"Usage: qnnhard {verb} ")
        assert f"qnnhard {verb}" in text[text.index("Example: ") :]


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_of_a_verb_is_explained(verb):
    for parameter in command(verb).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, (verb, parameter.name)
    assert command(verb).name == verb
    assert command(verb).help


@pytest.mark.parametrize("verb", VERBS)
def test_the_options_in_the_example_of_a_verb_exist(verb):
    example = next(
        part for part in (command(verb).epilog or "").split("; ") if f"qnnhard {verb}" in part
    )
    used = {word for word in example.split() if word.startswith("-") and len(word) > 1}
    assert used <= options(verb)


def test_the_group_lists_every_verb_and_says_what_it_does(qnnhard):
    outcome = qnnhard("--help")
    text = " ".join(outcome.out.split())
    assert outcome.code == 0
    for verb, summary in VERBS.items():
        assert f"{verb} {summary}" in text


@pytest.mark.parametrize("verb", VERBS)
def test_the_readme_mentions_every_verb(verb):
    readme = REPOSITORY / "README.md"
    if not readme.exists():
        pytest.skip("README.md is not written yet")
    text = readme.read_text(encoding="utf-8")
    assert f"qnnhard {verb}" in text or f"`{verb}" in text


def test_the_version_is_printed(qnnhard):
    for flag in ("--version", "-V"):
        assert qnnhard(flag).out.strip() == f"qnnhard, version {__version__}"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("solve",),
        ("solve", "a", "b"),
        ("solve", "a", "--nonsense"),
        ("solve", "a", "--timeout", "-1"),
        ("solve", "a", "--timeout", "soon"),
        ("solve", "a", "--external", "kissat {cnf}", "--proof", "p"),
        ("solve", "a", "--external", "kissat {cnf}", "--backend", "auto"),
        ("solve", "a", "--external", "kissat {cnf}", "--minimize"),
        ("solve", "a", "--external", "kissat {cnf}", "--seed", "0"),
        ("solve", "a", "--external", "kissat {cnf}", "--jobs", "2"),
        ("solve", "a", "--external", "kissat {cnf}", "--memory", "9"),
        ("solve", "a", "--external", "kissat {cnf}", "--certify"),
        ("solve", "a", "--external", "kissat {cnf}", "--decomposition", "t.td"),
        ("solve", "a", "--json", "-o", "-"),
        ("source",),
        ("source", "3-sat", "--seed", "-1"),
        ("source", "3-sat", "--seed", "x"),
        ("source", "3-sat", "--set", "variables"),
        ("source", "3-sat", "--set", "=3"),
        ("source", "3-sat", "--set", "variables=3", "--set", "variables=4"),
        ("source", "3-sat", "--json"),
        ("generate", "two-inputs", "--json"),
        ("export", "a", "--json"),
        ("decode", "a", "b", "--json"),
        ("push", "two-inputs", "a", "b", "--json"),
        ("pull", "two-inputs", "a", "b", "--json"),
        ("check", "a"),
        ("verify",),
        ("verify", "all", "--random", "-1"),
        ("verify", "all", "--random", "many"),
        ("measure", "a", "--restarts", "-1"),
        ("show",),
    ],
)
def test_a_usage_error_exits_2_without_a_traceback(arguments, qnnhard):
    outcome = qnnhard(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert "Usage: qnnhard" in outcome.err
    assert "Traceback" not in outcome.err


def test_python_m_qnnhard_is_the_command():
    run = run_qnnhard("--version")
    assert (run.returncode, run.stdout.decode()) == (0, f"qnnhard, version {__version__}\n")


def test_help_loads_none_of_the_heavy_packages():
    """The promise is 100 ms; what is loaded does not depend on the machine's mood."""
    program = (
        "import sys; from qnnhard.cli.main import run; run(['--help']); "
        "print(sorted({'numpy', 'networkx', 'pysat', 'rich', 'msgspec'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=True,
    )
    assert run.stdout.decode().splitlines()[-1] == "[]"
