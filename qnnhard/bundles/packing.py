"""A bundle beside a verification: evidence is packed as outcomes come, and written in the end."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from instances.errors import InputError
from qnnhard.bundles.evidence import evidence_of
from qnnhard.bundles.manifest import MOST_CASES
from qnnhard.bundles.writer import BundleWriter
from qnnhard.verification.outcome import Outcome
from qnnhard.verification.plan import Case


class Packer:
    """What packs outcomes into the bundle at `path`.

    Parameters
    ----------
    writer : BundleWriter
    path : str
    timeout : float or None
        Limit in seconds on each step for the evidence of one source.
    """

    def __init__(self, writer: BundleWriter, path: str, timeout: float | None) -> None:
        self._writer = writer
        self._path = path
        self._timeout = timeout

    def packed(self, cases: Sequence[Case], outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Yield the outcomes of cases, in their order, each after its evidence has been packed."""
        for case, outcome in zip(cases, outcomes, strict=True):
            self._writer.add(evidence_of(case.chain, case.source, outcome, self._timeout))
            yield outcome

    def write(self) -> str:
        """Write the bundle; return in words why there is none, or no text."""
        try:
            self._writer.write(self._path)
        except InputError as error:
            return str(error)
        return ""


@contextmanager
def packing(path: str, timeout: float | None, sources: int) -> Iterator[Packer]:
    """Yield what packs the outcomes of so many sources; raise `InputError` for too many."""
    if sources > MOST_CASES:
        raise InputError(
            f"{path}: a bundle holds at most {MOST_CASES} sources, and there are {sources}: "
            "write several"
        )
    with BundleWriter() as writer:
        yield Packer(writer, path, timeout)
