"""One member of a race in a child process, and the child's side of it."""

import resource

from instances.errors import QnnhardError, in_one_line
from qnnhard.solvers.answer import Answer
from qnnhard.solvers.child import Child, ChildLost
from qnnhard.solvers.portfolio.members import MEMBERS, Task


class MemberProcess(Child):
    """A process that runs one member.

    Parameters
    ----------
    name : str
        A key of `MEMBERS`.
    memory : int or None
        Limit of the process's address space, in bytes.
    """

    def __init__(self, name: str, memory: int | None) -> None:
        super().__init__(quiet=True)
        self.name = name
        self._memory = memory

    def run(self, task: Task) -> Answer | str:
        """Return the member's answer, or in one line why there is none."""
        try:
            return self.call(run_member, self.name, self._memory, task)
        except ChildLost as lost:
            return f"its {lost}"


def run_member(name: str, memory: int | None, task: Task) -> Answer | str:
    """Run a member in this process; return its answer, or the reason why there is none."""
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        return MEMBERS[name](task)
    except MemoryError:
        return "out of memory"
    except QnnhardError as error:
        return str(error).removeprefix(f"{name}: ")
    except Exception as error:
        return in_one_line(error)
