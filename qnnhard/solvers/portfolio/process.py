"""One member of a race in a child process, and the child's side of it."""

import os
import pickle
import resource
import signal
import subprocess
import sys
from contextlib import suppress

from instances.errors import QnnhardError
from qnnhard.solvers.answer import Answer
from qnnhard.solvers.guard import end_with_parent
from qnnhard.solvers.portfolio.members import MEMBERS, Task


class MemberProcess:
    """A process that runs one member and leads a process group of its own.

    Parameters
    ----------
    name : str
        A key of `MEMBERS`.
    memory : int or None
        Limit of the process's address space, in bytes.
    """

    def __init__(self, name: str, memory: int | None) -> None:
        self.name = name
        self._memory = memory
        life, self._our_end = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "qnnhard.solvers.portfolio.process", str(life)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[life],
            # Threads of BLAS would only reserve address space: nothing here multiplies floats.
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        os.close(life)

    def run(self, task: Task) -> Answer | str:
        """Return the member's answer, or in one line why there is none."""
        request = pickle.dumps((self.name, self._memory, task), protocol=5)
        reply, _ = self._process.communicate(request)
        status = self._process.returncode
        if status:
            how = signal.strsignal(-status) if status < 0 else f"status {status}"
            return f"its process ended ({how}): out of memory, or killed from outside"
        answer: Answer | str = pickle.loads(reply)
        return answer

    def end(self) -> None:
        """Kill the process and all that it started; safe to call again."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Release the process, once `run` has returned."""
        os.close(self._our_end)


def _serve() -> None:
    """Run in the child: read a request, write an answer or the reason why there is none."""
    end_with_parent(int(sys.argv[1]))
    name, memory, task = pickle.load(sys.stdin.buffer)
    # Whatever a solver prints must not end up in the reply.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    reply: Answer | str
    try:
        reply = MEMBERS[name](task)
    except MemoryError:
        reply = "out of memory"
    except QnnhardError as error:
        reply = str(error)
    except Exception as error:
        reply = f"{type(error).__name__}: {error}".splitlines()[0]
    with output:
        output.write(pickle.dumps(reply, protocol=5))


if __name__ == "__main__":
    _serve()
