"""One member of a race in a child process, and the child's side of it."""

from contextlib import nullcontext

from instances.errors import QnnhardError, in_one_line
from instances.memory import is_exhaustion, limited_memory
from qnnhard.methods.portfolio.members import MEMBERS, Reply, Task
from qnnhard.processes.child import Child, ChildLost


class MemberProcess(Child):
    """A process that runs one member.

    Parameters
    ----------
    name : str
        A key of `MEMBERS`.
    memory : int or None
        What it may take, in bytes; see `limited_memory`.
    """

    def __init__(self, name: str, memory: int | None) -> None:
        super().__init__(quiet=True)
        self.name = name
        self._memory = memory

    def run(self, task: Task) -> Reply | str:
        """Return the member's answer, or in one line why there is none."""
        try:
            return self.call(run_member, self.name, self._memory, task)
        except (ChildLost, MemoryError) as lost:
            return f"its {lost}"


def run_member(name: str, memory: int | None, task: Task) -> Reply | str:
    """Run a member in this process; return its answer, or the reason why there is none."""
    try:
        with nullcontext() if memory is None else limited_memory(memory):
            return MEMBERS[name](task)
    except QnnhardError as error:
        return str(error).removeprefix(f"{name}: ")
    except Exception as error:
        return "out of memory" if is_exhaustion(error) else in_one_line(error)
