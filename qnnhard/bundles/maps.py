"""The maps of a bundle's chains: how they are recorded, and where they come from again.

A bundle names its maps and never brings them. What is registered here is found by its name; a map
from a file of the user has to be given again.
"""

import hashlib
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from instances.errors import InputError
from instances.problems.registry import PROBLEMS
from qnnhard.bundles.manifest import CaseRecord, MapRecord
from reductions.chain import Chain
from reductions.map import AnyMap
from reductions.plugins import load_map
from reductions.registry import MAPS


@dataclass(frozen=True)
class GivenMap:
    """A map that the user gave, and the SHA-256 of its file."""

    map: AnyMap
    file_sha256: str


def record_map(found: AnyMap) -> MapRecord:
    """Return how a map is recorded: one that is not registered with the hash of its file.

    That is the hash of no bytes where the file cannot be read.
    """
    known = MAPS.all().get(found.name)
    if known is found:
        return MapRecord(found.name)
    try:
        content = Path(inspect.getfile(found)).read_bytes()
    except (OSError, TypeError):
        content = b""
    return MapRecord(found.name, hashlib.sha256(content).hexdigest())


def given_maps(paths: Sequence[str]) -> dict[str, GivenMap]:
    """Return the maps of the user's files by name; raise `InputError` as `load_map` does."""
    found: dict[str, GivenMap] = {}
    for path in paths:
        loaded = load_map(path)
        if loaded.name in found:
            raise InputError(f"{path}: another file gives a map {loaded.name!a} too")
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        found[loaded.name] = GivenMap(loaded, digest)
    return found


def chain_of(case: CaseRecord, given: Mapping[str, GivenMap]) -> Chain | str:
    """Return the chain of a case, or in words why it cannot be had.

    Raises
    ------
    InputError
        Where the maps are known and do not lead from the source's problem to the target.
    """
    known, problems = MAPS.all(), PROBLEMS.all()
    maps: list[AnyMap] = []
    for record in case.chain:
        if record.file_sha256 is not None and record.name in given:
            maps.append(given[record.name].map)
        elif record.file_sha256 is not None:
            return f"the map {record.name} is from a file: give it with --map"
        elif record.name in known:
            maps.append(known[record.name])
        else:
            return f"no map {record.name} is installed"
    places = [case.problem, *(each.target_problem for each in maps)]
    if [each.source_problem for each in maps] != places[:-1] or places[-1] != case.target:
        chain = " > ".join(each.name for each in maps)
        raise InputError(f"{chain} does not lead from {case.problem} to {case.target}")
    unknown = next((each for each in places if each not in problems), None)
    if unknown is not None:
        return f"no problem {unknown} is installed"
    return Chain(tuple(maps))


def changed_maps(case: CaseRecord, given: Mapping[str, GivenMap]) -> list[str]:
    """Return the names of given maps whose files are not those that made the bundle."""
    return [
        record.name
        for record in case.chain
        if record.name in given and record.file_sha256 not in (None, given[record.name].file_sha256)
    ]
