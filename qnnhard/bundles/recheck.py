"""Checking a bundle again, without a solver.

What a bundle says is not believed but made again: the instance from the source, the formula from
the instance. Only then are parameters evaluated and pulled, or is a proof checked. What differs
makes the whole bundle refused; what it does not claim to know stays uncertified.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from instances.deadline import Deadline
from instances.errors import InputError, InvalidInstance, InvalidWitness, Unsupported
from instances.progress import stage
from qnnhard.bundles.checks import check_answer, check_witness
from qnnhard.bundles.manifest import CaseRecord
from qnnhard.bundles.maps import GivenMap, chain_of, changed_maps
from qnnhard.bundles.reader import Bundle
from qnnhard.bundles.remaking import remake


@dataclass(frozen=True)
class Rechecked:
    """What is known of one source after its evidence was checked again.

    Parameters
    ----------
    name, chain, answer : str
    known_by : str
        How the answer of the instance is known now; empty where it is not.
    as_given : str
        Why the instance was not made again from the source; empty where it was.
    changed : list of str
        Maps of the user whose files are not those that made the bundle.
    uncertified : str
        Why the answer is not certified; empty where it is.
    """

    name: str
    chain: str
    answer: str
    known_by: str
    as_given: str
    changed: list[str]
    uncertified: str

    @property
    def certified(self) -> bool:
        """Whether the evidence was there and has been accepted, and the verification passed."""
        return not self.uncertified


def recheck(
    bundle: Bundle, given: Mapping[str, GivenMap], deadline: Deadline
) -> Iterator[Rechecked]:
    """Check every case of a bundle again, and yield what is known of it.

    Parameters
    ----------
    bundle : Bundle
    given : mapping
        Maps from files of the user, by name; see `maps.given_maps`.
    deadline : Deadline

    Raises
    ------
    InputError
        With the number of the case, where anything in the bundle is not what it should be.
    LimitReached
        When the deadline passes.
    """
    cases = bundle.manifest.cases
    used = {record.name for case in cases for record in case.chain}
    for name in given:
        if name not in used:
            raise InputError(f"no case uses a map {name}: leave its --map out")
    with stage("recheck", "cases", len(cases)) as progress:
        for number, case in enumerate(cases, 1):
            deadline.check()
            try:
                yield _rechecked(bundle, case, given, deadline)
            except (InputError, InvalidInstance, InvalidWitness, Unsupported) as error:
                raise InputError(f"case {number} ({case.name[:60]}): {error}") from error
            progress.done = number


def _rechecked(
    bundle: Bundle, case: CaseRecord, given: Mapping[str, GivenMap], deadline: Deadline
) -> Rechecked:
    found = chain_of(case, given)
    chain, as_given = (None, found) if isinstance(found, str) else (found, "")
    file, known_by = case.files.instance, ""
    if file is not None:
        known_by = check_answer(bundle, case, remake(bundle, case, file, chain, deadline), deadline)
    elif case.files.witness is not None and chain is not None:
        known_by = check_witness(bundle, case, chain)
    return Rechecked(
        name=case.name,
        chain=" > ".join(record.name for record in case.chain),
        answer=case.answer,
        known_by=known_by,
        as_given=as_given,
        changed=changed_maps(case, given),
        uncertified=_gap(case, known_by),
    )


def _gap(case: CaseRecord, known_by: str) -> str:
    """Return in words what keeps the answer of a case from being certified, or no text."""
    if not known_by:
        return case.missing or "there is no evidence"
    if case.failures:
        return f"the verification failed: {case.failures[0]}"
    if case.source_answer != case.answer:
        return f"the source's own solver said {case.source_answer[:20]!a}"
    return ""
