"""The steps of verifying a reduction on one source, in both directions."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from instances.deadline import Deadline, enforced
from instances.errors import (
    InvalidWitness,
    LimitReached,
    QnnhardError,
    Unsupported,
    in_one_line,
    raised_in,
)
from instances.memory import OUT_OF_MEMORY, is_exhaustion
from instances.problems.registry import PROBLEMS
from instances.text.numbers import show_number
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.methods.answer import Answer, MethodDefect, unknown
from qnnhard.methods.method import Method
from qnnhard.solutions.cover import Cover, cover
from qnnhard.verdict import Verdict
from qnnhard.verification.outcome import Failure, Outcome
from reductions.chain import Chain, ChainImage

CROSS_CHECK_SECONDS = 5.0
"""Time for each further backend of a cross-check, where no time limit is given."""

_DEFECTIVE = "defective"


class Verification:
    """A source, what is to be shown about it, and what was found so far.

    The steps that depend on what the target is, an instance of discrete training or one over
    the reals, are methods that a subclass may replace.
    """

    target: ClassVar[type] = TrainingInstance

    def __init__(
        self,
        chain: Chain,
        source: Any,
        name: str,
        backend: Method,
        timeout: float | None,
        solutions: int,
        seed: int,
    ) -> None:
        self.chain = chain
        self.source = source
        self.backend = backend
        self.timeout = timeout
        self.solutions = solutions
        self.seed = seed
        self.accepted: list[Parameters] = []
        self.stage = ""
        self.problem = PROBLEMS.get(chain.maps[0].source_problem)
        self.outcome = Outcome(reduction=chain.last.name, source=name)

    def run(self, others: Sequence[Method]) -> Outcome:
        """Take every step, with `others` for the cross-check, and return what was found."""
        with self.timed("build"):
            built = self.guarded(Failure.NOT_A_TARGET, self._built)
        if built is None:
            return self.outcome
        with self.timed("build"):
            broken = self.guarded(Failure.CLAIM_VIOLATED, built.violations)
        for sentence in broken or []:
            self.fail(Failure.CLAIM_VIOLATED, sentence)
        witness = self.outcome.witness = self.answer_source()
        parameters = self.outcome.parameters = self.answer_target(built)
        self.cross_check(built, others)
        self._compare(witness is not None and self.push(built, witness))
        if parameters is not None:
            self.pull(built, parameters, "the parameters that the solver found")
        if self.accepted and self.target is TrainingInstance:
            self.pull_others(built)
        return self.outcome

    def answer_source(self) -> Any:
        """Answer the source by its own solver; return a checked witness, or ``None``."""
        problem = self.problem
        with self.timed("source"):
            deadline = Deadline(self.timeout)
            try:
                with enforced(deadline):
                    witness = problem.solve(self.source, deadline)
                    if witness is not None:
                        problem.check(self.source, witness)
            except LimitReached as error:
                self.fail(Failure.UNDECIDED, f"source: {error}")
                return None
            except InvalidWitness as error:
                text = f"{problem.name} solves it by what its own check rejects: {error}"
                self.fail(Failure.UNDECIDED, f"source: {text}")
                return None
            except MemoryError:
                self.fail_for_memory()
                return None
        self.outcome.source_answer = Verdict.NO if witness is None else Verdict.YES
        return witness

    def answer_target(self, built: ChainImage) -> Parameters | None:
        """Answer the training instance by the backend; return its parameters, or ``None``."""
        answer = self.ask_backend(built.target)
        self.outcome.target_answer = answer.verdict
        self.outcome.how = answer.how
        self.outcome.sizes = {"edges": built.target.network.edges, **answer.sizes}
        return answer.parameters

    def ask_backend(self, instance: Any) -> Answer:
        """Return the backend's answer; one that is unknown leaves the target undecided."""
        with self.timed("target"):
            answer, said = self._asked(self.backend, instance, Deadline(self.timeout))
        if said == _DEFECTIVE:
            return answer
        self.outcome.detail = answer.detail
        if answer.verdict is Verdict.UNKNOWN:
            self.fail(Failure.UNDECIDED, f"target: {answer.detail}")
        if answer.lost:
            self.fail(Failure.UNDECIDED, answer.lost)
        return answer

    def cross_check(self, built: ChainImage, others: Sequence[Method]) -> None:
        """Ask further backends, and fail where one contradicts the answer."""
        self.ask_others(built.target, others)

    def ask_others(self, instance: Any, others: Sequence[Method]) -> None:
        """Fail where the answer of another backend on `instance` contradicts the target's."""
        for other in others:
            with self.timed("cross-check"):
                answer, said = self._asked(other, instance, self.short_deadline())
            self.outcome.backends[other.name] = said
            found = self.outcome.target_answer
            self.require_agreement(other.name, answer.verdict, self.backend.name, found)

    def _asked(self, method: Method, instance: Any, deadline: Deadline) -> tuple[Answer, str]:
        """Return a method's answer, and what is said of it in a cross-check."""
        try:
            with enforced(deadline):
                answer = method.solve(instance, deadline)
        except MethodDefect as defect:
            self.fail(Failure.BACKEND_DEFECT, str(defect))
            return unknown(str(defect)), _DEFECTIVE
        except Unsupported as error:
            return unknown(str(error)), "refused"
        except LimitReached:
            answer = unknown(deadline.limit)
        except MemoryError:
            answer = unknown(OUT_OF_MEMORY)
        return answer, str(answer.verdict)

    def require_agreement(self, one: str, said: Verdict, other: str, found: Verdict) -> None:
        """Fail where two who were asked contradict each other."""
        if Verdict.UNKNOWN not in (said, found) and said is not found:
            self.fail(Failure.BACKENDS_DISAGREE, f"{one} says {said}, {other} {found}")

    def short_deadline(self) -> Deadline:
        """Return the time that one further answer of a cross-check may take."""
        return Deadline(CROSS_CHECK_SECONDS if self.timeout is None else self.timeout)

    def _compare(self, pushed: bool) -> None:
        """Fail where the answers differ; `pushed` says whether the witness gave a solution."""
        pair = (self.outcome.source_answer, self.outcome.target_answer)
        if pair == (Verdict.YES, Verdict.NO) and pushed:
            self.fail(
                Failure.BACKEND_DEFECT,
                f"{self.backend.name} says no, yet the parameters that push made are a solution",
            )
        elif pair == (Verdict.YES, Verdict.NO):
            self.fail(Failure.YES_TO_NO, f"target: {self.outcome.how.explanation}")
        elif pair == (Verdict.NO, Verdict.YES):
            self.fail(Failure.NO_TO_YES, "the training instance has a solution")

    def push(self, built: ChainImage, witness: Any) -> bool:
        """Fail unless `witness` is pushed to parameters that are accepted, and pulled again.

        Returns whether they are accepted.
        """
        with self.timed("push"):
            parameters = self.guarded(
                Failure.PUSH_REJECTED, lambda: _parameters(built.push(witness))
            )
            if parameters is None:
                return False
            evaluation = self.guarded(Failure.PUSH_REJECTED, lambda: built.evaluate(parameters))
        if evaluation is None:
            return False
        if evaluation.accepted:
            self.pull(built, parameters, "the parameters that push made")
            return True
        loss, bound = map(show_number, (evaluation.loss, evaluation.bound))
        self.fail(Failure.PUSH_REJECTED, f"the parameters have loss {loss}, above {bound}")
        return False

    def pull(self, built: ChainImage, parameters: Parameters, origin: str) -> None:
        """Fail unless a solution is pulled to a witness, which the problem checks."""
        self.accepted.append(parameters)
        with self.timed("pull"):
            self.guarded(Failure.PULL_REJECTED, lambda: built.pull(parameters), origin)

    def pull_others(self, built: ChainImage) -> None:
        """Pull all solutions, or a diverse set of them, until one fails.

        What proves no -> no is that every solution can be pulled, and not only those that were
        pushed or that a solver likes.
        """
        with self.timed("solutions"):
            known = Cover(len(self.accepted))
            known.add(self.accepted)
            most, deadline = max(self.solutions, len(known)), Deadline(self.timeout)
            found = cover(built.target, known.solutions, most, self.seed, deadline)
        self.outcome.solutions, self.outcome.complete = len(found), found.complete
        failures = len(self.outcome.failures)
        for number, parameters in enumerate(found.solutions[len(known) :], len(known) + 1):
            if len(self.outcome.failures) > failures:
                break
            self.pull(built, parameters, f"solution {number} of {found}")

    def guarded(self, kind: Failure, step: Callable[[], Any], origin: str | None = None) -> Any:
        """Run a map of the reduction under test; whatever it raises is a failure of that kind."""
        try:
            with enforced(Deadline(self.timeout)):
                return step()
        except (LimitReached, Unsupported) as error:
            # Too large, out of time, or outside what the map is defined for: nothing is shown
            # either way.
            self.fail(Failure.UNDECIDED, str(error))
            return None
        except (Exception, SystemExit) as error:
            if is_exhaustion(error):
                self.fail_for_memory()
                return None
            text = f"{in_one_line(error)}{self._place(error)}"
            self.fail(kind, f"{origin}: {text}" if origin else text)
            return None

    def _place(self, error: BaseException) -> str:
        """Return where a map raised what no map should, in parentheses; empty for a refusal."""
        if isinstance(error, QnnhardError):
            return ""
        place = raised_in(error, {each.__module__ for each in self.chain.maps})
        return f" ({place})" if place else ""

    def _built(self) -> ChainImage:
        built = self.chain.build(self.source)
        if not isinstance(built.target, self.target):
            found, wanted = type(built.target).__name__, self.target.__name__
            raise TypeError(f"build returned {found}, not a {wanted}")
        return built

    def fail(self, kind: Failure, text: str) -> None:
        """Note a failure."""
        self.outcome.failures.append((kind, " ".join(text.split())))

    def fail_for_memory(self) -> None:
        """Note that the stage was given up for lack of memory, which shows nothing."""
        self.fail(Failure.UNDECIDED, f"{self.stage}: {OUT_OF_MEMORY}")

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time that the block takes to that of `stage`, the present one."""
        self.stage, begin = stage, time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - begin
            self.outcome.seconds[stage] = self.outcome.seconds.get(stage, 0.0) + spent


def _parameters(made: Any) -> Parameters:
    if not isinstance(made, Parameters):
        raise TypeError(f"push returned {type(made).__name__}, not Parameters")
    return made
