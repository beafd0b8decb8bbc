"""Discrete training to continuous training ([DT]; the construction is qnnhard's).

The source is a D-NNT instance with mismatch loss and a bound below |D|. With bound 0 or below,
l1 and l2 ask the same as mismatch, which the target has. Every parameter p with two values or
more becomes a neuron r_p, of activation identity, fed by the constant 1 through one real
weight; so r_p has the value of that weight on every data point. The constant is an identity
neuron without predecessors and with the frozen bias -1. Then

- an edge (u, v) with the open weight p is replaced by an edge of weight 1 from a product
  neuron that computes r_p f(u);
- an open bias p of v is replaced by an edge (r_p, v) of weight -1 and the frozen bias 0;
- product neurons compute the product of (r_p - t) over the domain of p, and the last of them
  is one more output, with target 0 on every data point.

A product xy is ((x + y)^2 - (x - y)^2) / 4, with two square neurons. All other parameters are
frozen.

*Yes -> yes.* With r_p = p every old neuron computes what it did, and the new outputs are 0.
*No -> no.* If some r_p is outside its domain, its output differs from 0 on every data point,
for it does not depend on the input; that is a loss of |D|, above the bound. Otherwise the r_p
are discrete parameters under which every old neuron computes the same, so the loss is the same.
A bound of |D| or more is met by all parameters and needs no network.
"""

from functools import cached_property

from instances.continuous.evaluate import check_frozen
from instances.continuous.instance import ContinuousInstance
from instances.errors import InvalidWitness, Unsupported
from instances.text.numbers import show_number
from instances.training.instance import TrainingInstance, layered
from instances.training.parameters import Parameters, check_domains, lowest
from reductions.capacity import require_capacity
from reductions.claims import Claim, exactly
from reductions.map import Map
from reductions.status import Status
from reductions.to_reals.constraints import Constraint, constraints
from reductions.to_reals.network import Simulation, place_values, simulation_of


class ContinuousReduction(Map[TrainingInstance, Parameters, ContinuousInstance, Parameters]):
    """The reduction `continuous`.

    The neurons of the source keep their numbers and names. Then come ~one and, for the i-th
    open parameter, ~r<i>, its constraint's products ~c<i>_2, ~c<i>_3, ... and, for a weight,
    the product ~w<i>; the two squares of a product are named after it with + and -.
    """

    name = "continuous"
    source_problem = "d-nnt"
    target_problem = "c-nnt"
    statement = (
        "Training over finite domains, with mismatch loss and a bound below |D|, reduces to "
        "training with frozen and real parameters ([DT])"
    )
    construction = (
        "Every discrete parameter becomes a real number that an output forces to be a root of "
        "the product of (r - t) over its domain; products are quarters of differences of squares. "
        "The data inputs stay, and in-degrees grow by 1 at most (and to 2 at least)."
    )
    provenance = "statement: [DT]; construction: qnnhard"
    small = "exact real simulation"
    parsimonious = True
    status = Status.SIMULATES
    brief = "[DT]: D-NNT reduces to C-NNT"
    source_title = "D-NNT"
    tests = "tests/reductions/to_reals/test_continuous.py"

    @cached_property
    def target(self) -> ContinuousInstance:
        """The continuous instance, of size linear in the source's domains and edges."""
        return self.simulation.instance

    @cached_property
    def simulation(self) -> Simulation:
        """The continuous instance together with the places of the parameters.

        Raises
        ------
        Unsupported
            For l1 and l2 with a positive bound, and where every choice is a solution.
        """
        source = self.source
        _require_supported(source)
        found = constraints(source)
        neurons, edges = _sizes(source, found)
        rows = source.points * (len(source.network.outputs) + len(found))
        require_capacity(self.name, neurons=neurons, edges=edges, targets=rows)
        return simulation_of(source)

    def push(self, witness: Parameters) -> Parameters:
        """Return real parameters under which every old neuron computes what it did.

        Raises `InvalidWitness` for parameters outside their domains.
        """
        check_domains(self.source, witness)
        simulation = self.simulation
        values = {"weight": witness.weights.tolist(), "bias": witness.biases.tolist()}
        given = [values[c.kind][c.place] for c in simulation.constraints]
        return place_values(simulation, given)

    def pull(self, witness: Parameters) -> Parameters:
        """Return discrete parameters from *any* solution of the target.

        Raises
        ------
        InvalidWitness
            Where a frozen parameter is changed or some r_p is not in its domain; then
            they are no solution, since the constraint's output fails on every data point.
        """
        simulation = self.simulation
        check_frozen(simulation.instance, witness)
        weights, biases = lowest(self.source)
        found = {"weight": weights, "bias": biases}
        for constraint, carrier in zip(simulation.constraints, simulation.carriers, strict=True):
            value = witness.weights[carrier : carrier + 1].tolist()[0]
            if not constraint.allows(value):
                raise InvalidWitness(
                    f"{constraint.parameter} is {show_number(value)}, which is not in its "
                    f"domain: it is no root of {constraint}"
                )
            found[constraint.kind][constraint.place] = value
        return Parameters(weights, biases)

    def claims(self) -> list[Claim]:
        """Return the size laws, which follow from the degrees and domains of the source."""
        source = self.source
        _require_loss(source)
        found = constraints(source)
        neurons, edges = _sizes(source, found)
        return exactly(
            alpha=len(source.network.inputs),
            omega=len(source.network.outputs) + len(found),
            points=source.points,
            bound=source.bound,
            real=len(found),
            neurons=neurons,
            edges=edges,
            max_in_degree=_in_degree(source, found),
        )

    @staticmethod
    def example() -> TrainingInstance:
        """Return the conjunction of two inputs, to be learnt by one neuron with d = 2."""
        return layered((2, 1), 2, ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [0], [0], [1]]))


