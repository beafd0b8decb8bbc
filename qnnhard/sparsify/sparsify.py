"""Weights set to 0 without changing what any neuron computes on the data ([LD] Lemma 1)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import QnnhardError
from instances.progress import track
from instances.text.numbers import SAFE, magnitude
from instances.training.evaluate import compute
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, check_domains
from qnnhard.sparsify.minimum import enumerated_minimum, programmed_minimum
from qnnhard.sparsify.problem import KeepProblem, keep_problem
from qnnhard.sparsify.zero_sums import steinitz_kept

Method = Literal["minimum", "steinitz"]
Found = Literal["enumerated", "solver", "bounded"]


@dataclass(frozen=True)
class SparseNeuron:
    """What was done at one neuron.

    Parameters
    ----------
    before, after : int
        Number of in-edges with a weight other than 0.
    bound : int
        The Steinitz argument's bound on `after`.
    found : str
        How `after` is known: ``enumerated`` is the least of all choices, ``solver`` the least
        by the word of HiGHS, ``bounded`` within the bound and maybe not the least.
    """

    neuron: int
    before: int
    after: int
    bound: int
    found: Found


@dataclass(frozen=True, eq=False)
class Sparsified:
    """Parameters with fewer weights other than 0, and every neuron that had one before."""

    parameters: Parameters
    neurons: tuple[SparseNeuron, ...]


def sparsify(
    instance: TrainingInstance,
    parameters: Parameters,
    method: Method = "minimum",
    deadline: Deadline | None = None,
) -> Sparsified:
    """Set weights to 0 so that every neuron keeps its value on every data point.

    Parameters
    ----------
    parameters : Parameters
        Any parameters in their domains. Only weights with 0 in their domain change.
    method : {"minimum", "steinitz"}
        The least number of non-zero in-edges of every neuron, or a number within the bound of
        the Steinitz lemma in polynomial time.
    deadline : Deadline, optional
        After it no integer program starts or goes on, and ``minimum`` takes what it has.

    Returns
    -------
    Sparsified
        Checked: all values unchanged, every neuron within its bound.

    Raises
    ------
    InvalidWitness
        Where a parameter is missing or outside its domain.

    Notes
    -----
    Neurons are independent, since values do not change. Equal problems are solved once.
    """
    deadline = deadline or Deadline()
    check_domains(instance, parameters)
    network = instance.network
    inputs = canonical(instance).data.inputs
    everyone = np.arange(network.size)
    values = compute(network, parameters, inputs, everyone)
    has_zero = np.array([0 in domain for domain in instance.domains] + [False])
    weights = parameters.weights.copy()
    if magnitude(weights) * magnitude(values) >= SAFE:
        values = values.astype(object)
    known: dict[KeepProblem, tuple[list[int], Found]] = {}
    neurons: list[SparseNeuron] = []
    weighted = np.flatnonzero(np.bincount(network.targets[weights != 0], minlength=1))
    for v in track(weighted.tolist(), "sparsify", "neurons"):
        edges = np.array(network.edges_into(v))
        edges = edges[weights[edges] != 0]
        products = weights[edges][:, None] * values[:, network.sources[edges]].T
        seen = keep_problem(
            products.tolist(),
            has_zero[instance.weight_domain[edges]].tolist(),
            parameters.biases[v : v + 1].tolist()[0],
            network.activations[network.activation[v]],
        )
        if seen.problem not in known:
            known[seen.problem] = _solve(seen.problem, method, deadline)
        kept, found = known[seen.problem]
        left = list(kept)
        for edge, number in zip(edges.tolist(), seen.class_of, strict=True):
            if number is None or (number >= 0 and not left[number]):
                weights[edge] = 0
            elif number >= 0:
                left[number] -= 1
        neurons.append(
            SparseNeuron(
                neuron=v,
                before=len(edges),
                after=seen.required + sum(kept),
                bound=seen.required + seen.problem.bound,
                found=found,
            )
        )
    sparse = Parameters(weights, parameters.biases)
    check_domains(instance, sparse)
    if (compute(network, sparse, inputs, everyone) != values).any():
        raise QnnhardError("sparsify changed a neuron's value: this is a defect; please report it")
    if any(neuron.after > neuron.bound for neuron in neurons):
        raise QnnhardError("sparsify missed its bound: this is a defect; please report it")
    return Sparsified(sparse, tuple(neurons))


def _solve(problem: KeepProblem, method: Method, deadline: Deadline) -> tuple[list[int], Found]:
    """Return how many edges of every class to keep, and how that is known."""
    if method == "steinitz":
        return steinitz_kept(problem, deadline), "bounded"
    least = enumerated_minimum(problem)
    if least is not None:
        return least, "enumerated"
    kept, proved = programmed_minimum(problem, deadline)
    if kept is not None and proved:
        return kept, "solver"
    fallback = steinitz_kept(problem)
    return fallback if kept is None else min(kept, fallback, key=sum), "bounded"
