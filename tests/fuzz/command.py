"""Feed the command line with changed files: ``python -m tests.fuzz.command --count 200 --seed 1``.

Every run is a process of its own in a folder of its own. It must end with a known exit code,
without a traceback, with one line on standard error where it refuses, and without files beside
the one that it was told to write.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from subprocess import CompletedProcess, TimeoutExpired

from instances.training.files import instance_to_json
from tests.fuzz.mutate import mutate
from tests.fuzz.targets import targets
from tests.helpers import neuron_instance, run_qnnhard

CODES = (0, 1, 2, 10, 20)
LIMIT = 120.0
VERBS = (
    ("generate", "two-inputs", "source sat", "-o", "out.json"),
    ("generate", "exact-cover", "source exact-cover", "--problem", "exact-cover"),
    ("generate", "hitting-set", "source vertex-cover", "-o", "out.json"),
    ("generate", "disjoint-paths", "source disjoint-paths", "-o", "out.json"),
    ("generate", "subset-sum-neurons", "source subset-sum", "-o", "out.json"),
    ("generate", "posslp", "source posslp", "-o", "out.json"),
    ("verify", "bin-packing", "source bin-packing", "--timeout", "5"),
    ("verify", "two-inputs", "source sat", "--timeout", "5"),
    ("solve", "instance", "--timeout", "5", "-o", "out.json"),
    ("solve", "instance", "--minimize", "--timeout", "5"),
    ("measure", "instance"),
    ("map", "instance"),
    ("export", "instance", "-o", "out.cnf"),
    ("export", "instance", "--to", "td", "-o", "out.td"),
    ("continuous", "instance", "-o", "out.json"),
    ("check", "good.json", "parameters"),
    ("sparsify", "good.json", "parameters", "-o", "out.json"),
    ("decode", "good.json", "solver output", "-o", "out.json"),
    ("growth", "source posslp", "--timeout", "5"),
    ("recheck", "bundle", "--timeout", "5"),
    ("solve", "good.json", "--backend", "treewidth", "--decomposition", "td", "--timeout", "5"),
    ("source", "3-sat", "--set", "settings 3-sat"),
    ("push", "two-inputs", "good.cnf", "witness sat", "-o", "out.json"),
)


def runs(seed: int, count: int) -> Iterator[tuple[str, "CompletedProcess[bytes]", str]]:
    """Yield the command of every run, how it ended, and what is wrong with that, or nothing."""
    known = targets()
    instance = neuron_instance(2, [([1, 0], [1]), ([1, 1], [0])])
    for number in range(count):
        r = Random(f"{seed}:command:{number}")
        words = list(r.choice(VERBS))
        with tempfile.TemporaryDirectory(prefix="qnnhard-fuzz-") as name:
            folder = Path(name)
            (folder / "good.json").write_bytes(instance_to_json(instance))
            (folder / "good.cnf").write_text("p cnf 2 1\n1 2 0\n")
            for place, word in enumerate(words):
                if place and word in known:
                    content = mutate(r, known[word].seeds)
                    words[place] = _given(word, content, folder)
            try:
                done = run_qnnhard(*words, cwd=folder, timeout=LIMIT)
            except TimeoutExpired:
                done = CompletedProcess(words, -1, b"", b"")
            yield " ".join(words), done, _wrong(words, done, folder)


def _given(target: str, content: bytes, folder: Path) -> str:
    """Return the argument that stands for a target: a file with the content, or a setting."""
    if target.startswith("settings"):
        line = content.decode("utf-8", "replace").replace("\0", "").partition("\n")[0]
        name, equals, value = line.partition("=")
        # What is asked for is made; long work on request is no finding.
        return name + equals + (value[:2] if value.strip().isdigit() else value[:1000])
    path = folder / ("given" + _ENDINGS.get(target, ".json"))
    path.write_bytes(content)
    return path.name


_ENDINGS = {
    "source sat": ".cnf",
    "source vertex-cover": ".col",
    "source disjoint-paths": ".dag",
    "source posslp": ".slp",
    "solver output": ".txt",
    "td": ".td",
    "bundle": ".qnncert",
}


def _wrong(words: list[str], done: "CompletedProcess[bytes]", folder: Path) -> str:
    lines = done.stderr.splitlines()
    if done.returncode not in CODES:
        return f"exit code {done.returncode}"
    if b"Traceback" in done.stderr or b"defect" in done.stderr:
        return "a traceback"
    refused = done.returncode == 1 and not done.stdout
    if refused and not (len(lines) == 1 and lines[0].startswith(b"qnnhard: ")):
        return f"{len(lines)} lines instead of one"
    written = {
        path.name for path in folder.iterdir() if not path.name.startswith(("good", "given"))
    }
    allowed = {word for word in words if word.startswith("out.")} if not refused else set()
    return f"files left over: {sorted(written - allowed)}" if written - allowed else ""


def main() -> int:
    """Run the command line; return 1 where there were findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    given = parser.parse_args()
    codes: Counter[str] = Counter()
    findings = 0
    for number, (command, done, wrong) in enumerate(runs(given.seed, given.count)):
        codes[f"{command.split()[0]} {done.returncode}"] += 1
        if wrong:
            findings += 1
            print(
                f"{given.seed}:{number}: qnnhard {command}: {wrong}: {done.stderr[-500:]!a}",
                flush=True,
            )
    for name, count in sorted(codes.items()):
        print(f"{name:<24}{count:>6}")
    print(f"{given.count} runs, {findings} findings")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
