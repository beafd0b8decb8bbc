"""What a verification is to show: reductions, and the sources on which each is tried."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from instances.deadline import Deadline, enforced
from instances.errors import InputError, QnnhardError, Unsupported
from instances.files import read_text
from instances.problems.registry import PROBLEMS
from qnnhard.verification.sources import (
    NamedSource,
    chain_from,
    parse_source,
    random_sources,
)
from reductions.chain import Chain
from reductions.map import AnyMap
from reductions.registry import get_reduction, reductions


@dataclass(frozen=True)
class Plan:
    """What to verify, and how.

    Parameters
    ----------
    reduction : str
        A name, a path, or ``all``.
    paths : sequence of str
        Source files.
    problem : str or None
        The problem that the files belong to, where the user named it.
    values : mapping
        Generator parameters, or fields of the sources to replace.
    random : int
        Number of random sources per reduction.
    seed : int
    using : str
        The backend.
    timeout : float or None
        Limit in seconds on reading each file and on each step.
    proof_dir : str or None
        Where proofs of NO are written before they are checked.
    failures_dir : str
        Where failing sources are saved.
    cross_check : bool
        Whether every other available backend must agree.
    solutions : int
        How many solutions of every target are pulled at most.
    memory : int or None
        The budget in MiB that the user gave, which is kept elsewhere.
    """

    reduction: str
    paths: Sequence[str]
    problem: str | None
    values: Mapping[str, str]
    random: int
    seed: int
    using: str
    timeout: float | None
    proof_dir: str | None
    failures_dir: str
    cross_check: bool = False
    solutions: int = 64
    memory: int | None = None


@dataclass(frozen=True)
class Case:
    """One reduction on one source; `digest` is the SHA-256 of the file that it comes from."""

    chain: Chain
    source: NamedSource
    digest: str | None = None


ENTRIES_LIMIT = 10**7
"""Largest dataset that ``all`` asks for; a reduction named by the user has no such limit."""


def cases(plan: Plan, note: Callable[[str], None] = lambda _: None) -> list[Case]:
    """Return all pairs of reduction and source that the plan asks for.

    With ``all``, a file goes to every reduction that its problem leads to and whose dataset
    has at most `ENTRIES_LIMIT` entries; `note` is told what is left out. Without files and
    random sources every reduction gets its example.
    """
    every = plan.reduction == "all"
    chosen = list(reductions().values()) if every else [get_reduction(plan.reduction)]
    found: list[Case] = []
    for path in plan.paths:
        with enforced(Deadline(plan.timeout)):
            found += _file_cases(plan, path, chosen, note)
    for reduction in chosen:
        problem = PROBLEMS.get(reduction.source_problem)
        values = {} if plan.paths else plan.values
        sources = list(random_sources(problem, plan.random or bool(values), plan.seed, values))
        if not (plan.paths or sources):
            name = f"example of {reduction.name}"
            sources.append(NamedSource(name, problem, reduction.example()))
        found.extend(Case(Chain((reduction,)), source) for source in sources)
    return found


def _file_cases(
    plan: Plan, path: str, chosen: list[AnyMap], note: Callable[[str], None]
) -> list[Case]:
    """Return a case for every chosen reduction that the file's problem leads to.

    Of several reductions those that the file does not fit are left out; where it fits none,
    an error is raised, preferably that of a reduction from the file's own problem.
    """
    text = read_text(path)
    digest = hashlib.sha256(text.encode()).hexdigest()
    found: list[Case] = []
    errors: list[QnnhardError] = []
    left_out: list[str] = []
    for reduction in chosen:
        try:
            source = parse_source(text, path, reduction.source_problem, plan.problem, plan.values)
            case = Case(chain_from(source.problem, reduction), source, digest)
            far = [crossed.name for crossed in case.chain.maps if not crossed.in_all]
            if len(chosen) > 1 and far:
                left_out.append(reduction.name)
                note(f"{path}: {reduction.name} left out of all: it lies behind {far[0]}")
                continue
            entries = case.chain.build(source.source).data_entries() if len(chosen) > 1 else None
        except (InputError, Unsupported) as error:
            errors.append(error)
            continue
        if entries is not None and entries > ENTRIES_LIMIT:
            left_out.append(reduction.name)
            note(f"{path}: {reduction.name} left out of all: its dataset has {entries} entries")
        else:
            found.append(case)
    if not found and left_out:
        raise InputError(f"{path}: too large for all; name the reduction ({', '.join(left_out)})")
    if not found:
        raise next((e for e in errors if isinstance(e, Unsupported)), errors[0])
    return found
