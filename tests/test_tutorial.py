"""docs/tutorial.md, done step by step: files written, commands run, what they print compared."""

import re
import shlex
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
STEP = re.compile(
    r"```(?:python|json)\n(?P<file>.*?)```|(?P<commands>(?:^    [^\n]*\n)+)",
    re.DOTALL | re.MULTILINE,
)
NAME = re.compile(r"`(\w+\.(?:py|json))`")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shape(line: str) -> str:
    """A line without its numbers, which fewer sources and other machines change."""
    return re.sub(r"\d[\d,.]*", "N", " ".join(line.split()))


def replaced(text: str, method: str) -> str:
    """A class with its method of the same name replaced."""
    (head,) = re.findall(r"^    def \w+\(", method, re.MULTILINE)
    begin = text.index(head)
    end = text.find("\n    def ", begin + 1)
    return text[:begin] + method + text[end:]


def test_the_tutorial_does_what_it_says(here, qnnhard):
    page = PAGE.read_text()
    ended = []
    for step in STEP.finditer(page):
        if step["file"]:
            path = Path(NAME.findall(page[: step.start()])[-1])
            text = step["file"]
            path.write_text(replaced(path.read_text(), text) if text.startswith("    ") else text)
            continue
        for part in step["commands"].split("    $ ")[1:]:
            command, *lines = part.strip().split("\n")
            # The shapes of tables are those of many sources, from 41 on.
            words = shlex.split(command.replace("--random 200", "--random 60"))
            outcome = qnnhard(*words[1:])
            printed = {shape(line) for line in (outcome.out + outcome.err).split("\n")}
            missing = {shape(line) for line in lines if line.strip() != "..."} - printed
            assert not missing, (command, outcome)
            if words[1] == "verify":
                kept, of, all_of_them = lines[-1].split()[:3]
                assert of == "of"
                assert outcome.code == (kept != all_of_them), command
                ended.append(outcome.code)
    # The mistake passes with few solutions, is found with all, and is mended.
    assert ended == [0, 0, 1, 1, 0, 0, 0]
