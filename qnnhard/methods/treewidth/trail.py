"""What a sweep did, step by step, and the way back from its end to parameters."""

from array import array
from functools import cache

from instances.progress import track
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.treewidth.algebra import Step
from qnnhard.methods.treewidth.reduced import Reduced
from qnnhard.methods.treewidth.row_tables import RowTables

_CHECK = 256


class Trail:
    """Steps in the order in which they were done; each closed run of them made one table."""

    def __init__(self) -> None:
        self._steps: list[Step | None] = []
        self._arguments = array("q")
        self._ends = array("q")
        self._vertices = array("q")

    @property
    def operations(self) -> int:
        """How many operations there were, remembered ones included."""
        return len(self._steps) - self._steps.count(None)

    def take(self, table: int) -> None:
        """Note that the next steps start from an earlier table, by its number."""
        self._steps.append(None)
        self._arguments.append(table)

    def add(self, step: Step, argument: int) -> None:
        """Note an operation.

        `argument` is the number of the table joined; for an edge twice its number, and for
        firing 0, plus 1 where constant in-edges came in.
        """
        self._steps.append(step)
        self._arguments.append(argument)

    def close(self, vertex: int) -> None:
        """Note that a table is made, and at which vertex."""
        self._vertices.append(vertex)
        self._ends.append(len(self._steps))

    def parameters(self, reduced: Reduced, tables: RowTables) -> Parameters:
        """Walk back from the only row of every last table; return the parameters found."""
        kinds = reduced.kinds
        offset = cache(lambda kind, number: tables.offsets(kind).weights(number))
        weights, biases = lowest(reduced.instance)
        row_of = [0] * len(self._ends)
        end = len(self._steps)
        backwards = range(len(self._ends) - 1, -1, -1)
        for number in track(backwards, "treewidth: parameters", "tables"):
            if number % _CHECK == 0:
                tables.store.deadline.check()
            row = row_of[number]
            begin = self._ends[number - 1] if number else 0
            for place in range(end - 1, begin - 1, -1):
                step, argument = self._steps[place], self._arguments[place]
                if step is None:
                    row_of[argument] = row
                    continue
                row, *chosen = step.choices(row)
                if len(chosen) == 1:
                    row_of[argument] = chosen[0]
                    continue
                if len(chosen) == 2:
                    target = self._vertices[number]
                    biases[reduced.neurons[target]] = int(kinds[target].biases[chosen[1]])
                else:
                    edge = argument >> 1
                    target = reduced.targets[edge]
                    kind = reduced.edge_kinds[edge]
                    weights[reduced.edges[edge]] = int(kind.weights[chosen[2]])
                if argument & 1 and kinds[target].constants:
                    constants = reduced.constants(target), offset(kinds[target], chosen[0])
                    for edge, weight in zip(*constants, strict=True):
                        weights[edge] = weight
            end = begin
        return Parameters(weights, biases)
