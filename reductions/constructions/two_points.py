"""What neurons over {0,1} parameters can do on two data points, and 3-SAT on top of it.

A neuron *behaves as* 10 where it has value 1 on the first data point and 0 on the second, and
as 01 in the opposite case. With weights in {0,1} a neuron computes the OR of a chosen subset
of its predecessors (bias 0) or whether at least two of the subset are 1 (bias 1).

*Lemma* (theory 3.2). A neuron can behave as 10 only if some predecessor behaves as 10. An OR
that is 1 on the first point and 0 on the second has a member that is 1 on the first, and no
member is 1 on the second: that member is 10. An at-least-two equal to 10 has two members that
are 1 on the first point; if neither is 10 both are 11, and the neuron is 11. Conversely,
weight 1 on exactly the predecessors that behave as 10, and bias 0, gives 10. The same holds
for 01.

So a neuron whose target is 10 is a clause over its predecessors.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.errors import InvalidWitness
from instances.sources.cnf import Cnf
from instances.training.evaluate import compute
from instances.training.instance import TrainingInstance
from instances.training.network import Network
from instances.training.parameters import Parameters, check_domains
from reductions.constructions.clauses import require_three

Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

TEN = (1, 0)
ONE = (0, 1)


def distinct_literals(source: Cnf, reduction: str) -> tuple[Positions, NDArray[np.int32]]:
    """Return clause (from 0) and literal of every occurrence, clause by clause.

    A literal that a clause repeats is one occurrence, at its first place; a literal and its
    negation are two.

    Raises
    ------
    InputError
        Where a clause has more than 3 literals.
    """
    require_three(source, reduction)
    literals = source.literals.astype(np.int64)
    clause = np.repeat(np.arange(source.number_of_clauses, dtype=np.int64), source.lengths)
    key = clause * (2 * source.variables + 1) + literals + source.variables
    order = np.argsort(key, kind="stable")
    repeated = order[1:][key[order[1:]] == key[order[:-1]]]
    if not len(repeated):
        return clause, source.literals
    first = np.ones(len(key), dtype=np.bool_)
    first[repeated] = False
    return clause[first], source.literals[first]


def positions_in_clause(clause: Positions) -> Positions:
    """Return 0, 1, ... along every run of equal entries of `clause`, which is sorted."""
    place = np.arange(len(clause), dtype=np.int64)
    return place - np.searchsorted(clause, clause)


def agreeing(network: Network, ten: Flags) -> Parameters:
    """Return biases 0 and weight 1 exactly on edges between neurons of equal intent.

    Parameters
    ----------
    ten : bool array
        Per neuron whether it is to behave as 10 (otherwise as 01). By the lemma every
        non-input neuron with a predecessor of equal intent then behaves as intended.
    """
    weights = ten[network.sources] == ten[network.targets]
    return Parameters(weights.astype(np.int64), np.zeros(network.size, dtype=np.int64))


def read_tens(
    instance: TrainingInstance, parameters: Parameters, neurons: NDArray[Any]
) -> list[bool]:
    """Return per neuron whether it behaves as 10, for neurons that must be 10 or 01.

    Raises
    ------
    InvalidWitness
        Where parameters do not fit the instance, or a neuron behaves as 00 or 11.
    """
    check_domains(instance, parameters)
    first, second = compute(instance.network, parameters, instance.inputs, neurons)
    undecided = np.flatnonzero(first == second)
    if undecided.size:
        place = undecided[0]
        raise InvalidWitness(
            f"neuron '{instance.network.names[int(neurons[place])]}' is {first[place]} on both "
            "data points, which no solution allows: it must be 1 on one of them"
        )
    values: list[bool] = (first == 1).tolist()
    return values
