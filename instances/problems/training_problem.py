"""What training problems have in common: witnesses are parameters, which are evaluated."""

from abc import abstractmethod
from collections.abc import Callable
from typing import TypeVar

from instances.errors import InputError, InvalidInstance, InvalidWitness
from instances.problems.problem import Problem
from instances.sources.forms import Sizes, SourceForm, Witnesses
from instances.text.numbers import show_number
from instances.text.parameters import Parameter, Values
from instances.training.any_instance import AnyInstance
from instances.training.evaluate import Evaluation
from instances.training.files import parameters_from_json, parameters_to_json
from instances.training.parameters import Parameters

S = TypeVar("S")

MOST_NEURONS = 1000
"""Most neurons a layer, and most data points, of a generated instance."""

LAYERS = (
    Parameter("inputs", "2", "number of inputs"),
    Parameter("hidden", "1", "neurons of the hidden layer; 0 for no such layer"),
    Parameter("outputs", "1", "number of outputs"),
    Parameter("points", "4", "number of data points"),
)
"""The parameters of generators of networks with one hidden layer at most."""

TARGETS = (
    Parameter("bound", "0", "number of data points that may be mismatched"),
    Parameter("planted", "no", "yes: the targets are the outputs of hidden parameters"),
)
"""Their last parameters."""


def training_form(
    tag: str,
    read: Callable[[bytes], S],
    write: Callable[[S], bytes],
    describe: Callable[[S], str],
    sizes: Callable[[S], Sizes],
) -> SourceForm[S]:
    """Return the form of instances in files of the format `tag`."""

    def parse(text: str) -> S:
        try:
            return read(text.encode())
        except (InvalidInstance, UnicodeEncodeError) as error:
            raise InputError(str(error)) from error

    return SourceForm(
        ".json",
        lambda opening: opening.keys.get("format") == tag,
        parse,
        lambda source: write(source).decode(),
        describe,
        sizes,
    )


def _parse_parameters(source: AnyInstance, text: str) -> Parameters:
    try:
        return parameters_from_json(text.encode(), source)
    except (InvalidWitness, UnicodeEncodeError) as error:
        raise InputError(str(error)) from error


PARAMETERS: Witnesses[AnyInstance, Parameters] = Witnesses(
    _parse_parameters, lambda source, witness: parameters_to_json(source, witness).decode()
)


class TrainingProblem(Problem[S, Parameters]):
    """A problem that asks for parameters of a network within a bound on the loss."""

    witnesses = PARAMETERS

    def layers(self, given: Values) -> tuple[tuple[int, ...], int]:
        """Return the widths of a generated network, and how many data points it gets.

        Raises `InputError` where they are above `MOST_NEURONS`.
        """
        alpha, omega = given.integer("inputs", 1), given.integer("outputs", 1)
        hidden, points = given.integer("hidden"), given.integer("points")
        if max(alpha, omega, hidden, points) > MOST_NEURONS:
            raise InputError(f"{self.name}: at most {MOST_NEURONS} neurons a layer and data points")
        return (alpha, hidden, omega) if hidden else (alpha, omega), points

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
