"""Training over finite parameter sets, D-NNT, as a source problem."""

from dataclasses import replace
from itertools import product
from math import prod
from random import Random

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.problems.random_training import drawn_layers, planted, random_training
from instances.problems.training_problem import (
    LAYERS,
    TARGETS,
    TrainingProblem,
    training_form,
)
from instances.sources.forms import Field, SourceForm
from instances.text.numbers import parse_number
from instances.text.parameters import Parameter, Values
from instances.training.evaluate import Evaluation, evaluate
from instances.training.files import (
    instance_from_json,
    instance_to_json,
)
from instances.training.instance import TrainingInstance
from instances.training.measures import measure
from instances.training.parameters import Parameters, lowest
from instances.training.schema import INSTANCE_FORMAT

MOST_CHOICES = 1 << 16
"""Most choices of parameters that `DiscreteTraining.solve` tries."""


INSTANCES: SourceForm[TrainingInstance] = training_form(
    INSTANCE_FORMAT,
    instance_from_json,
    instance_to_json,
    describe=lambda source: (
        f"{source.network.size} neurons, {source.network.edges} edges, {source.points} data points"
    ),
    sizes=measure,
)


class DiscreteTraining(TrainingProblem[TrainingInstance]):
    """The question whether parameters from finite sets have a loss within the bound.

    Instances and parameters have the formats of all training instances.
    """

    name = "d-nnt"
    title = "Discrete Neural Network Training"
    question = (
        "Do some parameters, each from its finite domain, have a total loss within the bound?"
    )
    form = INSTANCES
    field = Field("bound", "bound", lambda text, _: parse_number(text))
    parameters = (
        *LAYERS,
        Parameter("d", "2", "quantization levels"),
        *TARGETS,
    )

    def draw(self, given: Values, random: Random) -> TrainingInstance:
        """Draw the data of a fully connected d-QNNT network with one hidden layer at most."""
        widths, points = self.layers(given)
        made = drawn_layers(widths, given.integer("d", 2), points, random)
        made = replace(made, bound=given.integer("bound"))
        return planted(made, random) if given.choice("planted") else made

    def random(self, random: Random) -> TrainingInstance:
        """Draw a small instance of any kind; see `random_training`."""
        return random_training(random)

    def evaluate(self, source: TrainingInstance, parameters: Parameters) -> Evaluation:
        """Evaluate parameters exactly."""
        return evaluate(source, parameters)

    def solve(self, source: TrainingInstance, deadline: Deadline) -> Parameters | None:
        """Try every choice of parameters; `Unsupported` for more than `MOST_CHOICES`."""
        weights, biases = lowest(source)
        of_edges = [source.domains[index] for index in source.weight_domain.tolist()]
        of_neurons = [(0,) if i < 0 else source.domains[i] for i in source.bias_domain.tolist()]
        choices = prod(map(len, (*of_edges, *of_neurons)))
        if choices > MOST_CHOICES:
            raise Unsupported(
                f"{self.name}: {min(choices, 10**18)} choices of parameters or more are too many "
                "to try them all; use `qnnhard solve`"
            )
        for chosen in product(*of_edges, *of_neurons):
            deadline.check()
            weights[:], biases[:] = chosen[: len(weights)], chosen[len(weights) :]
            parameters = Parameters(weights, biases)
            if evaluate(source, parameters).accepted:
                return parameters
        return None
