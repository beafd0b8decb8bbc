"""The source problems by name, built-in and from other packages."""

import re
from importlib.metadata import entry_points
from typing import Any

from instances.errors import InputError
from instances.problems.problem import AnyProblem, Problem
from instances.text.documents import is_json, split_lines
from instances.text.values import quote, unknown
from instances.training.schema import INSTANCE_FORMAT

GROUP = "qnnhard.problems"
"""The entry point group in which other packages name a `Problem` subclass or instance."""

ALIASES = {"cnf": "sat", "3sat": "3-sat", "graph": "vertex-cover", "training": "d-nnt"}
SET_SYSTEM = "set-system"
"""What `detect` answers for a set system, which is a source of three problems."""

_HEADERS = {
    "cnf": "sat",
    "edge": "vertex-cover",
    "edges": "vertex-cover",
    "col": "vertex-cover",
    "dag": "disjoint-paths",
}
_GATE = re.compile(r"\s*g[0-9]+\s*=")
_FIRST_WORDS = {"target": "subset-sum", "partition": "partition", "bins": "bin-packing"}
_ENDINGS = {".cnf": "sat", ".col": "vertex-cover", ".dag": "disjoint-paths", ".slp": "posslp"}


def problems() -> dict[str, AnyProblem]:
    """Return all problems by name: the built-in ones, then those of other packages by name.

    Raises
    ------
    InputError
        If another package's problem cannot be loaded or takes a name that is in use.
    """
    from instances.problems.bin_packing import BinPacking
    from instances.problems.discrete_training import DiscreteTraining
    from instances.problems.disjoint_paths import VertexDisjointPaths
    from instances.problems.exact_cover import ExactCover
    from instances.problems.hitting_set import HittingSet
    from instances.problems.one_in_three import OneInThree
    from instances.problems.partition import Partition
    from instances.problems.posslp import PosSlp
    from instances.problems.satisfiability import Sat, ThreeSat
    from instances.problems.set_cover import SetCover
    from instances.problems.subset_sum import SubsetSum
    from instances.problems.three_partition import ThreePartition
    from instances.problems.vertex_cover import VertexCover

    built_in: tuple[AnyProblem, ...] = (
        Sat(),
        ThreeSat(),
        OneInThree(),
        ExactCover(),
        HittingSet(),
        SetCover(),
        VertexCover(),
        VertexDisjointPaths(),
        SubsetSum(),
        Partition(),
        ThreePartition(),
        BinPacking(),
        PosSlp(),
        DiscreteTraining(),
    )
    found = {problem.name: problem for problem in built_in}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        problem = _load(entry)
        if problem.name in found:
            raise InputError(
                f"problem {quote(problem.name)} of entry point {entry.value}: the name is taken"
            )
        found[problem.name] = problem
    return found


def _load(entry: Any) -> AnyProblem:
    """Return the problem behind an entry point, which may name a class or an instance."""
    try:
        loaded = entry.load()
        problem = loaded() if isinstance(loaded, type) else loaded
    except Exception as error:
        raise InputError(
            f"problem {entry.name} ({entry.value}) cannot be loaded: {ascii(str(error))[1:-1]}; "
            "repair or uninstall its package"
        ) from error
    if not isinstance(problem, Problem):
        raise InputError(f"problem {entry.name} ({entry.value}) is not a Problem")
    return problem


def get_problem(name: str) -> AnyProblem:
    """Return the problem called `name`, which may be an alias.

    Raises
    ------
    InputError
        With all names, if there is no such problem.
    """
    known = problems()
    problem = known.get(ALIASES.get(name, name))
    if problem is None:
        raise InputError(unknown("problem", name, known))
    return problem


def detect(text: str, filename: str) -> str | None:
    """Guess from its content which problem a file is a source of.

    Returns
    -------
    str or None
        The name of a problem, ``SET_SYSTEM`` for a JSON set system, or ``None`` if the
        content does not tell. The ending of `filename` decides only where the content does
        not, so that a damaged file still meets the parser that can say what is wrong.
    """
    found = _detect_json(text) if is_json(text) else _detect_header(text)
    return found or next((p for end, p in _ENDINGS.items() if filename.endswith(end)), None)


def _detect_header(text: str) -> str | None:
    for line in split_lines(text):
        tokens = line.split()
        if tokens and not tokens[0].startswith(("c", "#")):
            if tokens[0] == "p" and len(tokens) > 1:
                return _HEADERS.get(tokens[1])
            return "posslp" if _GATE.match(line) else _FIRST_WORDS.get(tokens[0])
    return None


def _detect_json(text: str) -> str | None:
    import msgspec

    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
    if not isinstance(document, dict):
        return None
    if document.get("format") == INSTANCE_FORMAT:
        return "d-nnt"
    if "vertices" in document and "pairs" in document:
        return "disjoint-paths"
    if "vertices" in document and "edges" in document:
        return "vertex-cover"
    if "numbers" in document:
        fields = {"target": "subset-sum", "bins": "bin-packing"}
        return next((fields[key] for key in fields if key in document), "partition")
    return SET_SYSTEM if "sets" in document else None
