"""What makes a child process end with its parent, however the parent ends."""

import os
import signal


def end_with_parent(life: int) -> None:
    """Have this process group killed when the parent's end of a pipe closes.

    To be called first thing in a child that leads a process group of its own. A thread could not
    do it: solvers in C hold the interpreter's lock for seconds. So a second process waits, which
    ends with the group or, where the group is gone, when the parent closes its end.

    Parameters
    ----------
    life : int
        The descriptor to read from; closed afterwards.
    """
    if os.fork() == 0:
        # The parent waits for the end of these streams.
        for stream in range(3):
            os.close(stream)
        os.read(life, 1)
        os.killpg(0, signal.SIGKILL)
    os.close(life)
