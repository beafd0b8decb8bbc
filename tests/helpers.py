"""Makers of training instances, and plain-Python definitions to compare the project with.

`naive_values`, `naive_loss` and `brute_force` follow theory section 1 word by word. They use
neither the evaluator nor the activations of the project.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from instances.progress import Stage
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance, z
from instances.training.names import Names, name_blocks
from instances.training.network import Network, sort_edges
from instances.training.parameters import Parameters

REPOSITORY = Path(__file__).parents[1]
DATA = REPOSITORY / "instances" / "data"

Number = int | Fraction
Solution = tuple[tuple[Number, ...], tuple[Number, ...]]

ACTIVATIONS = (
    Activation("identity"),
    Activation("relu"),
    Activation("relu_clipped", 2),
    Activation("step"),
    Activation("sign"),
    Activation("square"),
)
RELU1 = Activation("relu_clipped", 1)


@dataclass(frozen=True)
class Outcome:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str


class Watching:
    """A watcher that keeps what it sees: name, unit, total and count of every closed stage."""

    def __init__(self) -> None:
        self.open: list[Stage] = []
        self.seen: list[tuple[str, str, int | None, int]] = []

    def opened(self, stage: Stage) -> None:
        assert stage not in self.open
        self.open.append(stage)

    def closed(self, stage: Stage) -> None:
        assert self.open.pop() is stage
        self.seen.append((stage.name, stage.unit, stage.total, stage.done))


def run_qnnhard(
    *arguments: object, text: bytes = b"", cwd: Path | None = None, timeout: float = 120
) -> "subprocess.CompletedProcess[bytes]":
    """Run ``python -m qnnhard`` in a process of its own, as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "qnnhard", *map(str, arguments)],
        input=text,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        timeout=timeout,
        check=False,
    )


def assert_one_line_error(outcome: Outcome, *words: str) -> None:
    """Bad input: exit 1, no output, one line ``qnnhard: ...`` and no traceback."""
    assert outcome.code == 1, outcome
    assert outcome.out == ""
    assert outcome.err.startswith("qnnhard: "), outcome.err
    assert outcome.err.endswith("\n")
    assert outcome.err.count("\n") == 1, outcome.err
    assert "Traceback" not in outcome.err
    for word in words:
        assert word in outcome.err, (word, outcome.err)


