"""A SAT solver binary as a backend."""

import os
import re
import selectors
import shlex
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached
from instances.files import write_parts
from instances.progress import stage
from instances.training.instance import TrainingInstance
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import TABLES, encode
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Sizes
from qnnhard.methods.sat import refuted
from qnnhard.processes.programs import program
from qnnhard.sat.output import SolverOutput, parse_output, read_proof
from qnnhard.verdict import How, Verdict

MOST_OUTPUT = 1 << 26
"""Bytes that a program may print, besides some for every variable."""

_FILES = {"cnf": "formula.cnf", "result": "result", "proof": "proof"}
"""The placeholders, and the names of the files that they stand for."""

_PLACE = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True)
class ExternalMethod(Method):
    """Any program that reads DIMACS and prints the competition's output.

    Parameters
    ----------
    command : str
        With ``{cnf}`` where the formula's file belongs, ``{result}`` for a program that writes
        its result to a file, as MiniSat does, and ``{proof}`` for a DRAT proof of a NO, which is
        checked.
    """

    name = "external"
    description = "a SAT solver binary, such as 'kissat {cnf}'"

    command: str

    def __post_init__(self) -> None:
        try:
            words = shlex.split(self.command)
        except ValueError as error:
            raise InputError(f"external solver '{self.command}': {error}") from error
        named = set(_PLACE.findall(" ".join(words)))
        for name in sorted(named - set(_FILES)):
            raise InputError(
                f"external solver '{self.command}': no placeholder {{{name}}}; choose from "
                f"{', '.join(f'{{{known}}}' for known in _FILES)}"
            )
        if "cnf" not in named:
            raise InputError(
                f"external solver '{self.command}': write {{cnf}} where the formula's file belongs"
            )

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Run the program on the formula of `instance`."""
        encoding = encode(instance, deadline, TABLES)
        sizes.update(encoding.formula.sizes)
        with tempfile.TemporaryDirectory(prefix="qnnhard-") as folder:
            files = {name: Path(folder, file) for name, file in _FILES.items()}
            result = self._run(encoding.formula, files, deadline)
            proof = files["proof"]
            if result.verdict is Verdict.NO and proof.exists():
                found = refuted(encoding, read_proof(str(proof)), deadline)
                return replace(found, detail=f"by {self.program}; {found.detail}")
        if result.model is not None:
            return Found(decode(encoding, result.model), detail=f"by {self.program}")
        if result.verdict is Verdict.NO:
            return Found(refutation=How.SOLVER, detail=f"{self.program}, no proof")
        return Found(detail=f"{self.program}: {result.contradiction or 'it gave up'}")

    @property
    def program(self) -> str:
        """The program's name."""
        return shlex.split(self.command)[0]

    def _run(self, formula: Formula, files: dict[str, Path], deadline: Deadline) -> SolverOutput:
        """Run the program, and read what it printed or wrote to the file of its result."""
        write_parts(str(files["cnf"]), formula.dimacs())
        words = [
            _PLACE.sub(lambda place: str(files[place[1]]), word)
            for word in shlex.split(self.command)
        ]
        most = MOST_OUTPUT + 16 * formula.variables
        try:
            with program(words) as process, stage(Path(words[0]).name):
                printed = _printed(process, most, deadline)
                status = process.wait(deadline.left)
        except subprocess.TimeoutExpired:
            raise LimitReached(f"{deadline.limit} reached") from None
        except OSError as error:
            raise InputError(
                f"external solver '{words[0]}' cannot be run ({error.strerror}): "
                "is it installed and on PATH?"
            ) from error
        if files["result"].exists():
            _require_short(files["result"].stat().st_size, most)
            printed = files["result"].read_bytes()
        text = printed.decode("utf-8", errors="replace")
        return parse_output(text, formula.variables, status)


def _printed(process: "subprocess.Popen[bytes]", most: int, deadline: Deadline) -> bytes:
    """Return what the program prints, until it closes its standard output."""
    assert process.stdout is not None
    printed = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(deadline.left):
            part = os.read(process.stdout.fileno(), 1 << 16)
            if not part:
                return bytes(printed)
            printed += part
            _require_short(len(printed), most)
            deadline.check()
    raise LimitReached(f"{deadline.limit} reached")


def _require_short(size: int, most: int) -> None:
    if size > most:
        raise LimitReached(f"the external solver's output has more than {most >> 20} MiB")
