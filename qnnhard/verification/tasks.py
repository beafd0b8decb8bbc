"""A verification as a campaign: a task for each case, and the function that verifies it."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from instances.errors import InputError
from instances.files import discard, require_folder, stamp
from instances.progress import stage
from qnnhard.campaign.task import Campaign, CampaignTask, Record
from qnnhard.methods.method import Method
from qnnhard.methods.registry import available
from qnnhard.methods.request import Request
from qnnhard.verification.outcome import Failure, Outcome
from qnnhard.verification.plan import Case, Plan
from qnnhard.verification.sources import failing_name, save_failing
from qnnhard.verification.verify import verify
from reductions.registry import get_reduction


@dataclass(frozen=True)
class NamedCase:
    """A case, with the stems of the names of the files that it may leave behind."""

    case: Case
    proof: str
    failing: str


class Verifier:
    """What is done with a case: it is verified, and its source is saved if that fails.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __getstate__(self) -> Plan:
        """Return what another process needs."""
        return self.plan

    def __setstate__(self, plan: Plan) -> None:
        """Load the user's file first, of whose classes sources and maps may be."""
        self.plan = plan
        if plan.reduction.endswith(".py"):
            get_reduction(plan.reduction)

    def __call__(self, work: NamedCase) -> Record:
        """Return the record of an outcome; see `Outcome.as_record`."""
        return self.outcome(work).as_record()

    def outcome(self, work: NamedCase) -> Outcome:
        """Return the outcome of a case, with its witness and parameters."""
        proof, source = self._proof(work), work.case.source
        chosen = Request(self.plan.using, proof=proof).method()
        older = proof and stamp(proof)
        plan = self.plan
        outcome = verify(
            work.case.chain,
            source.source,
            source.name,
            chosen,
            plan.timeout,
            self._others,
            plan.solutions,
            plan.seed,
        )
        if proof is not None and stamp(proof) == older:
            # What an earlier run left would look like a proof of this one's answer.
            discard(proof)
        return self._finished(outcome, work)

    def lost(self, work: NamedCase, reason: str) -> Record:
        """Return the record of a case that nobody came back from: it is undecided."""
        outcome = Outcome(work.case.chain.last.name, work.case.source.name)
        outcome.failures.append((Failure.UNDECIDED, reason))
        proof = self._proof(work)
        if proof is not None:
            discard(proof)
        return self._finished(outcome, work).as_record()

    def _proof(self, work: NamedCase) -> str | None:
        folder = self.plan.proof_dir
        return None if folder is None else str(Path(folder, f"{work.proof}.drat"))

    def _finished(self, outcome: Outcome, work: NamedCase) -> Outcome:
        source = work.case.source
        outcome.problem = source.problem.name
        if not outcome.preserved:
            try:
                outcome.saved = save_failing(source, work.failing, self.plan.failures_dir)
            except InputError as error:
                # The result matters more than the copy of its source.
                outcome.detail = f"the source could not be saved: {error}"
        return outcome

    @cached_property
    def _others(self) -> Sequence[Method]:
        """The backends of a cross-check."""
        asked = available().items() if self.plan.cross_check else ()
        return [kind() for name, kind in asked if name != self.plan.using and kind.in_cross_checks]


def verification(plan: Plan, cases: Sequence[Case]) -> Campaign[NamedCase]:
    """Return the campaign that verifies every case.

    Its records are those of outcomes; a task is called by its reduction and its source.
    """
    if plan.proof_dir is not None:
        require_folder(plan.proof_dir)
    verifier = Verifier(plan)
    return Campaign(
        name="verify",
        unit="sources",
        settings=_settings(plan, cases),
        seed=plan.seed,
        tasks=list(_tasks(cases)),
        function=verifier,
        lost=verifier.lost,
        check=_require_outcome,
    )


def verified(campaign: Campaign[NamedCase]) -> Iterator[Outcome]:
    """Yield the outcomes of a verification, one after the other in this process."""
    verifier = campaign.function
    assert isinstance(verifier, Verifier)
    with stage(campaign.name, campaign.unit) as progress:
        for task in campaign.tasks:
            progress.name = task.key
            yield verifier.outcome(task.work)
            progress.done += 1


def _require_outcome(key: str, record: Record) -> None:
    outcome = Outcome.of_record(record)
    if not key.startswith(f"{outcome.reduction}: {outcome.source}"):
        raise InputError("not the record of an outcome of this task")


def _tasks(cases: Sequence[Case]) -> Iterator[CampaignTask[NamedCase]]:
    keys: Counter[str] = Counter()
    stems: Counter[str] = Counter()
    for number, case in enumerate(cases, 1):
        reduction, source = case.chain.last.name, case.source.name
        file = Path(source).name.replace(" ", "-").replace(":", "-")
        work = NamedCase(
            case,
            proof=f"{number:04d}-{reduction}-{file}",
            failing=_distinct(failing_name(reduction, source), "-{}", stems),
        )
        yield CampaignTask(_distinct(f"{reduction}: {source}", " ({})", keys), work)


def _distinct(name: str, suffix: str, taken: Counter[str]) -> str:
    """Return a name that was not taken yet, with a number if need be, and take it."""
    found = name
    while taken[found]:
        taken[name] += 1
        found = name + suffix.format(taken[name])
    taken[found] += 1
    return found


def _settings(plan: Plan, cases: Sequence[Case]) -> dict[str, Any]:
    """Return all that the outcomes depend on, in words of JSON."""
    settings = asdict(plan) | {"values": dict(plan.values), "paths": list(plan.paths)}
    if plan.reduction.endswith(".py"):
        settings["SHA-256 of the reduction"] = _digest(plan.reduction)
    for case in cases:
        if case.digest is not None:
            settings[f"SHA-256 of {case.source.name}"] = case.digest
    return settings | {"number of sources": len(cases)}


def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
