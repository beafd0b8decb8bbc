"""The bound on mismatches, from what data points with equal inputs cost together.

Outputs are the same for equal inputs, so of the groups of data points that share one and differ
in their targets at most one is met. What an input costs at least is thus known beforehand: all
its data points but those of the largest group. Only what it costs beyond that, its *excess*, is
left to be counted, against what the bound leaves to be spent.
"""

from instances.canonical.data import MergedData
from instances.deadline import Deadline
from qnnhard.encoding.formula.naming import point_names
from qnnhard.encoding.formula.template import Template
from qnnhard.encoding.loss.total import Addends, balanced, require_loss
from qnnhard.encoding.numbers.builder import IMPLIED, Builder
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.numbers.nodes import Leaf, Node


def compile_mismatches(bound: int, view: MergedData, deadline: Deadline) -> Template:
    """Return the clauses of "at most so many data points are mismatched".

    Parameters
    ----------
    bound : int
        At least 0.
    view : MergedData
        Its groups' mismatch literals are the interface.
    """
    builder = Builder(len(view.group_first), deadline)
    groups: list[list[int]] = [[] for _ in view.first]
    for group, place in enumerate(view.group_input):
        groups[place].append(group)
    spare = bound
    for members in groups:
        counts = [view.multiplicity[group] for group in members]
        spare -= sum(counts) - max(counts)
    if spare < 0:
        builder.add()
        return Template.of(builder)
    values: Addends = []
    for name, members in zip(point_names(view.first), groups, strict=True):
        counted = {group + 1: view.multiplicity[group] for group in members}
        values.append((1, _excess(builder, counted, spare, name)))
    require_loss(builder, spare, values)
    return Template.of(builder)


def _excess(builder: Builder, counted: dict[int, int], spare: int, name: str) -> Leaf:
    """Return the excess of an input, and rule out what is above `spare`.

    A literal of a reached value is implied by the mismatches that it takes.

    Parameters
    ----------
    counted : dict
        Per group, its mismatch literal and its number of data points.
    """
    most = max(counted.values())
    affordable = [literal for literal, count in counted.items() if most - count <= spare]
    for literal in counted.keys() - set(affordable):
        builder.add(literal)
    if len(affordable) > 1:
        met: list[Node] = [Leaf((0, 1), (-literal,)) for literal in affordable]
        builder.require(balanced(met, f"met[{name}]"), 2, IMPLIED, -TRUE)
    steps = [0]
    literals: list[int] = []
    for gap in sorted({most - count for count in counted.values()} | {most})[1:]:
        cheaper = [literal for literal in affordable if most - counted[literal] < gap]
        if gap > spare:
            builder.add(*(-literal for literal in cheaper))
            break
        reached = cheaper[0]
        if len(cheaper) > 1:
            reached = builder.variable(f"excess[{name}]>={gap}")
            builder.add(reached, *(-literal for literal in cheaper))
        if literals:
            builder.add(-reached, literals[-1])
        steps.append(gap)
        literals.append(reached)
    return Leaf(tuple(steps), literals)
