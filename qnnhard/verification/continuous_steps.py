"""The steps of verifying the reduction `continuous`, whose target is training over the reals."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import Any, ClassVar

from instances.continuous.evaluate import evaluate_continuous
from instances.continuous.instance import ContinuousInstance
from instances.deadline import Deadline, enforced
from instances.errors import LimitReached, Unsupported
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.answer import MethodDefect, require_accepted
from qnnhard.methods.enumeration import first_solution
from qnnhard.methods.method import Method
from qnnhard.methods.smt import solve_continuous
from qnnhard.verdict import How, Verdict
from qnnhard.verification.candidates import off_domain, on_candidates
from qnnhard.verification.continuous import check_off_domain, check_solution
from qnnhard.verification.outcome import Failure, Outcome
from qnnhard.verification.steps import Verification
from reductions.chain import ChainImage
from reductions.to_reals.continuous import ContinuousReduction, always_accepted
from reductions.to_reals.network import Simulation

OFF_DOMAIN = 16
"""Most combinations of values off the domains that are put into the network."""

SMT_PARAMETERS = 12
"""Most real parameters of an instance that z3 is asked about."""


class ContinuousVerification(Verification):
    """A D-NNT instance and the continuous one that is made of it.

    The D-NNT instance is answered twice, by the backend and by enumeration, which must agree.
    The continuous instance is answered by enumeration as well, over the domains and values
    beside them; where those are too many, a yes is judged by what push makes and a no is the
    backend's. That no other real values count is shown on the constraints: each one's output
    has to be its factored polynomial. A cross-check asks z3, where installed, over all reals.
    Since nobody tries all reals, a no is a solver's word however the source's is known.
    """

    target: ClassVar[type] = ContinuousInstance

    def run(self, others: Sequence[Method]) -> Outcome:
        """Take every step; a bound that no parameters exceed is a yes at once."""
        if not always_accepted(self.source):
            return super().run(others)
        witness = self.outcome.witness = Parameters(*lowest(self.source))
        with self.timed("source"):
            self.problem.check(self.source, witness)
        self.outcome.source_answer = self.outcome.target_answer = Verdict.YES
        self.outcome.how = How.EVALUATED
        self.outcome.detail = "the bound is met by all parameters"
        return self.outcome

    def answer_source(self) -> Any:
        """Answer the source by enumeration, where it is not too large, and by the backend."""
        with self.timed("source"):
            verdict, witness = self._enumerated(self.source)
        if witness is not None:
            self.problem.check(self.source, witness)
        self.answer = self.ask_backend(self.source)
        found = self.answer.verdict
        self.require_agreement(self.backend.name, found, "enumerate", verdict)
        self.outcome.source_answer = found if verdict is Verdict.UNKNOWN else verdict
        return self.answer.parameters if witness is None else witness

    def answer_target(self, built: ChainImage) -> Parameters | None:
        """Answer the continuous instance, and check its constraints."""
        self.outcome.sizes = {"edges": built.target.network.edges, **self.answer.sizes}
        simulation = self.guarded(Failure.NOT_A_TARGET, lambda: self._simulation(built))
        if simulation is None:
            return None
        verdict, parameters = self._search(simulation)
        if parameters is not None and not self._stands(simulation.instance, parameters):
            return None
        tried = "only values of the domains and beside them were"
        if verdict is Verdict.UNKNOWN:
            verdict, tried = self.answer.verdict, "nothing was"
        self.outcome.target_answer = verdict
        if verdict is Verdict.YES:
            self.outcome.how = How.EVALUATED
        elif verdict is Verdict.NO:
            self.outcome.how = How.SOLVER
            about = [self.outcome.detail, f"over the reals {tried} tried"]
            self.outcome.detail = "; ".join(filter(None, about))
        self._check_constraints(_image(built), simulation)
        return parameters

    def _simulation(self, built: ChainImage) -> Simulation:
        """Return what was built, with the places of the parameters."""
        return replace(_image(built).simulation, instance=built.target)

    def _stands(self, instance: ContinuousInstance, parameters: Parameters) -> bool:
        """Fail unless the exact evaluator accepts what the search over candidates found."""
        try:
            require_accepted(
                lambda: evaluate_continuous(instance, parameters), "the search over candidates"
            )
        except MethodDefect as defect:
            self.fail(Failure.BACKEND_DEFECT, str(defect))
            return False
        return True

    def _search(self, simulation: Simulation) -> tuple[Verdict, Parameters | None]:
        """Return whether values of the domains or beside them solve the continuous instance."""
        with self.timed("target"):
            candidates = self.guarded(Failure.NOT_A_TARGET, lambda: on_candidates(simulation))
            if candidates is None:
                return Verdict.UNKNOWN, None
            return self._enumerated(candidates)

    def _enumerated(self, instance: TrainingInstance) -> tuple[Verdict, Parameters | None]:
        """Return whether an instance that is not too large has a solution, and one."""
        deadline = Deadline(self.timeout)
        try:
            with enforced(deadline):
                found = first_solution(instance, deadline)
        except (LimitReached, MemoryError, Unsupported):
            return Verdict.UNKNOWN, None
        return Verdict.NO if found is None else Verdict.YES, found

    def _check_constraints(self, image: ContinuousReduction, simulation: Simulation) -> None:
        """Put values off the domains into the network, which must reject them."""
        with self.timed("pull"):
            for values in off_domain(simulation.constraints, OFF_DOMAIN).values:
                check = partial(check_off_domain, image, simulation, values)
                wrong = self.guarded(Failure.CLAIM_VIOLATED, check)
                for kind, text in wrong or []:
                    self.fail(kind, text)
                if wrong != []:
                    # One combination is enough for a report.
                    return

    def cross_check(self, built: ChainImage, others: Sequence[Method]) -> None:
        """Ask further backends about the source, and z3 about the continuous instance."""
        self.ask_others(self.source, others)
        if not others or find_spec("z3") is None:
            return
        instance = built.target
        if instance.real > SMT_PARAMETERS:
            self.outcome.backends["z3"] = "refused"
            return
        with self.timed("cross-check"):
            answer = solve_continuous(instance, self.short_deadline())
        self.outcome.backends["z3"] = str(answer.verdict)
        found = self.outcome.target_answer
        self.require_agreement("z3 over the reals", answer.verdict, self.backend.name, found)
        if answer.parameters is not None:
            self.pull(built, answer.parameters, "the parameters that z3 found")

    def push(self, built: ChainImage, witness: Any) -> bool:
        """Fail as for other targets, and where a pushed witness does not keep its outputs."""
        before = len(self.outcome.failures)
        accepted = super().push(built, witness)
        if len(self.outcome.failures) > before:
            return accepted
        with self.timed("push"):
            try:
                with enforced(Deadline(self.timeout)):
                    wrong = check_solution(_image(built), witness)
            except LimitReached as error:
                wrong = [(Failure.UNDECIDED, f"push: {error}")]
        for kind, text in wrong:
            self.fail(kind, text)
        return accepted


def _image(built: ChainImage) -> ContinuousReduction:
    image = built.images[-1]
    assert isinstance(image, ContinuousReduction)
    return image
