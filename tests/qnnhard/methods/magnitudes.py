"""Small instances whose numbers lie around the limits of machine types, and their least loss.

Most targets are what some parameters compute, or miss it by one or by a power of two that a
product wraps around at: so both answers are common, and an overflow gives a wrong one.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, prod
from typing import Any

from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from tests.helpers import (
    Number,
    make_instance,
    make_network,
    naive_loss,
    naive_outputs,
    parameter_space,
    random_parameters,
)

MAGNITUDES = (*(1 << bits for bits in (7, 15, 30, 31, 32, 40, 53, 60, 61, 62, 63, 64)), 10**30)

LONGEST_CLIP = 10**18 - 1
"""The largest ceiling that an instance file can name."""

SPACE = 64
"""Most choices of parameters of an instance."""

_KINDS = ("identity", "relu", "relu_clipped", "step", "sign", "square")
_PLACES = ("weights", "biases", "inputs", "clip")

Edge = tuple[int, int]


def magnitude_instance(seed: int) -> TrainingInstance:
    """An instance with one or two layers, skip connections, and any activations and losses."""
    r = random.Random(seed)
    scale = r.choice(MAGNITUDES)
    drawn = _Drawn(r, scale, frozenset(r.sample(_PLACES, r.randint(1, 2))))
    return _with_goal(r, drawn, _changed(r, drawn, scale))


def binary_instance(seed: int) -> TrainingInstance:
    """An instance with {0, 1} parameters, as linear-time methods take it, but for some numbers."""
    r = random.Random(seed)
    scale = r.choice(MAGNITUDES)
    large = frozenset(r.sample(_PLACES, 1)) if r.random() < 0.2 else frozenset[str]()
    drawn = _Drawn(r, scale, large, binary=True)
    targets = [[r.randint(0, 1) for _ in drawn.outputs] for _ in drawn.rows]
    if r.random() < 0.1:
        r.choice(targets)[0] = scale
    return drawn.instance(targets, bound=r.choice((0, 0, 0, Fraction(1, 2), 1)))


def least_loss(instance: TrainingInstance) -> Fraction:
    """The least loss over all parameters, by its definition."""
    return min(naive_loss(instance, parameters) for parameters in parameter_space(instance))


@dataclass(frozen=True)
class _Source:
    """Numbers around `scale`, its root and its fractions, of both signs."""

    r: random.Random
    scale: int

    def draw(self) -> Number:
        r, scale = self.r, self.scale
        around = r.choice((scale, scale, scale, isqrt(scale), 2 * scale)) + r.choice((-1, 0, 0, 1))
        value = r.choice((1, 1, -1)) * around
        fractions = Fraction(value, 3), Fraction(1, around + 1), Fraction(value, scale)
        return r.choice(fractions) if r.random() < 0.06 else value


class _Drawn:
    """A network, its domains and inputs; the places named by `large` have large numbers."""

    def __init__(
        self, r: random.Random, scale: int, large: frozenset[str], binary: bool = False
    ) -> None:
        number = _Source(r, scale).draw

        def values(place: str, count: int) -> list[Number]:
            least, most, share = (0, 1, 0.2) if binary else (-2, 2, 0.6)
            return [
                number() if place in large and r.random() < share else r.randint(least, most)
                for _ in range(count)
            ]

        def domain(place: str, count: int) -> list[Number]:
            return values(place, count) if not binary or place in large else [0, 1]

        alpha, hidden, omega = r.randint(1, 2 + (not binary)), r.choice((0, 0, 1, 1, 2)), 1
        omega += r.random() < 0.3
        size = alpha + hidden + omega
        inner, self.outputs = range(alpha, alpha + hidden), range(alpha + hidden, size)
        edges = [(u, v) for u in range(alpha) for v in inner if r.random() < 0.8]
        for v in self.outputs:
            before = [u for u in inner if r.random() < 0.9]
            before += [u for u in range(alpha) if not hidden or r.random() < 0.3]
            before += [self.outputs[0]] if v > self.outputs[0] and r.random() < 0.1 else []
            edges += [(u, v) for u in (before[:2] if binary else before)]
        ceiling = min(max(abs(int(number())), 1), LONGEST_CLIP)
        clips = (1, ceiling) if "clip" in large else (1, 1 if binary else 2)
        activation = {
            v: Activation(kind, r.choice(clips) if kind == "relu_clipped" else 0)
            for v in (*inner, *self.outputs)
            for kind in [r.choice(("relu_clipped", "step") if binary else _KINDS)]
        }
        self.network = make_network(size, range(alpha), list(self.outputs), edges, activation)
        self.weights = {edge: domain("weights", 2) for edge in edges}
        self.biases = {v: domain("biases", r.choice((1, 1, 2))) for v in range(alpha, size)}
        domains = [*self.weights.values(), *self.biases.values()]
        while prod(len(set(one)) for one in domains) > SPACE:
            del r.choice([one for one in domains if len(one) > 1])[1:]
        self.rows = [values("inputs", alpha) for _ in range(r.choice((1, 1, 2, 3)))]
        if len(self.rows) > 1 and r.random() < 0.3:
            self.rows[-1] = self.rows[0]

    def instance(self, targets: list[list[Any]], **more: Any) -> TrainingInstance:
        """The instance with these targets."""
        return make_instance(
            self.network,
            list(zip(self.rows, targets, strict=True)),
            _sorted(self.weights),
            _sorted(self.biases),
            **more,
        )


def _sorted(domains: Mapping[Any, list[Number]]) -> dict[Any, list[Number]]:
    return {place: sorted(set(values)) for place, values in domains.items()}


def _changed(r: random.Random, drawn: _Drawn, scale: int) -> list[list[Fraction]]:
    """The outputs for some parameters, or outputs that differ from them in one place."""
    draft = drawn.instance([[0] * len(drawn.outputs)] * len(drawn.rows))
    outputs = naive_outputs(draft, random_parameters(r, draft))
    row = r.choice(outputs)
    place = r.randrange(len(row))
    if r.random() < 0.55:
        wraps = (1 << 16, 1 << 32, 1 << 64, -(1 << 64))
        row[place] += r.choice((1, -1, scale, -scale, *wraps))
    elif r.random() < 0.2:
        row[place] = Fraction(r.choice((1, -1)) * scale)
    return outputs


def _with_goal(r: random.Random, drawn: _Drawn, targets: list[list[Fraction]]) -> TrainingInstance:
    """An instance with a loss and a bound that some parameters meet, or miss by a little."""
    loss = r.choice(("mismatch", "mismatch", "mismatch", "l1", "l2"))
    free = drawn.instance(targets, loss=loss)
    near = naive_loss(free, random_parameters(r, free))
    bounds: tuple[Number, ...] = (near, near - 1, near - Fraction(1, 3), near + 1)
    if loss == "mismatch":
        bounds = (1, Fraction(1, 2), near, -1)
    return drawn.instance(targets, loss=loss, bound=r.choice((0, 0, 0, r.choice(bounds))))
