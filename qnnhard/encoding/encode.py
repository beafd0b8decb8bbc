"""Training instance to CNF, one template for all neurons that are alike.

The encoder sees a training instance and nothing else. It proceeds level by level: neurons
with the same in-degree, domains, activation, predecessor shapes and targets share a template.
"""

from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.canonical.problem import canonical
from instances.canonical.rows import distinct_columns
from instances.deadline import Deadline
from instances.progress import stage
from instances.text.numbers import Array
from instances.training.instance import TrainingInstance
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.encoding.formula.naming import Behaviours, Naming, point_names
from qnnhard.encoding.formula.stamper import Stamper
from qnnhard.encoding.formula.template import Shape, Template
from qnnhard.encoding.loss.mismatches import compile_mismatches
from qnnhard.encoding.loss.total import Addends, LossPart, require_loss, total_loss
from qnnhard.encoding.neurons.binary import BinaryCompiler, needs_binary
from qnnhard.encoding.neurons.grouping import Grouping
from qnnhard.encoding.neurons.ordered import OrderedCompiler
from qnnhard.encoding.numbers.builder import Builder
from qnnhard.encoding.symmetry.order import order_inputs, order_neurons
from qnnhard.encoding.tables.compile import CompiledTables, compile_tables
from qnnhard.encoding.tables.lift import Lift
from qnnhard.encoding.tables.tabulate import tabulate
from qnnhard.encoding.tables.tabulated import Tables

_POWER = {"mismatch": 0, "l1": 1, "l2": 2}


@dataclass(frozen=True)
class Options:
    """What is asked of an encoding.

    Parameters
    ----------
    minimize : bool
        Whether to leave the bound out and give the loss as a form to be minimized.
    tables : bool
        Whether to encode neurons with small tables by their behaviours. Without tables the
        models, restricted to the parameters' variables, are exactly the solutions; with them
        every model still lifts to a solution, and there is one if there are solutions.
    symmetry : bool
        Whether to ask interchangeable hidden neurons to be in lexicographic order, which
        leaves at least one of all solutions that differ in their order only.
    input_symmetry : bool
        Whether to ask the same of inputs that the data do not tell apart. The clauses hold for
        these data alone: not with those of more data points.
    """

    minimize: bool = False
    tables: bool = False
    symmetry: bool = False
    input_symmetry: bool = False


PLAIN = Options()
TABLES = Options(tables=True)


@dataclass(frozen=True, eq=False)
class Encoding:
    """A formula that is satisfiable iff the instance is a yes-instance.

    Parameters
    ----------
    instance : TrainingInstance
    formula : Formula
    weight_start, bias_start : int64 arrays
        Variable of the first order literal per edge and per neuron; 0 where the parameter is
        frozen, irrelevant because no output depends on it, or expressed by tables.
    naming : Naming
    loss : Addends or None
        For minimization: weights and values, over the formula's variables, that add up to
        `loss_unit` times the loss. The least sum over all models is the least loss.
    loss_unit : int
    tables : Tables or None
        What was tabulated, where anything was asked for and could be.
    lift : Lift or None
        The way from a model to the parameters that are expressed by tables; none where the
        tables leave no solution.
    single, probed : bool arrays
        The neurons that are encoded one by one, and those of them with parameters of which
        probing excluded values.
    """

    instance: TrainingInstance
    formula: Formula
    weight_start: NDArray[np.int64]
    bias_start: NDArray[np.int64]
    naming: Naming
    loss: Addends | None
    loss_unit: int
    tables: Tables | None
    lift: Lift | None
    single: NDArray[np.bool_]
    probed: NDArray[np.bool_]

    @property
    def parameter_variables(self) -> int:
        """Number of the variables of parameters, which are the first of the formula."""
        instance, steps = self.instance, self.instance.domain_steps
        weights = steps[instance.weight_domain][self.weight_start > 0]
        biases = steps[instance.bias_domain][self.bias_start > 0]
        return int(weights.sum() + biases.sum())


def encode(
    instance: TrainingInstance, deadline: Deadline | None = None, options: Options = PLAIN
) -> Encoding:
    """Return the encoding of `instance`.

    Raises
    ------
    Unsupported
        Where the formula or a common denominator of fractions grows too large.
    """
    return _Encoder(instance, deadline or Deadline(), options).run()


class _Contradiction(Exception):
    """A pass has found that no parameters fit."""


