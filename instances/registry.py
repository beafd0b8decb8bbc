"""Things by name: of this project, of other packages by entry points, and of a user's file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar

from instances.errors import InputError, in_one_line
from instances.text.values import quote, unknown

T = TypeVar("T")


@cache
def installed(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group; the installed packages are read once a process."""
    return tuple(entry_points(group=group))


@dataclass(frozen=True)
class Registry(Generic[T]):
    """Things of one kind: built-in ones, those of other packages by name, those of a file.

    Parameters
    ----------
    kind : str
        What they are called in messages, such as ``"problem"``.
    group : str
        The entry point group in which other packages name theirs.
    built_in : callable
        Makes the built-in ones; imports their modules.
    admit : callable
        Returns the thing behind an entry point; raises `InputError` where it is none.
    aliases : mapping
        Other names.
    """

    kind: str
    group: str
    built_in: Callable[[], Iterable[T]]
    admit: Callable[[Any, str], T]
    aliases: Mapping[str, str] = field(default_factory=dict)
    adopted: dict[str, tuple[str, T]] = field(default_factory=dict, init=False, compare=False)
    """What `adopt` made known to this process, each after the file that it comes from."""

    def adopt(self, origin: str, things: Iterable[T], where: str) -> None:
        """Make the things of the file `origin` known, in place of what it had before.

        They are known until this process ends. Raises `InputError`, in which `where` stands for
        the file, and changes nothing, where a name is that of a thing of another origin, or an
        alias.
        """
        others = {name: kept for name, kept in self.adopted.items() if kept[0] != origin}
        taken = {*self._registered(), *self.aliases, *others}
        added = {str(_name(thing)): (origin, thing) for thing in things}
        for name in added:
            if name in taken:
                raise InputError(
                    f"{where}: {self.kind} {quote(name)}: the name is taken; choose another"
                )
        self.adopted.clear()
        self.adopted.update(others | added)

    def all(self) -> dict[str, T]:
        """Return all things by name.

        Raises
        ------
        InputError
            Where another package's thing cannot be loaded, is of another kind or takes a name
            that is in use.
        """
        return self._registered() | {name: thing for name, (_, thing) in self.adopted.items()}

    def _registered(self) -> dict[str, T]:
        """Return the built-in things and those of other packages by name."""
        found = {str(_name(thing)): thing for thing in self.built_in()}
        for entry in sorted(installed(self.group), key=lambda entry: entry.name):
            where = f"{self.kind} {entry.name} ({entry.value})"
            with _loading(where):
                loaded = entry.load()
            thing = self.admit(loaded, where)
            name = _name(thing)
            if not isinstance(name, str):
                raise InputError(f"{where} has no name")
            if name in found:
                raise InputError(
                    f"{self.kind} {quote(name)} of entry point {entry.value}: the name is taken"
                )
            found[name] = thing
        return found

    def get(self, name: str, among: Mapping[str, T] | None = None, remedy: str = "") -> T:
        """Return the thing called `name`, which may be an alias, among all or those that are meant.

        Raises `InputError` with all names if there is none, and `remedy`: what may be given in
        place of a name.
        """
        known = self.all() if among is None else among
        found = known.get(self.aliases.get(name, name))
        if found is None:
            raise InputError(unknown(self.kind, name, known) + remedy)
        return found


def _name(thing: object) -> object:
    return getattr(thing, "name", None)


@contextmanager
def _loading(where: str) -> Iterator[None]:
    """Turn whatever a package raises into an `InputError`."""
    try:
        yield
    except Exception as error:
        raise InputError(
            f"{where} cannot be loaded: {in_one_line(error)}; repair or uninstall its package"
        ) from error


def made(kind: type[T]) -> Callable[[Any, str], T]:
    """Return an `admit` for instances of `kind`, or subclasses that need no arguments."""

    def admit(loaded: Any, where: str) -> T:
        with _loading(where):
            thing = loaded() if isinstance(loaded, type) else loaded
        if not isinstance(thing, kind):
            raise InputError(f"{where} is not a {kind.__name__}")
        return thing

    return admit
