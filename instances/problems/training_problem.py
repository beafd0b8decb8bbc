"""What training problems have in common: witnesses are parameters, which are evaluated."""

from abc import abstractmethod
from typing import TypeVar

from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Problem
from instances.text.numbers import show_number
from instances.training.evaluate import Evaluation
from instances.training.files import Fingerprinted, parameters_from_json, parameters_to_json
from instances.training.parameters import Parameters

S = TypeVar("S")

MOST_NEURONS = 1000
"""Most neurons a layer, and most data points, of a generated instance."""


class TrainingProblem(Problem[S, Parameters]):
    """A problem that asks for parameters of a network within a bound on the loss."""

    @abstractmethod
    def evaluate(self, source: S, parameters: Parameters) -> Evaluation:
        """Evaluate parameters exactly; raise `InvalidWitness` for those of no such instance."""

    def check(self, source: S, witness: Parameters) -> None:
        """Raise `InvalidWitness` unless the exact evaluator accepts the parameters."""
        if not isinstance(witness, Parameters):
            raise InvalidWitness(f"a witness is Parameters, not {type(witness).__name__}")
        evaluation = self.evaluate(source, witness)
        if not evaluation.accepted:
            loss, bound = map(show_number, (evaluation.loss, evaluation.bound))
            raise InvalidWitness(f"the parameters have loss {loss}, above the bound {bound}")


def parse_parameters(source: Fingerprinted, text: str) -> Parameters:
    """Read parameters of `source`, a training instance of either kind."""
    try:
        return parameters_from_json(text.encode(), source)
    except (InvalidWitness, UnicodeEncodeError) as error:
        raise InputError(str(error)) from error


def write_parameters(source: Fingerprinted, witness: Parameters) -> str:
    """Return parameters as JSON."""
    return parameters_to_json(source, witness).decode()
