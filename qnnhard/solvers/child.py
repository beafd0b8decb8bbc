"""A function call in a child process that can be stopped at once."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError
from qnnhard.solvers.guard import end_with_parent

T = TypeVar("T")


def call_in_child(deadline: Deadline, function: Callable[..., T], *arguments: Any) -> T:
    """Return ``function(*arguments)``, computed in a child process that ends with the deadline.

    Solvers in C hold the interpreter for seconds at a time; a process can be killed at any
    moment. `function` is a module-level function; arguments and result are pickled.

    Raises
    ------
    LimitReached
        When the deadline passes; the child is gone by then.
    QnnhardError
        Whatever of this family the function raises, or where the child dies or runs out of
        memory.
    """
    request = pickle.dumps((function.__module__, function.__qualname__, arguments), protocol=5)
    life, our_end = os.pipe()
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "qnnhard.solvers.child", str(life)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        pass_fds=[life],
    )
    os.close(life)
    try:
        timeout = None if deadline.seconds is None else deadline.remaining
        reply, _ = child.communicate(request, timeout)
    except subprocess.TimeoutExpired:
        raise LimitReached(f"{deadline.limit} reached") from None
    finally:
        child.kill()
        child.wait()
        os.close(our_end)
    if child.returncode != 0:
        raise QnnhardError(
            f"a child process of {function.__name__} ended with status {child.returncode}: "
            "out of memory, or killed from outside"
        )
    success, value = pickle.loads(reply)
    if not success:
        raise value
    result: T = value
    return result


def _serve() -> None:
    """Run in the child: read a request, write a reply."""
    end_with_parent(int(sys.argv[1]))
    module, name, arguments = pickle.load(sys.stdin.buffer)
    reply: tuple[bool, Any]
    try:
        reply = True, getattr(import_module(module), name)(*arguments)
    except QnnhardError as error:
        reply = False, error
    except MemoryError:
        reply = False, QnnhardError(f"{name.strip('_')}: out of memory: use a smaller instance")
    sys.stdout.buffer.write(pickle.dumps(reply, protocol=5))


if __name__ == "__main__":
    _serve()