class _Encoder:
    """The passes, in order: what is known, tables, numbers, orders, neurons, the loss."""

    def __init__(self, instance: TrainingInstance, deadline: Deadline, options: Options) -> None:
        self.instance = instance
        self.deadline = deadline
        self.options = options
        self.problem = problem = canonical(instance)
        self.view, self.frozen, self.scaling = problem.data, problem.frozen, problem.scaling
        self.relevant = problem.relevant
        self.power = _POWER[instance.loss]
        self.bound = floor(instance.bound * self.scaling.loss**self.power)
        self.exact = self.bound <= 0 and not options.minimize
        self.names_groups = not self.exact and instance.loss == "mismatch"
        self.stamper = Stamper(instance, deadline)
        self.loss: Addends | None = [] if options.minimize else None
        self.tables: Tables | None = None
        self.lift: Lift | None = None
        self.behaviours: Behaviours | None = None
        self.single = self.relevant & ~self.frozen.known
        self.probed = np.zeros(instance.network.size, dtype=np.bool_)

    def run(self) -> Encoding:
        contradiction = None
        try:
            self._passes()
        except _Contradiction:
            contradiction = self.stamper.contradict()
        stamper = self.stamper
        naming = Naming(
            instance=self.instance,
            weight_start=stamper.weight_start,
            bias_start=stamper.bias_start,
            group_start=stamper.group_start if self.names_groups else None,
            group_first=self.view.group_first,
            behaviours=self.behaviours,
            stamped=stamper.stamped,
            contradiction=contradiction,
        )
        return Encoding(
            instance=self.instance,
            formula=stamper.formula,
            weight_start=stamper.weight_start,
            bias_start=stamper.bias_start,
            naming=naming,
            loss=self.loss,
            loss_unit=self.scaling.loss**self.power,
            tables=self.tables,
            lift=self.lift,
            single=self.single,
            probed=self.probed,
        )

    def _passes(self) -> None:
        if self.bound < 0 and not self.options.minimize:
            raise _Contradiction
        if not self.instance.points:
            return
        if self.exact and self.view.contradictory:
            raise _Contradiction
        self._know()
        compiled = self._tabulate() if self.options.tables else None
        self._number(compiled)
        self._order()
        parts = self._neurons()
        if not self.exact:
            self._bound(parts)

    def _know(self) -> None:
        """Give inputs, frozen neurons and, at bound 0, outputs their known values."""
        network, shape_of = self.instance.network, self.stamper.shape_of
        given: list[tuple[NDArray[np.integer[Any]], Array]] = [
            (network.inputs, self.view.inputs),
            (self.frozen.neurons, self.frozen.values),
        ]
        if self.exact:
            given.append((network.outputs, self.view.targets))
        for neurons, values in given:
            if len(neurons):
                distinct, place = distinct_columns(self._scaled(values, neurons))
                numbers = [self.stamper.intern(shape) for shape in Shape.constants(distinct)]
                shape_of[neurons] = np.array(numbers, dtype=np.int64)[place]

    def _scaled(self, values: Array, neurons: NDArray[np.integer[Any]]) -> Array:
        """Return values of neurons, inputs x neurons, as integers in the neurons' units."""
        if self.scaling.value.dtype != object:
            return values
        scaled: Array = values.astype(object) * self.scaling.value[neurons]
        return scaled

    def _tabulate(self) -> CompiledTables | None:
        """Take out the neurons with small tables."""
        if self.scaling.value.dtype == object:
            # Behaviours are vectors of integers.
            return None
        rows = [shape.vector for shape in self.stamper.shapes]
        self.tables = tabulate(self.instance, self.stamper.shape_of, rows, self.deadline)
        self.single &= ~(self.tables.tabulated | self.tables.decided)
        compiled = compile_tables(self.tables, self.deadline)
        if compiled is None:
            raise _Contradiction
        return compiled

    def _number(self, compiled: CompiledTables | None) -> None:
        """Number the parameters of single neurons, mismatches and behaviours."""
        self.stamper.number_parameters(self.single)
        self.stamper.number_groups(len(self.view.group_first) if self.names_groups else 0)
        if compiled is not None:
            literals, self.behaviours = compiled.stamp(self.stamper, point_names(self.view.first))
            self.lift = Lift(self.instance, compiled.tables, literals)

    def _order(self) -> None:
        """Ask what is interchangeable to be in order."""
        known, relevant = self.frozen.known, self.relevant
        if self.options.symmetry:
            order_neurons(self.stamper, self.single, relevant)
        # Tables keep some of many behaviours, with no regard to an order of the data.
        if self.options.input_symmetry and (self.single | known)[relevant].all():
            order_inputs(self.stamper, self.view, relevant & ~known)

    def _neurons(self) -> list[LossPart]:
        """Encode the single neurons; return the distances of outputs to their targets."""
        parts: list[LossPart] = []
        if not self.single.any():
            return parts
        grouping = Grouping(self.problem, self.stamper, self.exact)
        with stage("encoding", "neurons", int(np.count_nonzero(self.single))) as progress:
            for level in self.instance.network.by_level():
                for alike in grouping.alike(level[self.single[level]]):
                    self.deadline.check()
                    profile = grouping.profile(int(alike[0]))
                    compiler = BinaryCompiler if needs_binary(profile) else OrderedCompiler
                    template = compiler(profile, self.deadline).run()
                    self.probed[alike] = template.probed
                    if template.contradiction:
                        raise _Contradiction
                    literals = self.stamper.stamp(template, alike)
                    if template.loss is not None:
                        ratio = int(self.scaling.loss // self.scaling.goal[alike[0]])
                        scale = ratio**self.power
                        parts.extend(LossPart(template.loss, row, scale) for row in literals)
                    progress.done += len(alike)
        return parts

    def _bound(self, parts: list[LossPart]) -> None:
        """Bound the sum of all groups' losses, or tell what adds up to it."""
        values, literals = total_loss(
            self.view, parts, self.instance.loss, self.stamper.group_start
        )
        if self.options.minimize:
            self.loss = [
                (weight, value.over(lambda variable: int(literals[variable - 1])))
                for weight, value in values
            ]
            return
        if self.names_groups:
            template = compile_mismatches(self.bound, self.view, self.deadline)
        else:
            builder = Builder(len(literals), self.deadline)
            require_loss(builder, self.bound, values)
            template = Template.of(builder)
        self.stamper.stamp_once(template, literals)
        if template.contradiction:
            raise _Contradiction