def objects(values: Iterable[Any]) -> Any:
    """A one-dimensional array of exact Python numbers."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def rows(values: Sequence[Sequence[Number]], width: int) -> Any:
    """A points x width array of exact Python numbers."""
    flat = objects(value for row in values for value in row)
    return flat.reshape(len(values), width)


def make_network(
    size: int,
    inputs: Sequence[int],
    outputs: Sequence[int],
    edges: Sequence[tuple[int, int]],
    activation: Activation | Mapping[int, Activation] = RELU1,
    names: Names | None = None,
) -> Network:
    """A network of neurons n1, n2, ... whose edges may be listed in any order."""
    kinds = [
        None
        if v in inputs
        else activation.get(v, RELU1)
        if isinstance(activation, Mapping)
        else activation
        for v in range(size)
    ]
    distinct = list(dict.fromkeys(kind for kind in kinds if kind is not None))
    sources, targets = [e[0] for e in edges], [e[1] for e in edges]
    order = sort_edges(sources, targets)
    return Network(
        names=names or name_blocks(("n", size)),
        inputs=np.array(inputs, dtype=np.int32),
        outputs=np.array(outputs, dtype=np.int32),
        sources=np.array(sources, dtype=np.int32)[order],
        targets=np.array(targets, dtype=np.int32)[order],
        activations=tuple(distinct),
        activation=np.array([-1 if k is None else distinct.index(k) for k in kinds], np.int32),
    )


def make_instance(
    network: Network,
    data: Sequence[tuple[Sequence[Number], Sequence[Number]]],
    weights: Sequence[Number] | Mapping[tuple[int, int], Sequence[Number]] = (0, 1),
    biases: Sequence[Number] | Mapping[int, Sequence[Number]] = (0,),
    loss: str = "mismatch",
    bound: Number = 0,
    **more: Any,
) -> TrainingInstance:
    """An instance whose domains are one for all, or one an edge and one a neuron."""
    edges = list(zip(network.sources.tolist(), network.targets.tolist(), strict=True))
    of_edge = [tuple(weights[e] if isinstance(weights, Mapping) else weights) for e in edges]
    is_input = network.is_input.tolist()
    of_neuron = [
        None
        if is_input[v]
        else tuple(biases.get(v, (0,)) if isinstance(biases, Mapping) else biases)
        for v in range(network.size)
    ]
    domains = list(dict.fromkeys(of_edge + [d for d in of_neuron if d is not None]))
    return TrainingInstance(
        network=network,
        domains=tuple(domains),
        weight_domain=np.array([domains.index(d) for d in of_edge], dtype=np.int32),
        bias_domain=np.array([-1 if d is None else domains.index(d) for d in of_neuron], np.int32),
        inputs=rows([x for x, _ in data], len(network.inputs)),
        targets=rows([y for _, y in data], len(network.outputs)),
        loss=loss,
        bound=bound,
        **more,
    )


def neuron_instance(
    fan_in: int,
    data: Sequence[tuple[Sequence[Number], Sequence[Number]]],
    activation: Activation = RELU1,
    **more: Any,
) -> TrainingInstance:
    """One output fed by `fan_in` inputs."""
    network = make_network(
        fan_in + 1, range(fan_in), [fan_in], [(u, fan_in) for u in range(fan_in)], activation
    )
    return make_instance(network, data, **more)


def make_parameters(
    instance: TrainingInstance, weights: Mapping[tuple[int, int], Number], biases: Any = None
) -> Parameters:
    """Parameters by edge and by neuron; those left out are 0."""
    network = instance.network
    edges = zip(network.sources.tolist(), network.targets.tolist(), strict=True)
    given = biases or {}
    return Parameters(
        objects(weights.get(edge, 0) for edge in edges),
        objects(given.get(v, 0) for v in range(network.size)),
    )


def act(activation: Activation, t: Number) -> Number:
    """The activations as theory section 1 defines them."""
    definitions: dict[str, Callable[[], Number]] = {
        "identity": lambda: t,
        "relu": lambda: t if t > 0 else 0,
        "relu_clipped": lambda: min(max(t, 0), activation.maximum),
        "step": lambda: 1 if t >= 1 else 0,
        "sign": lambda: -1 if t < 0 else 1 if t > 0 else 0,
        "square": lambda: t * t,
    }
    return definitions[activation.kind]()


def naive_values(
    instance: TrainingInstance, parameters: Parameters, row: Sequence[Number]
) -> dict[int, Fraction]:
    """The value of every neuron on one input, recursively and in fractions."""
    network = instance.network
    into: dict[int, list[tuple[int, int]]] = {}
    for edge, (u, v) in enumerate(
        zip(network.sources.tolist(), network.targets.tolist(), strict=True)
    ):
        into.setdefault(v, []).append((edge, u))
    weights, biases = parameters.weights.tolist(), parameters.biases.tolist()
    known = {v: Fraction(x) for v, x in zip(network.inputs.tolist(), row, strict=True)}

    def value(v: int) -> Fraction:
        if v not in known:
            total = sum((Fraction(weights[e]) * value(u) for e, u in into.get(v, ())), Fraction())
            activation = network.activations[int(network.activation[v])]
            known[v] = Fraction(act(activation, total - Fraction(biases[v])))
        return known[v]

    for v in range(network.size):
        value(v)
    return known


def naive_outputs(instance: TrainingInstance, parameters: Parameters) -> list[list[Fraction]]:
    """The outputs on every data point."""
    found = []
    for row in instance.inputs.tolist():
        values = naive_values(instance, parameters, row)
        found.append([values[v] for v in instance.network.outputs.tolist()])
    return found


def naive_loss(instance: TrainingInstance, parameters: Parameters) -> Fraction:
    """The loss, by its definition."""
    loss = Fraction()
    targets = instance.targets.tolist()
    for got, wanted in zip(naive_outputs(instance, parameters), targets, strict=True):
        gaps = [abs(a - b) for a, b in zip(got, wanted, strict=True)]
        if instance.loss == "mismatch":
            loss += any(gaps)
        elif instance.loss == "l1":
            loss += sum(gaps)
        else:
            loss += sum(gap**2 for gap in gaps)
    return loss


def parameter_space(instance: TrainingInstance) -> Iterator[Parameters]:
    """Every choice of parameters, by the product of all domains."""
    network, domains = instance.network, instance.domains
    of_edges = [domains[i] for i in instance.weight_domain.tolist()]
    of_neurons = [(0,) if i < 0 else domains[i] for i in instance.bias_domain.tolist()]
    for chosen in product(*of_edges, *of_neurons):
        yield Parameters(objects(chosen[: network.edges]), objects(chosen[network.edges :]))


def space_size(instance: TrainingInstance) -> int:
    """How many choices of parameters there are."""
    size = 1
    for index in (*instance.weight_domain.tolist(), *instance.bias_domain.tolist()):
        size *= 1 if index < 0 else len(instance.domains[index])
    return size


def brute_force(instance: TrainingInstance) -> set[Solution]:
    """All solutions: every choice of parameters, judged by the naive loss."""
    return {
        solution(parameters)
        for parameters in parameter_space(instance)
        if naive_loss(instance, parameters) <= instance.bound
    }


def solution(parameters: Parameters) -> Solution:
    """Parameters as something that sets can hold."""
    return tuple(parameters.weights.tolist()), tuple(parameters.biases.tolist())


def random_parameters(r: random.Random, instance: TrainingInstance) -> Parameters:
    """A uniform choice from every domain."""
    domains = instance.domains
    return Parameters(
        objects(r.choice(domains[i]) for i in instance.weight_domain.tolist()),
        objects(0 if i < 0 else r.choice(domains[i]) for i in instance.bias_domain.tolist()),
    )


def random_instance(r: random.Random, fan_in: int = 3, hidden: int = 4) -> TrainingInstance:
    """A small instance of any kind.

    Skip connections, outputs that feed others, neurons without predecessors or successors,
    inputs that repeat with other labels, frozen parameters, unreachable targets, all losses,
    bounds 0 to 3, negative and fractional; every third is a d-QNNT instance, d = 2..5.
    """
    alpha = r.randint(0, 3)
    size = alpha + r.randint(1, hidden)
    others = range(alpha, size)
    d = r.choice((2, 2, 3, 4, 5))
    levels = z(d)
    quantized = r.random() < 0.35
    edges: list[tuple[int, int]] = []
    for v in others:
        before = [u for u in range(v) if r.random() < 0.6]
        edges += [(u, v) for u in r.sample(before, min(fan_in, len(before)))]
    kinds = (*ACTIVATIONS, Activation("relu_clipped", r.randint(0, 3)))
    clipped = Activation("relu_clipped", levels[-1])
    activation = {v: clipped if quantized else r.choice(kinds) for v in others}
    omega = r.randint(0 if r.random() < 0.1 else 1, min(2, len(others)))
    outputs = r.sample(others, omega)
    network = make_network(size, range(alpha), outputs, edges, activation)
    small = [tuple(sorted(r.sample(range(-3, 4), r.randint(1, 3)))) for _ in range(2)]
    domains = [levels] if quantized else [levels, *small]
    xs = [[r.choice(levels) for _ in range(alpha)] for _ in range(r.randint(0, 4))]
    if len(xs) > 1 and r.random() < 0.4:
        xs[-1] = xs[0]
    data = [(x, [r.choice(levels) for _ in outputs]) for x in xs]
    return make_instance(
        network,
        data,
        weights={edge: r.choice(domains) for edge in edges},
        biases={v: r.choice(domains) for v in others},
        loss="mismatch" if quantized else r.choice(("mismatch", "mismatch", "l1", "l2")),
        bound=r.choice((0, 0, 0, 1, 1, 2, 3, -1, Fraction(3, 2), Fraction(-1, 2))),
        d=d if quantized else None,
    )


def random_cnf(r: random.Random, variables: int, clauses: int) -> str:
    """A uniform random 3-CNF in DIMACS."""
    lines = [f"p cnf {variables} {clauses}"]
    for _ in range(clauses):
        chosen = r.sample(range(1, variables + 1), 3)
        lines.append(" ".join(str(x if r.random() < 0.5 else -x) for x in chosen) + " 0")
    return "\n".join(lines) + "\n"


def is_alive(process: int) -> bool:
    """Whether a process of this number runs, and is not only waited for."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(condition: Callable[[], object], seconds: float = 20) -> bool:
    """Whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(condition())
