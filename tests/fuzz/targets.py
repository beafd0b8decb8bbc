"""What is fuzzed: every parser, with files to begin from and checks of what it accepts.

A target takes bytes and returns what the parser makes of them. It raises a `QnnhardError` where it
refuses; anything else that comes out of it is a finding. What was accepted must survive being
written and read again, and can be worked with.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from gzip import compress
from io import BytesIO
from pathlib import Path
from random import Random

from instances.continuous.files import continuous_from_json, continuous_to_json
from instances.deadline import Deadline
from instances.errors import InvalidWitness, QnnhardError
from instances.files import read_bytes
from instances.graphs.decomposition import Graph
from instances.graphs.pace import parse_gr, parse_td, write_gr, write_td
from instances.problems.problem import AnyProblem
from instances.problems.registry import PROBLEMS, detect
from instances.text.numbers import format_number, parse_number
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.files import (
    instance_from_json,
    instance_to_json,
    parameters_from_json,
    parameters_to_json,
)
from instances.training.instance import TrainingInstance
from instances.training.measures import measure
from instances.training.parameters import Parameters, lowest
from qnnhard.bundles.archive import Archive, opened_archive
from qnnhard.bundles.evidence import evidence_of
from qnnhard.bundles.manifest import MANIFEST, decode_manifest
from qnnhard.bundles.reader import Bundle
from qnnhard.bundles.recheck import recheck
from qnnhard.bundles.writer import BundleWriter
from qnnhard.certificates.drat import check_proof
from qnnhard.encoding.encode import encode
from qnnhard.sat.output import parse_output
from qnnhard.verdict import Verdict
from qnnhard.verification.outcome import Outcome
from qnnhard.verification.sources import NamedSource
from reductions.chain import Chain
from reductions.registry import MAPS
from reductions.to_reals.continuous import ContinuousReduction
from tests.helpers import DATA, neuron_instance, random_instance, random_parameters

SHARED = Path(__file__).parents[3] / "shared" / "data"
MOST_WORK = 1 << 16
"""Neurons, edges and data entries up to which an accepted instance is evaluated."""


@dataclass(frozen=True)
class Target:
    """A parser: its name, what it takes to begin from, and how it is run."""

    name: str
    seeds: tuple[bytes, ...]
    run: Callable[[bytes], object]


def targets() -> dict[str, Target]:
    """Return all targets by name."""
    found = [*_sources(), *_witnesses(), *_training(), *_graphs(), *_solvers()]
    found += [*_bundles(), *_values()]
    return {target.name: target for target in found}


def _sources() -> Iterator[Target]:
    for problem in PROBLEMS.all().values():
        drawn = (problem.random(Random(number)) for number in range(12))
        seeds = [problem.write(source).encode() for source in drawn]
        seeds += [text.encode() for text in _PLAIN.get(problem.name, ())]
        for folder in (DATA, *(path for path in SHARED.glob("*") if path.is_dir())):
            for path in sorted(folder.iterdir()):
                if path.stat().st_size < 1 << 14 and _admits(problem, path):
                    seeds.append(path.read_bytes())
        yield Target(f"source {problem.name}", tuple(seeds), partial(_source, problem))


_PLAIN = {
    "exact-cover": ("5 3\n0 1\n\n2 3 4\n",),
    "hitting-set": ("# sets\n5 3 2\n0 1\n\n2 3 4\n",),
    "set-cover": ("5 3 2\n0 1\n\n2 3 4\n",),
    "vertex-cover": ("4 3 2\n0 1\n1 2\n# c\n2 3\n", '{"vertices":3,"edges":[[0,1]],"budget":1}'),
    "disjoint-paths": ('{"vertices": 4, "edges": [[0, 1], [2, 3]], "pairs": [[0, 1], [2, 3]]}',),
    "subset-sum": ("target 8\n3\n5\n", '{"numbers": ["3", 5], "target": "8"}'),
    "partition": ("partition\n3\n5\n8\n",),
    "bin-packing": ("bins 2 capacity 8\n3\n5\n8\n",),
    "three-partition": ("bins 1 capacity 90\n30\n29\n31\n",),
    "posslp": ("# squares\ng1 = g0 + g0 # two\n\ng2 = g1 * g1\ng3 = g2 - g1\n",),
}


def _admits(problem: AnyProblem, path: Path) -> bool:
    try:
        problem.parse(path.read_text())
    except (QnnhardError, ValueError):
        return False
    return True


def _source(problem: AnyProblem, content: bytes) -> object:
    text = _text(content)
    detect(text, "x")
    source = problem.parse(text)
    problem.form.describe(source)
    assert problem.parse(problem.write(source)) == source, "read again, the source differs"
    return source


def _witnesses() -> Iterator[Target]:
    for problem in PROBLEMS.all().values():
        if problem.name == "c-nnt":
            # Nobody decides it here, and its witnesses have the files of d-nnt.
            continue
        for number in range(200):
            source = problem.random(Random(f"witness:{number}"))
            witness = problem.solve(source, Deadline(5))
            if witness is not None and len(problem.write(source)) > 40:
                seeds = [problem.write_witness(source, witness).encode()]
                if problem.name == "sat":
                    values = [v if true else -v for v, true in enumerate(witness, 1)]
                    seeds.append(f"c\ns SATISFIABLE\nv {' '.join(map(str, values))} 0\n".encode())
                run = partial(_witness, problem, source)
                yield Target(f"witness {problem.name}", tuple(seeds), run)
                break


def _witness(problem: AnyProblem, source: object, content: bytes) -> object:
    witness = problem.parse_witness(source, _text(content))
    again = problem.parse_witness(source, problem.write_witness(source, witness))
    assert again == witness, "read again, the witness differs"
    problem.check(source, witness)
    return witness


def _training() -> Iterator[Target]:
    r = Random(7000)
    made = [random_instance(r) for _ in range(24)]
    seeds = [*map(instance_to_json, made), (DATA / "xor.json").read_bytes()]
    yield Target("instance", tuple(seeds), _instance)
    instance = next(one for one in made if one.network.edges > 3 and one.points)
    fitting = [random_parameters(r, instance) for _ in range(4)]
    spelled = tuple(parameters_to_json(instance, parameters) for parameters in fitting)
    yield Target("parameters", spelled, partial(_parameters, instance))
    reduction, continuous = ContinuousReduction, []
    for one in made:
        try:
            continuous.append(continuous_to_json(reduction.build(one).target))
        except QnnhardError:
            continue
    short = tuple(sorted(continuous, key=len)[:6])
    yield Target("continuous", short, _continuous)


def _instance(content: bytes) -> object:
    instance = instance_from_json(content)
    again = instance_from_json(instance_to_json(instance))
    assert again == instance, "read again, the instance differs"
    assert again.network.names.blocks == instance.network.names.blocks
    network = instance.network
    work = network.size + network.edges * max(1, instance.points) + instance.inputs.size
    if work <= MOST_WORK:
        measure(instance)
        evaluate(instance, Parameters(*lowest(instance)))
    return instance


def _parameters(instance: TrainingInstance, content: bytes) -> object:
    parameters = parameters_from_json(content, instance)
    again = parameters_from_json(parameters_to_json(instance, parameters), instance)
    assert again.weights.tolist() == parameters.weights.tolist()
    assert again.biases.tolist() == parameters.biases.tolist()
    evaluate(instance, parameters)
    return parameters


def _continuous(content: bytes) -> object:
    instance = continuous_from_json(content)
    again = continuous_from_json(continuous_to_json(instance))
    assert again == instance, "read again, the continuous instance differs"
    return instance


_GRAPH = Graph(5, ((0, 1), (1, 2), (2, 3), (3, 4)))


def _graphs() -> Iterator[Target]:
    yield Target("gr", (b"c path\np tw 5 4\n1 2\n2 3\n3 4\n4 5\n", b"p tw 0 0\n"), _gr)
    seeds = (
        b"c path\ns td 4 2 5\nb 1 1 2\nb 2 2 3\nb 3 3 4\nb 4 4 5\n1 2\n2 3\n3 4\n",
        b"s td 1 5 5\nb 1 1 2 3 4 5\n",
    )
    yield Target("td", seeds, _td)


def _gr(content: bytes) -> object:
    graph = parse_gr(_text(content))
    assert all(0 <= u < v < graph.vertices for u, v in graph.edges)
    assert parse_gr(write_gr(graph)) == graph, "read again, the graph differs"
    return graph


def _td(content: bytes) -> object:
    found = parse_td(_text(content), _GRAPH)
    assert all(0 <= v < 5 for bag in found.bags for v in bag)
    assert parse_td(write_td(found, 5), _GRAPH) == found, "read again, the decomposition differs"
    return found


def _solvers() -> Iterator[Target]:
    seeds = (
        b"c solver\ns SATISFIABLE\nv 1 -2 3 4\nv -5 0\n",
        b"SAT\n1 -2 3 4 -5 0\n",
        b"s UNSATISFIABLE\n",
        b"UNSAT\n",
        b"c\ns UNKNOWN\n",
    )
    yield Target("solver output", seeds, lambda content: parse_output(_text(content), 5))
    # Two bits may not both be 0, nor both 1, nor differ: the proof has real steps.
    instance = neuron_instance(2, [([1, 0], [1]), ([0, 1], [1]), ([1, 1], [0])])
    formula = encode(instance).formula
    proofs = (b"1 0\n2 0\n0\n", b"d 1 0\n1 -2 0\n0\n", b"0\n", b"a\x02\x00")
    yield Target(
        "DRAT",
        proofs,
        lambda content: check_proof(formula, _text(content).split("\n"), Deadline(), "dratify"),
    )


def _bundles() -> Iterator[Target]:
    """Yield the archive and the manifest; what a member holds goes to the parsers above."""
    chosen, problem = MAPS.get("exact-cover"), PROBLEMS.get("exact-cover")
    evidence = []
    for number in range(3):
        source = NamedSource("x", problem, problem.random(Random(number)))
        solvable = problem.solve(source.source, Deadline()) is not None
        answer = Verdict.YES if solvable else Verdict.NO
        told = Outcome(chosen.name, source.name, answer, answer)
        evidence.append(evidence_of(Chain((chosen,)), source, told))
    with tempfile.TemporaryDirectory(prefix="qnnhard-fuzz-") as folder, BundleWriter() as writer:
        for each in evidence:
            writer.add(each)
        path = Path(folder, "x.qnncert")
        writer.write(str(path))
        with opened_archive(str(path)) as archive:
            manifest = b"".join(archive.pieces(MANIFEST))
        yield Target("bundle", (path.read_bytes(),), _bundle)
    yield Target("manifest", (manifest,), decode_manifest)


def _bundle(content: bytes) -> object:
    bundle = Bundle(Archive(BytesIO(content)))
    return [*recheck(bundle, {}, Deadline(5))]


def _values() -> Iterator[Target]:
    for problem in PROBLEMS.all().values():
        given = [f"{p.name}={p.default}" for p in problem.parameters]
        run = partial(_generated, problem)
        yield Target(f"settings {problem.name}", ("\n".join(given).encode(),), run)
    numbers = (b"3", b"-7", b"1/4", b"-3/4", b"6/-3")
    yield Target("number", numbers, _number)
    kinds = (b"relu", b"relu_clipped(2)", b"step", b"sign", b"square", b"identity")
    yield Target("activation", kinds, lambda content: Activation.parse(_text(content)))
    packed = (compress(b"p cnf 1 1\n1 0\n"), compress(bytes(1000)) + compress(b"1"))
    yield Target("gzip", packed, _gzip)


def _generated(problem: AnyProblem, content: bytes) -> object:
    lines = (line.partition("=") for line in _text(content).split("\n"))
    values = {name: value for name, equals, value in lines if equals}
    # What is asked for is made; long work on request is no finding.
    if any(value.strip().isdigit() and len(value.strip()) > 2 for value in values.values()):
        return None
    return problem.generate(values, 1)


def _number(content: bytes) -> object:
    number = parse_number(_text(content))
    assert parse_number(format_number(number)) == number
    return number


def _gzip(content: bytes) -> object:
    with tempfile.TemporaryDirectory(prefix="qnnhard-fuzz-") as folder:
        path = Path(folder, "x.gz")
        path.write_bytes(content)
        return read_bytes(str(path))


def _text(content: bytes) -> str:
    """Return the content as text; what is not UTF-8 is refused before any parser sees it."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise InvalidWitness("not UTF-8") from error
