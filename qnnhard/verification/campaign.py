"""Verification of many reductions on many sources."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from instances.deadline import Deadline, enforced
from instances.errors import InputError, QnnhardError, Unsupported
from instances.files import discard, read_text, require_folder, stamp
from instances.problems.registry import PROBLEMS
from instances.progress import stage
from qnnhard.methods.method import Method
from qnnhard.methods.registry import available
from qnnhard.methods.request import Request
from qnnhard.verification.outcome import Outcome
from qnnhard.verification.sources import (
    NamedSource,
    chain_from,
    parse_source,
    random_sources,
    save_failing,
)
from qnnhard.verification.verify import verify
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


@dataclass(frozen=True)
class Job:
    """One reduction on one source."""

    chain: Chain
    source: NamedSource


ENTRIES_LIMIT = 10**7
"""Largest dataset that ``all`` asks for; a reduction named by the user has no such limit."""


def jobs(plan: Plan, note: Callable[[str], None] = lambda _: None) -> list[Job]:
    """Return all pairs of reduction and source that the plan asks for.

    With ``all``, a file goes to every reduction that its problem leads to and whose dataset
    has at most `ENTRIES_LIMIT` entries; `note` is told what is left out. Without files and
    random sources every reduction gets its example.
    """
    every = plan.reduction == "all"
    chosen = list(reductions().values()) if every else [get_reduction(plan.reduction)]
    found: list[Job] = []
    for path in plan.paths:
        with enforced(Deadline(plan.timeout)):
            found += _file_jobs(plan, path, chosen, note)
    for reduction in chosen:
        problem = PROBLEMS.get(reduction.source_problem)
        values = {} if plan.paths else plan.values
        sources = list(random_sources(problem, plan.random or bool(values), plan.seed, values))
        if not (plan.paths or sources):
            name = f"example of {reduction.name}"
            sources.append(NamedSource(name, problem, reduction.example()))
        found.extend(Job(Chain((reduction,)), source) for source in sources)
    return found


def _file_jobs(
    plan: Plan, path: str, chosen: list[AnyMap], note: Callable[[str], None]
) -> list[Job]:
    """Return a job for every chosen reduction that the file's problem leads to.

    Of several reductions those that the file does not fit are left out; where it fits none,
    an error is raised, preferably that of a reduction from the file's own problem.
    """
    text = read_text(path)
    found: list[Job] = []
    errors: list[QnnhardError] = []
    left_out: list[str] = []
    for reduction in chosen:
        try:
            source = parse_source(text, path, reduction.source_problem, plan.problem, plan.values)
            job = Job(chain_from(source.problem, reduction), source)
            far = [crossed.name for crossed in job.chain.maps if not crossed.in_all]
            if len(chosen) > 1 and far:
                left_out.append(reduction.name)
                note(f"{path}: {reduction.name} left out of all: it lies behind {far[0]}")
                continue
            entries = job.chain.build(source.source).data_entries() if len(chosen) > 1 else None
        except (InputError, Unsupported) as error:
            errors.append(error)
            continue
        if entries is not None and entries > ENTRIES_LIMIT:
            left_out.append(reduction.name)
            note(f"{path}: {reduction.name} left out of all: its dataset has {entries} entries")
        else:
            found.append(job)
    if not found and left_out:
        raise InputError(f"{path}: too large for all; name the reduction ({', '.join(left_out)})")
    if not found:
        raise next((e for e in errors if isinstance(e, Unsupported)), errors[0])
    return found


def run(plan: Plan, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """Verify job after job, save the source of every failure, and yield the outcomes."""
    if plan.proof_dir is not None:
        require_folder(plan.proof_dir)
    asked = available().items() if plan.cross_check else ()
    others = [kind() for name, kind in asked if name != plan.using and kind.in_cross_checks]
    with stage("verify", "sources", len(jobs)) as progress:
        for number, job in enumerate(jobs, 1):
            progress.name = f"{job.chain.last.name}: {job.source.name}"
            yield _outcome(plan, number, job, others)
            progress.done = number


def _outcome(plan: Plan, number: int, job: Job, others: Sequence[Method]) -> Outcome:
    """Verify one job, and save its source if that fails."""
    proof = None
    if plan.proof_dir is not None:
        stem = Path(job.source.name).name.replace(" ", "-").replace(":", "-")
        file = f"{number:04d}-{job.chain.last.name}-{stem}.drat"
        proof = str(Path(plan.proof_dir, file))
    chosen = Request(plan.using, proof=proof).method()
    older = proof and stamp(proof)
    outcome = verify(job.chain, job.source.source, job.source.name, chosen, plan.timeout, others)
    if proof is not None and stamp(proof) == older:
        # What an earlier run left would look like a proof of this one's answer.
        discard(proof)
    outcome.problem = job.source.problem.name
    if not outcome.preserved:
        try:
            outcome.saved = save_failing(job.source, job.chain.last.name, plan.failures_dir)
        except InputError as error:
            # The result matters more than the copy of its source.
            outcome.detail = f"the source could not be saved: {error}"
    return outcome
