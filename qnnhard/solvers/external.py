"""A SAT solver binary as a backend."""

import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached
from instances.files import write_parts
from instances.progress import stage
from instances.training.instance import TrainingInstance
from qnnhard.encoding.cnf import Formula
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import encode
from qnnhard.solvers.answer import Answer, Backend, How, Verdict, accepted
from qnnhard.solvers.output import parse_output
from qnnhard.solvers.processes import program


@dataclass(frozen=True)
class ExternalBackend(Backend):
    """Any program that reads DIMACS and prints the competition's output.

    Parameters
    ----------
    command : str
        With ``{cnf}`` where the formula's file belongs, and ``{result}`` for a program that
        writes its result to a file, as MiniSat does.
    """

    name: ClassVar[str] = "external"
    description: ClassVar[str] = "a SAT solver binary, such as 'kissat {cnf}'"

    command: str

    def __post_init__(self) -> None:
        try:
            words = shlex.split(self.command)
        except ValueError as error:
            raise InputError(f"external solver '{self.command}': {error}") from error
        if not any("{cnf}" in word for word in words):
            raise InputError(
                f"external solver '{self.command}': write {{cnf}} where the formula's file belongs"
            )

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; see `Backend.solve`."""
        program = shlex.split(self.command)[0]
        try:
            encoding = encode(instance, deadline, tables=True)
            output = self._run(encoding.formula, deadline)
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
        sizes = encoding.formula.sizes
        result = parse_output(output, encoding.formula.variables)
        if result.model is not None:
            parameters = accepted(instance, decode(encoding, result.model), program)
            return Answer(Verdict.YES, How.EVALUATED, parameters, sizes=sizes)
        if result.verdict is Verdict.NO:
            return Answer(Verdict.NO, How.SOLVER, detail=f"{program}, no proof", sizes=sizes)
        return Answer(Verdict.UNKNOWN, How.LIMIT, detail=f"{program} gave up", sizes=sizes)

    def _run(self, formula: Formula, deadline: Deadline) -> str:
        """Run the program, and return what it printed or wrote to the file of its result."""
        with tempfile.TemporaryDirectory(prefix="qnnhard-") as folder:
            cnf, result = Path(folder, "formula.cnf"), Path(folder, "result")
            write_parts(str(cnf), formula.dimacs())
            words = [
                word.replace("{cnf}", str(cnf)).replace("{result}", str(result))
                for word in shlex.split(self.command)
            ]
            try:
                with program(words) as process, stage(Path(words[0]).name):
                    printed, _ = process.communicate(timeout=deadline.left)
            except subprocess.TimeoutExpired:
                raise LimitReached(f"{deadline.limit} reached") from None
            except OSError as error:
                raise InputError(
                    f"external solver '{words[0]}' cannot be run ({error.strerror}): "
                    "is it installed and on PATH?"
                ) from error
            content = result.read_bytes() if result.exists() else printed
            return content.decode("utf-8", errors="replace")