def always_accepted(source: TrainingInstance) -> bool:
    """Return whether no parameters exceed the bound, |D| mismatches or more: a yes at once.

    Without data every loss is 0, so then any bound that is not negative will do.
    """
    counted = source.loss == "mismatch" or not source.points
    return counted and source.bound >= source.points


def _require_loss(source: TrainingInstance) -> None:
    if source.loss != "mismatch" and source.bound > 0 and source.points:
        raise Unsupported(
            f"continuous: the loss is {source.loss} with bound {source.bound}, but a violated "
            "constraint need not cost more than that: use loss mismatch, or bound 0"
        )


def _require_supported(source: TrainingInstance) -> None:
    _require_loss(source)
    if always_accepted(source):
        raise Unsupported(
            f"continuous: the bound {source.bound} is not below the number of data points "
            f"{source.points}, so all parameters are a solution: answer yes"
        )


def _sizes(source: TrainingInstance, found: list[Constraint]) -> tuple[int, int]:
    """Return the numbers of neurons and edges of the continuous instance.

    A product has three neurons and six edges; the first of a constraint multiplies r - t_1 by
    r - t_2 and has three edges, from r to one square and from both squares.
    """
    weights = sum(constraint.kind == "weight" for constraint in found)
    products = sum(len(constraint.roots) - 1 for constraint in found)
    count = len(found)
    neurons = source.network.size + 3 * products + 3 * weights + count + (count > 0)
    # r and its constraint, then a product and an edge in place of one edge, or an edge of bias.
    edges = count + 6 * products - 3 * count + 6 * weights + (count - weights)
    return neurons, source.network.edges + edges


def _in_degree(source: TrainingInstance, found: list[Constraint]) -> int:
    """Return the largest in-degree: an open bias adds one, and products have in-degree 2."""
    degree = source.network.in_degree.copy()
    for constraint in found:
        if constraint.kind == "bias":
            degree[constraint.place] += 1
    return max(int(degree.max(initial=0)), 2 if found else 0)
