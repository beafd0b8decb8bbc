"""Running a campaign: in this process or in several, from the beginning or where it was left."""

from collections.abc import Generator, Iterator, Sized
from contextlib import closing, nullcontext
from typing import TypeAlias, TypeVar

from instances.progress import Stage, stage
from qnnhard.campaign.attempt import Attempt, attempt
from qnnhard.campaign.crew import Crew
from qnnhard.campaign.journal import Journal, journal
from qnnhard.campaign.lines import as_read
from qnnhard.campaign.task import Campaign, CampaignResult, CampaignTask, Record

W = TypeVar("W")

Numbered: TypeAlias = tuple[int, CampaignTask[W]]
"""A task, and its place among all from 0."""


def run(
    campaign: Campaign[W], jobs: int = 1, path: str | None = None, resume: bool = False
) -> list[Record]:
    """Return the records of all tasks in their order; see `results`."""
    found = {result.number: result.record for result in results(campaign, jobs, path, resume)}
    return [found[number] for number in sorted(found)]


def results(
    campaign: Campaign[W], jobs: int = 1, path: str | None = None, resume: bool = False
) -> Iterator[CampaignResult]:
    """Yield the results of a campaign as they come, and keep each in a file first.

    Those that the file has come first; with several jobs the others come in the order in which
    they end. In the end the file has them in the order of the tasks: but for what is measured in
    the records it does not depend on `jobs`, nor on how often a run was killed.

    Parameters
    ----------
    campaign : Campaign
    jobs : int
        Tasks that are done at the same time, each in a process of its own; one is done in this
        process, and a task that ends it ends the run.
    path : str, optional
        The file; see `qnnhard.campaign.journal`. It has whole lines whenever the run ends.
    resume : bool
        Whether to go on with a file that is there; there need not be one.

    Raises
    ------
    InputError
        Where the file cannot be used; see `journal`.
    QnnhardError
        Whatever of this family the function raises.
    """
    total = len(campaign.tasks) if isinstance(campaign.tasks, Sized) else None
    with (
        nullcontext() if path is None else journal(path, campaign, resume) as kept,
        stage(campaign.name, campaign.unit, total) as progress,
    ):
        keys: dict[str, None] = {}
        if kept is not None and len(kept):
            for number, task in enumerate(campaign.tasks):
                if task.key in kept:
                    yield CampaignResult(number, task.key, kept.record(task.key))
                    progress.done += 1
        waiting = _waiting(campaign, kept, keys, progress)
        with closing(_attempts(campaign, jobs, waiting)) as ended:
            for (number, task), (record, lost) in ended:
                if lost is not None:
                    record = as_read(campaign.lost(task.work, lost))
                result = CampaignResult(number, task.key, record, lost)
                if kept is not None:
                    kept.add(result)
                yield result
                progress.done += 1
        if kept is not None:
            kept.arrange(keys)


def _waiting(
    campaign: Campaign[W], kept: Journal | None, keys: dict[str, None], progress: Stage
) -> Iterator[tuple[Numbered[W], W]]:
    """Yield the tasks that are not done, with their work, and note the keys of all."""
    for number, task in enumerate(campaign.tasks):
        if task.key in keys:
            raise ValueError(f"{campaign.name}: two tasks have the key {task.key}")
        keys[task.key] = None
        if kept is None or task.key not in kept:
            progress.name = task.key
            yield (number, task), task.work


def _attempts(
    campaign: Campaign[W], jobs: int, waiting: Iterator[tuple[Numbered[W], W]]
) -> Generator[tuple[Numbered[W], Attempt], None, None]:
    """Yield tasks with what became of them, as they end."""
    if jobs > 1:
        yield from Crew(campaign.function, jobs).run(waiting)
        return
    for task, work in waiting:
        yield task, attempt(campaign.function, work)
