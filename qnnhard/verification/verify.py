"""Verification of one reduction on one source, in both directions."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, Unsupported
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.solvers.answer import Answer, Backend, How, Verdict
from qnnhard.verification.outcome import Failure, Outcome
from reductions.chain import Built, Chain

CROSS_CHECK_SECONDS = 5.0
"""Time for each further backend of a cross-check, where no time limit is given."""


def verify(
    chain: Chain,
    source: Any,
    name: str,
    backend: Backend,
    timeout: float | None = None,
    others: Sequence[Backend] = (),
) -> Outcome:
    """Answer the source and its training instance, and carry every witness across.

    The source is answered by its own solver, which does not pass through training. Its
    witness is pushed and the parameters evaluated; the parameters that the backend found, and
    those that were pushed, are pulled and the witnesses checked; the claims are compared with
    what was built.

    Parameters
    ----------
    chain : Chain
    source : instance of ``chain.problems[0]``
    name : str
        How reports refer to the source.
    backend : Backend
    timeout : float or None
        Limit in seconds on each of the two answers.
    others : sequence of Backend
        Backends that must agree with the answer, unless they refuse or run out of time.
    """
    return _Verification(chain, source, name, backend, timeout).run(others)


class _Verification:
    def __init__(
        self, chain: Chain, source: Any, name: str, backend: Backend, timeout: float | None
    ) -> None:
        self.chain = chain
        self.source = source
        self.backend = backend
        self.timeout = timeout
        self.outcome = Outcome(reduction=chain.reduction.name, source=name)

    def run(self, others: Sequence[Backend]) -> Outcome:
        with self._timed("build"):
            built = self._guarded(
                Failure.NOT_A_TARGET, lambda: _training_instance(self.chain.build(self.source))
            )
        if built is None:
            return self.outcome
        with self._timed("build"):
            broken = self._guarded(Failure.CLAIM_VIOLATED, lambda: self.chain.violations(built))
        for sentence in broken or []:
            self._fail(Failure.CLAIM_VIOLATED, sentence)
        witness = self._answer_source()
        parameters = self._answer_target(built.instance)
        self._compare()
        self._cross_check(built.instance, others)
        if witness is not None:
            self._push(built, witness)
        if parameters is not None:
            self._pull(built, parameters, "the parameters that the solver found")
        return self.outcome

    def _answer_source(self) -> Any:
        problem = self.chain.problems[0]
        with self._timed("source"):
            try:
                witness = problem.solve(self.source, Deadline(self.timeout))
            except LimitReached as error:
                self._fail(Failure.UNDECIDED, f"source: {error}")
                return None
        if witness is None:
            self.outcome.source_answer = Verdict.NO
            return None
        problem.check(self.source, witness)
        self.outcome.source_answer = Verdict.YES
        return witness

    def _answer_target(self, instance: TrainingInstance) -> Parameters | None:
        with self._timed("target"):
            try:
                answer = self.backend.solve(instance, Deadline(self.timeout))
            except Unsupported as error:
                answer = Answer(Verdict.UNKNOWN, How.LIMIT, detail=str(error))
        self.outcome.target_answer = answer.verdict
        self.outcome.how = answer.how
        self.outcome.detail = answer.detail
        self.outcome.sizes = {"edges": instance.network.edges, **answer.sizes}
        if answer.verdict is Verdict.UNKNOWN:
            self._fail(Failure.UNDECIDED, f"target: {answer.detail}")
        return answer.parameters

    def _cross_check(self, instance: TrainingInstance, others: Sequence[Backend]) -> None:
        """Ask further backends, and fail where one contradicts the answer."""
        found = self.outcome.target_answer
        for other in others:
            with self._timed("cross-check"):
                try:
                    limit = CROSS_CHECK_SECONDS if self.timeout is None else self.timeout
                    verdict = other.solve(instance, Deadline(limit)).verdict
                except Unsupported:
                    self.outcome.backends[other.name] = "refused"
                    continue
            self.outcome.backends[other.name] = str(verdict)
            if Verdict.UNKNOWN not in (verdict, found) and verdict is not found:
                self._fail(
                    Failure.BACKENDS_DISAGREE,
                    f"{other.name} says {verdict}, {self.backend.name} {found}",
                )

    def _compare(self) -> None:
        pair = (self.outcome.source_answer, self.outcome.target_answer)
        if pair == (Verdict.YES, Verdict.NO):
            self._fail(Failure.YES_TO_NO, f"target: {self.outcome.how.explanation}")
        elif pair == (Verdict.NO, Verdict.YES):
            self._fail(Failure.NO_TO_YES, "the training instance has a solution")

    def _push(self, built: Built, witness: Any) -> None:
        with self._timed("push"):
            parameters = self._guarded(
                Failure.PUSH_REJECTED, lambda: _parameters(self.chain.push(built.stages, witness))
            )
            if parameters is None:
                return
            evaluation = self._guarded(
                Failure.PUSH_REJECTED, lambda: evaluate(built.instance, parameters)
            )
        if evaluation is None:
            return
        if evaluation.accepted:
            self._pull(built, parameters, "the parameters that push made")
        else:
            self._fail(
                Failure.PUSH_REJECTED,
                f"the parameters have loss {evaluation.loss}, above {evaluation.bound}",
            )

    def _pull(self, built: Built, parameters: Parameters, origin: str) -> None:
        with self._timed("pull"):
            self._guarded(
                Failure.PULL_REJECTED, lambda: self.chain.pull(built.stages, parameters), origin
            )

    def _guarded(self, kind: Failure, step: Callable[[], Any], origin: str | None = None) -> Any:
        """Run a map of the reduction under test; whatever it raises is a failure of that kind."""
        try:
            return step()
        except (KeyboardInterrupt, LimitReached):
            raise
        except Unsupported as error:
            # Too large, or outside what the map is defined for: nothing is shown either way.
            self._fail(Failure.UNDECIDED, str(error))
            return None
        except (Exception, SystemExit) as error:
            text = (
                str(error)
                if isinstance(error, QnnhardError)
                else f"{type(error).__name__}: {error}"
            )
            self._fail(kind, f"{origin}: {text}" if origin else text)
            return None

    def _fail(self, kind: Failure, text: str) -> None:
        self.outcome.failures.append((kind, " ".join(text.split())))

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - begin
            self.outcome.seconds[stage] = self.outcome.seconds.get(stage, 0.0) + spent


def _parameters(made: Any) -> Parameters:
    if not isinstance(made, Parameters):
        raise TypeError(f"push returned {type(made).__name__}, not Parameters")
    return made


def _training_instance(built: Built) -> Built:
    if not isinstance(built.instance, TrainingInstance):
        raise TypeError(f"build returned {type(built.instance).__name__}, not a TrainingInstance")
    return built
