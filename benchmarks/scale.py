"""Time of every stage at a million edges and more, and the most memory up to its end.

python benchmarks/scale.py two-inputs 100000    # one case, as JSON
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from instances.files import write_parts
from instances.problems.registry import PROBLEMS
from instances.training.files import read_instance, write_instance
from qnnhard.encoding.encode import Options, encode
from reductions.registry import get_reduction

T = TypeVar("T")
CASES = (("two-inputs", "100000"), ("bounded-degree", "50000"))


def scale() -> list[dict[str, object]]:
    """Return case, stage, seconds and peak MiB of every stage; each case has its own process."""
    found: list[dict[str, object]] = []
    for case in CASES:
        command = [sys.executable, __file__, *case]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found += json.loads(done.stdout)
    return found


def stages(reduction: str, variables: str) -> list[dict[str, object]]:
    """Run every stage on one case in this process."""
    spent: list[dict[str, object]] = []

    def stage(name: str, call: Callable[[], T]) -> T:
        begin = time.perf_counter()
        result = call()
        seconds = round(time.perf_counter() - begin, 2)
        mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        spent.append({"stage": name, "seconds": seconds, "mib": mib})
        return result

    problem = PROBLEMS.get("3-sat")
    source = stage("generate", lambda: problem.generate({"variables": variables}, 0))
    instance = stage("build", lambda: get_reduction(reduction).build(source).target)
    with tempfile.TemporaryDirectory() as folder:
        path, cnf = str(Path(folder) / "i.json"), str(Path(folder) / "i.cnf")
        stage("write the instance", lambda: write_instance(path, instance))
        stage("read it", lambda: read_instance(path))
        stage("encode with tables", lambda: encode(instance, options=Options(tables=True)))
        encoding = stage("encode", lambda: encode(instance))
        name = f"write {encoding.formula.clauses} clauses"
        stage(name, lambda: write_parts(cnf, encoding.formula.dimacs()))
    case = f"{reduction}, {variables} variables, {instance.network.edges} edges"
    return [{"case": case, **line} for line in spent]


if __name__ == "__main__":
    print(json.dumps(stages(sys.argv[1], sys.argv[2])))
