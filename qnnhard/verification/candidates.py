"""Values to try for the real parameters of the reduction `continuous`.

Real numbers cannot all be tried, but those of the domains and some beside them can.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, pairwise, product
from math import prod
from random import Random

import numpy as np

from instances.text.numbers import Number
from instances.training.instance import TrainingInstance
from reductions.to_reals.constraints import Constraint
from reductions.to_reals.network import Simulation

Values = tuple[Number, ...]
"""One value for every open parameter, in the order of the constraints."""

MOST_COMBINATIONS = 1 << 14
"""Most combinations of values that `on_candidates` leaves to be searched."""

_OFF = Fraction(1, 7)


@dataclass(frozen=True)
class OffDomain:
    """Combinations of values, in each of which some are off their domain.

    `exhaustive` says whether they are all that the candidates give.
    """

    values: tuple[Values, ...]
    exhaustive: bool


def near(domain: Sequence[Number]) -> Values:
    """Return values slightly off `domain`: below and above its ends, and between neighbours."""
    gap = min((after - before for before, after in pairwise(domain)), default=1)
    off = gap * _OFF
    between = ((before + after) / Fraction(2) for before, after in pairwise(domain))
    return (domain[0] - off, *between, domain[-1] + off)


def off_domain(constraints: Sequence[Constraint], most: int, seed: int = 0) -> OffDomain:
    """Return combinations of the least value of each domain and of values near it.

    Where there are more than `most`, they are a sample, drawn with `seed`, after combinations
    with only one value off its domain.
    """
    domains = [constraint.roots for constraint in constraints]
    candidates = [(domain[0], *near(domain)) for domain in domains]
    exhaustive = prod(map(len, candidates)) <= most + 1
    chosen = product(*candidates) if exhaustive else _drawn(candidates, most, seed)
    kept = (
        values
        for values in chosen
        if any(value not in domain for value, domain in zip(values, domains, strict=True))
    )
    return OffDomain(tuple(kept), exhaustive)


def on_candidates(simulation: Simulation) -> TrainingInstance | None:
    """Return the continuous network with finite domains: what they were, and values near them.

    So whatever decides training instances can look for real solutions. The outputs of the
    constraints come first, as a search that tests outputs in their order wants them. ``None``
    where there are more than `MOST_COMBINATIONS`.
    """
    instance = simulation.instance
    tried = [sorted((*c.roots, *near(c.roots))) for c in simulation.constraints]
    if prod(map(len, tried)) > MOST_COMBINATIONS:
        return None
    of_edge: list[Values] = [(value,) for value in instance.frozen.weights.tolist()]
    for carrier, values in zip(simulation.carriers, tried, strict=True):
        of_edge[carrier] = tuple(values)
    of_neuron: list[Values] = [(value,) for value in instance.frozen.biases.tolist()]
    domains = list(dict.fromkeys((*of_edge, *of_neuron)))
    place = {domain: number for number, domain in enumerate(domains)}
    network = instance.network
    order = sorted(range(len(network.outputs)), key=lambda o: o not in simulation.outputs)
    biases = np.array([place[domain] for domain in of_neuron], dtype=np.int32)
    return TrainingInstance(
        network=replace(network, outputs=network.outputs[order]),
        domains=tuple(domains),
        weight_domain=np.array([place[domain] for domain in of_edge], dtype=np.int32),
        bias_domain=np.where(network.is_input, -1, biases),
        inputs=instance.inputs,
        targets=instance.targets[:, order],
        bound=instance.bound,
    )


def _drawn(candidates: Sequence[Values], count: int, seed: int) -> Iterator[Values]:
    """Yield random combinations, after those with only one value off its domain."""
    first = [domain[0] for domain in candidates]
    single = (
        (*first[:place], domain[number], *first[place + 1 :])
        for number in range(1, max(map(len, candidates)))
        for place, domain in enumerate(candidates)
        if number < len(domain)
    )
    alone = list(islice(single, count))
    yield from alone
    random = Random(seed)
    for _ in range(count - len(alone)):
        yield tuple(random.choice(domain) for domain in candidates)
