"""3-SAT to 2-QNNT with degrees at most 3, or with in-degree at most 2 ([LD] Theorem 2; theory 3.3).

`occurrence_cycles` gives every occurrence of a literal a neuron of its own that
behaves as 10 iff the literal is true and as 01 otherwise.

*One hidden layer.* A clause is an output with target 10 fed by the neurons of its distinct
literals: by the lemma of `two_points` it matches iff one of them is true. Inputs have out-degree
1, hidden neurons in-degree 2 and out-degree at most 3 (two links and one clause), outputs
in-degree at most 3.

*In-degree 2.* A clause of three distinct literals first joins two of their neurons, which behave
as 10 or 01, in a hidden neuron g, and its output takes g and the third. By the lemma g can behave
as 10 iff one of the two does, and then the output can iff g or the third does. All in-degrees are
at most 2; the second hidden layer exists only if some clause has three distinct literals.
"""

from reductions.claims import at_most
from reductions.status import Status
from reductions.to_training.occurrence_cycles import CycleReduction


class BoundedDegree(CycleReduction):
    """The reduction `bounded-degree`.

    Neurons, for occurrence places p = 0, 1, ... along the cycle of variable x: inputs i<x>_p
    (10) and j<x>_p (01), hidden v<x>_p, outputs l<x>_p for the links; outputs c1, ..., cm for
    the clauses.
    """

    name = "bounded-degree"
    joins = False
    statement = "2-QNNT is NP-hard with bound 0 and constant maximum degree ([LD] Theorem 2)"
    construction = (
        "Over two data points, a variable with k occurrences is a cycle of 2k hidden neurons "
        "with private inputs 10 and 01. Outputs on neighbours, with targets 01 and 10 in turn, "
        "force the neurons to alternate between 10 and 01; occurrences of x read even neurons, "
        "those of not-x odd ones. A clause is an output with target 10."
    )
    provenance = (
        "statement: [LD] Theorem 2; construction: qnnhard. [LD] announces out-degree 3 and "
        "in-degree 2 with one hidden layer and at most 4 data points; under this project's "
        "definitions that case is polynomial, so the constants must count something else. "
        "Proved here: in-degree 3 at outputs and 2 elsewhere, out-degree 3, 2 data points."
    )
    small = "l=0, one hidden layer, in-degree <= 3, out-degree <= 3, |D|=2"
    status = Status.NP_HARD
    conditions = at_most(depth=1, max_in_degree=3, max_out_degree=3, distinct_inputs=2, bound=0)
    bounded = frozenset({"l", "points", "depth", "degree"})
    brief = "[LD] Thm 2: NP-hard for l + maximum degree"


class BoundedDegreeDeep(CycleReduction):
    """The reduction `bounded-degree-deep`.

    Neurons as in `bounded-degree`, and g<c> for every clause c of three distinct literals.
    """

    name = "bounded-degree-deep"
    joins = True
    statement = (
        "2-QNNT is NP-hard with bound 0 and constant maximum degree ([LD] Theorem 2); here with "
        "in-degree 2, at the price of a second hidden layer"
    )
    construction = (
        "As bounded-degree, but a clause of three distinct literals joins the neurons of the "
        "first two in a second-layer neuron, and its output with target 10 reads that neuron "
        "and the third: each can be 10 only if one of its two inputs is."
    )
    provenance = (
        "statement: [LD] Theorem 2; construction: qnnhard. [LD] announces out-degree 3 and "
        "in-degree 2 with one hidden layer and at most 4 data points; under this project's "
        "definitions that case is polynomial. Proved here: in-degree 2, out-degree 3, two "
        "hidden layers, 2 data points."
    )
    small = "l=0, two hidden layers, in-degree <= 2, out-degree <= 3, |D|=2"
    status = Status.NP_HARD
    conditions = at_most(depth=2, max_in_degree=2, max_out_degree=3, distinct_inputs=2, bound=0)
    brief = "[LD] Thm 2: the same with smaller in-degree"
