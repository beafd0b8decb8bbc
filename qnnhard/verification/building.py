"""Training instances that record where they come from."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from instances.deadline import Deadline
from instances.problems.registry import PROBLEMS
from instances.progress import stage
from instances.text.values import visible
from qnnhard import __version__
from qnnhard.verification.sources import NamedSource, chain_from, load_source
from reductions.registry import get_reduction


def build_instance(
    reduction: str,
    path: str | None,
    problem: str | None,
    values: Mapping[str, str],
    seed: int,
    solve_source: bool,
    command: str,
    deadline: Deadline,
) -> Any:
    """Build the instance of a file, or of a generated source where `path` is ``None``.

    Its origin records the command, the chain of maps, the source with its hash and, where
    known, the expected answer and the reason; `LimitReached` where the source is not solved in
    time.
    """
    chosen = get_reduction(reduction)
    if path is None:
        generator = PROBLEMS.get(problem or chosen.source_problem)
        with stage(f"generating {generator.name}"):
            made = generator.generate(values, seed)
        source = NamedSource(f"{generator.name}, generated", generator, made)
    else:
        source = load_source(path, chosen.source_problem, problem, values)
    chain = chain_from(source.problem, chosen)
    instance = chain.build(source.source).target
    text = source.problem.write(source.source)
    origin = {
        "version": __version__,
        "command": command,
        "chain": chain.name,
        "source": visible(source.name),
        "problem": source.problem.name,
        "source_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    if path is None:
        origin["seed"] = str(seed)
    if values:
        origin["settings"] = " ".join(f"{name}={value}" for name, value in values.items())
    if solve_source:
        witness = source.problem.solve(source.source, deadline)
        origin["expected"] = "no" if witness is None else "yes"
        origin["expected_reason"] = f"the exact solver of {source.problem.name} on the source"
    elif path is None and values.get("planted") == "yes":
        origin["expected"] = "yes"
        origin["expected_reason"] = "a witness was planted"
    return replace(instance, origin={**instance.origin, **origin})
