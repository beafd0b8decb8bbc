"""The portfolio as a backend: one job is a fixed schedule, more jobs are a race."""

from dataclasses import dataclass

from instances.deadline import Deadline
from instances.errors import InputError
from instances.progress import stage
from instances.training.instance import TrainingInstance
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Sizes
from qnnhard.methods.portfolio.schedule import Schedule


@dataclass(frozen=True)
class PortfolioMethod(Method):
    """Local search for YES and SAT solvers for NO.

    Parameters
    ----------
    jobs : int
        1 is a schedule in one process, and the same seed gives the same parameters. More is the
        number of members that run at once, of which the first answer counts.
    proof : str or None
        Where to write a DRAT proof of a NO; then only CaDiCaL may give a NO.
    memory : int or None
        What every child process may take, in bytes; see `limited_memory`. A single job with a limit
        runs in a child.
    tables : bool
        See `qnnhard.encoding.encode.encode`; without tables a proof refutes the plain encoding.

    Raises
    ------
    InputError
        For fewer than one job.
    """

    name = "portfolio"
    description = "local search and SAT solvers, in turns or in parallel (--jobs)"
    in_cross_checks = False

    jobs: int = 1
    seed: int = 0
    proof: str | None = None
    memory: int | None = None
    tables: bool = True

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise InputError(f"jobs={self.jobs}: give 1 or more")

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Follow the schedule, or start the race."""
        how = Schedule(self.seed, self.proof, self.tables)
        if self.jobs == 1 and self.memory is None:
            return how.search(instance, deadline, sizes)
        from qnnhard.methods.portfolio.members import Task, installed
        from qnnhard.methods.portfolio.race import Race

        names = ["schedule"] if self.jobs == 1 else installed()
        with stage("race"):
            found, size = Race(names, self.jobs, self.memory).run(Task(instance, deadline, how))
        sizes.update(size)
        return found
