"""Training over the reals, C-NNT, as a problem."""

from random import Random

import numpy as np

from instances.continuous.evaluate import evaluate_continuous
from instances.continuous.files import continuous_from_json, continuous_to_json
from instances.continuous.instance import ContinuousInstance
from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.problems.random_training import drawn_layers
from instances.problems.training_problem import (
    LAYERS,
    TARGETS,
    TrainingProblem,
    training_form,
)
from instances.sources.forms import SourceForm
from instances.text.parameters import Values
from instances.training.evaluate import Evaluation, compute
from instances.training.parameters import Parameters
from instances.training.schema import CONTINUOUS_FORMAT

REAL_INSTANCES: SourceForm[ContinuousInstance] = training_form(
    CONTINUOUS_FORMAT,
    continuous_from_json,
    continuous_to_json,
    describe=lambda source: (
        f"{source.network.size} neurons, {source.network.edges} edges, {source.real} real "
        f"parameters, {source.points} data points"
    ),
    sizes=lambda source: {
        "alpha": len(source.network.inputs),
        "omega": len(source.network.outputs),
        "points": source.points,
        "bound": source.bound,
        "real": source.real,
        "neurons": source.network.size,
        "edges": source.network.edges,
        "max_in_degree": int(source.network.in_degree.max(initial=0)),
    },
)


class ContinuousTraining(TrainingProblem[ContinuousInstance]):
    """The question whether real parameters mismatch at most so many data points as the bound.

    Files and arrays hold rational parameters, and only these can be witnesses.
    """

    name = "c-nnt"
    title = "Continuous Neural Network Training"
    question = "Do some parameters, each frozen or any real number, have a loss within the bound?"
    form = REAL_INSTANCES
    parameters = (*LAYERS, *TARGETS)

    def draw(self, given: Values, random: Random) -> ContinuousInstance:
        """Draw the data, 0 and 1, of a fully connected network with real parameters only."""
        widths, points = self.layers(given)
        return _draw(widths, points, given.integer("bound"), given.choice("planted"), random)

    def random(self, random: Random) -> ContinuousInstance:
        """Draw an instance of up to three neurons beside its inputs."""
        widths = random.choice(((1, 1), (2, 1), (1, 1, 1), (2, 2, 1)))
        planted = random.random() < 0.5
        return _draw(widths, random.randint(0, 3), random.choice((-1, 0, 0, 1)), planted, random)

    def evaluate(self, source: ContinuousInstance, parameters: Parameters) -> Evaluation:
        """Evaluate rational parameters exactly."""
        return evaluate_continuous(source, parameters)

    def solve(
        self,
        source: ContinuousInstance,  # noqa: ARG002
        deadline: Deadline,  # noqa: ARG002
    ) -> Parameters | None:
        """Refuse: nobody decides it here but z3, on simulations of discrete training."""
        raise Unsupported(f"{self.name}: no solver over the reals; use `continuous --check --smt`")


def _draw(
    widths: tuple[int, ...], points: int, bound: int, planted: bool, random: Random
) -> ContinuousInstance:
    """Draw data for clipped neurons over real parameters."""
    made = drawn_layers(widths, 2, points, random)
    network, targets = made.network, made.targets
    weights, biases = (
        np.array(random.choices(range(-2, 3), k=count), dtype=np.int64)
        for count in (network.edges, network.size)
    )
    drawn = Parameters(weights, np.where(network.is_input, 0, biases))
    if planted:
        targets = compute(network, drawn, made.inputs, network.outputs)
    return ContinuousInstance(
        network=network,
        frozen=drawn,
        real_weights=np.ones(network.edges, dtype=np.bool_),
        real_biases=~network.is_input,
        inputs=made.inputs,
        targets=targets,
        bound=bound,
    )
