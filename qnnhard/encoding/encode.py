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
from qnnhard.encoding.formula.naming import Naming
from qnnhard.encoding.formula.stamper import Stamper
from qnnhard.encoding.formula.template import Shape, Template
from qnnhard.encoding.loss.mismatches import compile_mismatches
from qnnhard.encoding.loss.total import LossPart, compile_loss, renamed, total_loss
from qnnhard.encoding.neurons.grouping import Tasks
from qnnhard.encoding.neurons.ordered import compile_neuron
from qnnhard.encoding.numbers.forms import Form
from qnnhard.encoding.numbers.nodes import Leaf
from qnnhard.encoding.symmetry.neurons import break_input_symmetry, break_symmetry
from qnnhard.encoding.tables.compile import Compiled, compile_tables
from qnnhard.encoding.tables.explanation import Explanation, explain
from qnnhard.encoding.tables.lift import Lift
from qnnhard.encoding.tables.tabulate import tabulate
from qnnhard.encoding.tables.tabulated import Known

_POWER = {"mismatch": 0, "l1": 1, "l2": 2}


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
    loss : list of (int, Leaf or Form), or None
        For minimization: weights and values, over the formula's variables, that add up to
        `loss_unit` times the loss. The least sum over all models is the least loss.
    loss_unit : int
    lift : Lift or None
        The way from a model to the parameters that are expressed by tables.
    explanation : Explanation or None
        What the tables did, where they were asked for.
    """

    instance: TrainingInstance
    formula: Formula
    weight_start: NDArray[np.int64]
    bias_start: NDArray[np.int64]
    naming: Naming
    loss: list[tuple[int, Leaf | Form]] | None = None
    loss_unit: int = 1
    lift: Lift | None = None
    explanation: Explanation | None = None


def encode(
    instance: TrainingInstance,
    deadline: Deadline | None = None,
    minimize: bool = False,
    tables: bool = False,
    symmetry: bool = False,
    input_symmetry: bool = False,
) -> Encoding:
    """Return the encoding of `instance`.

    Parameters
    ----------
    instance : TrainingInstance
    deadline : Deadline or None
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

    Raises
    ------
    Unsupported
        Where the formula or a common denominator of fractions grows too large.
    LimitReached
        When the deadline passes.
    """
    return _Encoder(
        instance, deadline or Deadline(), minimize, tables, symmetry, input_symmetry
    ).run()


class _Encoder:
    def __init__(
        self,
        instance: TrainingInstance,
        deadline: Deadline,
        minimize: bool,
        tables: bool,
        symmetry: bool,
        input_symmetry: bool,
    ) -> None:
        self.instance = instance
        self.deadline = deadline
        self.minimize = minimize
        self.loss: list[tuple[int, Leaf | Form]] | None = [] if minimize else None
        self.loss_parts: list[LossPart] = []
        self.stamper = Stamper(instance, deadline)
        problem = canonical(instance)
        self.view, self.frozen, self.scaling = problem.data, problem.frozen, problem.scaling
        self.bound = floor(instance.bound * self.scaling.loss ** _POWER[instance.loss])
        self.exact = self.bound <= 0 and not minimize
        self.relevant = problem.relevant
        self.asks_tables = tables
        self.asks_symmetry = symmetry
        self.asks_input_symmetry = input_symmetry
        self.compiled: Compiled | None = None
        self.explanation: Explanation | None = None
        # The neurons that are encoded one by one, and have variables for their parameters.
        self.single = self.relevant & ~self.frozen.known
        self.probed = np.zeros(instance.network.size, dtype=np.bool_)

    def run(self) -> Encoding:
        instance = self.instance
        if (self.bound < 0 and not self.minimize) or (self.exact and self.view.contradictory):
            return self._finish(contradiction=True)
        if instance.points:
            self._know()
            if self.asks_tables and not self._tables():
                return self._finish(contradiction=True)
        self.stamper.number_parameters(self.single)
        self.stamper.number_groups(len(self.view.group_first) if self._names_groups else 0)
        if self.compiled is not None:
            self.compiled.stamp(self.stamper)
        if self.asks_symmetry:
            break_symmetry(instance, self.single, self.relevant, self.stamper, self.deadline)
        if self.asks_input_symmetry and (self.single | self.frozen.known)[self.relevant].all():
            # Tables keep some of many behaviours, with no regard to an order of the data.
            view, relevant = self.view, self.relevant & ~self.frozen.known
            break_input_symmetry(instance, view, relevant, self.stamper, self.deadline)
        contradiction = bool(instance.points) and self._neurons()
        if not (self.exact or contradiction) and instance.points:
            contradiction = self._loss()
        return self._finish(contradiction)

    def _know(self) -> None:
        """Give inputs, frozen neurons and, at bound 0, outputs their known values."""
        network = self.instance.network
        self._known_rows(network.inputs, self.view.inputs)
        self._known_rows(self.frozen.neurons, self.frozen.values)
        if self.exact:
            self._known_rows(network.outputs, self.view.targets)

    def _tables(self) -> bool:
        """Take out the neurons with small tables; return whether they leave any solution."""
        if self.scaling.value.dtype == object:
            # Behaviours are vectors of integers.
            return True
        rows = [shape.vector for shape in self.stamper.shapes]
        known = Known(self.stamper.shape_of, rows, len(self.view.first))
        tables = tabulate(self.instance, known, self.relevant, self.deadline)
        self.compiled = compile_tables(self.instance, tables, self.view.first, self.deadline)
        self.single &= ~(tables.tabulated | tables.decided)
        literals = None if self.compiled is None else self.compiled.lift.literals
        hidden = self.relevant & ~(self.frozen.known | self.instance.network.is_output)
        self.explanation = explain(tables, literals, hidden, self.instance.network.is_output)
        return self.compiled is not None

    def _neurons(self) -> bool:
        """Encode all relevant neurons; return whether some target cannot be reached at all."""
        network = self.instance.network
        if not self.single.any():
            return False
        tasks = Tasks(self.instance, self.view, self.scaling, self.stamper, self.exact)
        with stage("encoding", "neurons", int(np.count_nonzero(self.single))) as progress:
            for level in network.by_level():
                for alike in tasks.alike(level[self.single[level]]):
                    self.deadline.check()
                    template = compile_neuron(tasks.of(int(alike[0])), self.deadline)
                    self.probed[alike] = template.probed
                    if template.contradiction:
                        return True
                    self._stamp(template, alike)
                    progress.done += len(alike)
        return False

    def _known_rows(self, neurons: NDArray[np.integer[Any]], values: Array) -> None:
        """Give neurons with known values, inputs x neurons, their constant shapes."""
        if not len(neurons):
            return
        if self.scaling.value.dtype == object:
            values = values.astype(object) * self.scaling.value[neurons]
        rows, place = distinct_columns(values)
        numbers = [self.stamper.intern(shape) for shape in Shape.constants(rows)]
        self.stamper.shape_of[neurons] = np.array(numbers, dtype=np.int64)[place]

    def _stamp(self, template: Template, neurons: NDArray[np.int64]) -> None:
        literals = self.stamper.stamp(template, neurons)
        if template.loss is not None:
            ratio = int(self.scaling.loss // self.scaling.goal[neurons[0]])
            scale = ratio ** _POWER[self.instance.loss]
            self.loss_parts.extend(LossPart(template.loss, row, scale) for row in literals)

    def _loss(self) -> bool:
        """Bound the sum of all groups' losses; return whether it exceeds the bound anyway."""
        values, literals = total_loss(
            self.view, self.loss_parts, self.instance.loss, self.stamper.group_start
        )
        if self.minimize:
            self.loss = [(weight, renamed(value, literals)) for weight, value in values]
            return False
        if self._names_groups:
            template = compile_mismatches(self.bound, self.view, self.deadline)
        else:
            template = compile_loss(self.bound, values, len(literals), self.deadline)
        self.stamper.stamp_once(template, literals)
        return template.contradiction

    def _finish(self, contradiction: bool) -> Encoding:
        stamper = self.stamper
        if self.explanation is not None:
            self.explanation.kinds.update(
                probed=np.flatnonzero(self.probed),
                unary=np.flatnonzero(self.single & ~self.probed),
            )
        naming = Naming(
            instance=self.instance,
            weight_start=stamper.weight_start,
            bias_start=stamper.bias_start,
            group_start=stamper.group_start if self._names_groups else None,
            group_first=self.view.group_first,
            behaviours=None if self.compiled is None else self.compiled.behaviours,
            stamped=stamper.stamped,
            contradiction=stamper.contradict() if contradiction else None,
        )
        return Encoding(
            instance=self.instance,
            formula=stamper.formula,
            weight_start=stamper.weight_start,
            bias_start=stamper.bias_start,
            naming=naming,
            loss=self.loss,
            loss_unit=self.scaling.loss ** _POWER[self.instance.loss],
            lift=None if self.compiled is None else self.compiled.lift,
            explanation=self.explanation,
        )

    @property
    def _names_groups(self) -> bool:
        return not self.exact and self.instance.loss == "mismatch"
