"""What makes a child process end with its parent, however the parent ends.

Run as a script, it becomes the program of its arguments under such a guard; it imports nothing
else of this project, so that it starts in a few milliseconds.
"""

import os
import signal
import sys


def end_with_parent(life: int, *others: int) -> None:
    """Have this process group killed when the parent's end of a pipe closes.

    To be called first thing in a child that leads a process group of its own. A thread could not
    do it: solvers in C hold the interpreter's lock for seconds. So a second process waits, which
    ends with the group or, where the group is gone, when the parent closes its end.

    Parameters
    ----------
    life : int
        The descriptor to read from; closed afterwards.
    others : int
        Descriptors that the child was given, whose end the parent waits for.
    """
    if os.fork() == 0:
        # The parent waits for the end of these streams.
        for stream in (*range(3), *others):
            os.close(stream)
        os.read(life, 1)
        os.killpg(0, signal.SIGKILL)
    os.close(life)


def _become(life: int, failure: int, words: list[str]) -> None:
    """Run a program instead of this one; write the error's number where that fails."""
    end_with_parent(life, failure)
    os.set_inheritable(failure, False)
    # Python ignores these, and what is ignored stays so in the program.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(words[0], words)
    except OSError as error:
        os.write(failure, str(error.errno).encode())


if __name__ == "__main__":
    _become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
