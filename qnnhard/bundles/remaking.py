"""Making instance and formula of a case again, which have to be those of the bundle."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from instances.deadline import Deadline
from instances.errors import InputError, QnnhardError, in_one_line
from instances.memory import is_exhaustion
from instances.problems.problem import AnyProblem
from instances.problems.registry import PROBLEMS
from instances.problems.training_problem import TrainingProblem
from instances.training.instance import TrainingInstance
from qnnhard import __version__
from qnnhard.bundles.formula import encoded_instance, formula_parts, name_parts
from qnnhard.bundles.manifest import CaseRecord, PackedFile
from qnnhard.bundles.reader import Bundle
from qnnhard.encoding.encode import Encoding, encode
from reductions.chain import Chain, ChainImage

T = TypeVar("T")

_BYTES_A_VALUE = 2
"""Least bytes of a value of the data in the file of an instance: a digit and a comma."""


@dataclass(frozen=True, eq=False)
class Remade:
    """What a case is about, made here.

    Parameters
    ----------
    problem : Problem
        That of the instance.
    instance : TrainingInstance or ContinuousInstance
    built : ChainImage or None
        What the chain makes of the source; ``None`` where the instance is taken as given.
    encoding : Encoding or None
        The plain encoding, where the bundle has a formula.
    """

    problem: AnyProblem
    instance: Any
    built: ChainImage | None
    encoding: Encoding | None


def remake(
    bundle: Bundle, case: CaseRecord, file: PackedFile, chain: Chain | None, deadline: Deadline
) -> Remade:
    """Return what a case is about, by its chain, or without one from the instance in `file`.

    Raises
    ------
    InputError
        Where the instance, the formula or its names are not those of the bundle.
    """
    problem = PROBLEMS.get(case.target)
    if not isinstance(problem, TrainingProblem):
        raise InputError(f"{problem.name} is no training problem")
    built = None if chain is None else _built(bundle, case, file, chain, problem)
    instance = problem.parse(bundle.read_text(file)) if built is None else built.target
    encoding = None
    if case.files.formula is not None:
        encoded = instance if built is None else encoded_instance(built)
        if not isinstance(encoded, TrainingInstance):
            raise InputError("there is a formula, but no discrete instance that it could encode")
        encoding = encode(encoded, deadline)
        _require_formula(bundle, case, encoding)
    return Remade(problem, instance, built, encoding)


def source_of(bundle: Bundle, case: CaseRecord) -> tuple[AnyProblem, Any]:
    """Return the problem of a case and its source; raise `InputError` for what is none."""
    problem = PROBLEMS.get(case.problem)
    source = problem.parse(bundle.read_text(case.files.source))
    problem.require_complete(source)
    return problem, source


def by_map(chain: Chain, step: Callable[[], T]) -> T:
    """Take a step of a map, which may be anybody's; turn what it raises into an `InputError`."""
    try:
        return step()
    except QnnhardError:
        raise
    except (Exception, SystemExit) as error:
        if is_exhaustion(error):
            raise
        raise InputError(f"{chain.name} failed: {in_one_line(error)}") from error


def _built(
    bundle: Bundle, case: CaseRecord, file: PackedFile, chain: Chain, problem: AnyProblem
) -> ChainImage:
    """Return what the chain makes of the source, once its target is found to be the bundle's."""
    _, source = source_of(bundle, case)
    written = bundle.read(file)
    built = by_map(chain, lambda: chain.build(source))
    entries = by_map(chain, built.data_entries)
    # Where there are too many, making them would take far more than what they are compared with.
    large = entries is not None and entries * _BYTES_A_VALUE > len(written)
    if large or not _same([_written(chain, built, problem)], written):
        raise InputError(
            f"the instance is not what {chain.name} makes of the source{_versions(bundle)}"
        )
    return built


def _written(chain: Chain, built: ChainImage, problem: AnyProblem) -> bytes:
    return by_map(chain, lambda: problem.write(built.target).encode())


def _require_formula(bundle: Bundle, case: CaseRecord, encoding: Encoding) -> None:
    """Raise `InputError` unless formula and names of the bundle are those of an encoding."""
    formula, names = case.files.formula, case.files.names
    assert formula is not None
    assert names is not None
    if not _same(formula_parts(encoding), bundle.read(formula)):
        raise InputError(
            f"the formula is not the plain encoding of the instance{_versions(bundle)}"
        )
    if not _same(name_parts(encoding), bundle.read(names)):
        raise InputError(f"the names are not those of the formula's variables{_versions(bundle)}")


def _versions(bundle: Bundle) -> str:
    """Return what is said of two versions of qnnhard, which may be why something differs."""
    maker = bundle.manifest.made_by.get("qnnhard", "an unknown version")
    if maker == __version__:
        return ""
    return f" (made by qnnhard {maker[:20]!a}, this is {__version__})"


def _same(parts: Iterable[bytes], content: bytes) -> bool:
    """Return whether `parts` one after the other are `content`; stop where they differ."""
    place = 0
    for part in parts:
        if content[place : place + len(part)] != part:
            return False
        place += len(part)
    return place == len(content)
