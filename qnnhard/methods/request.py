"""What is asked of a training instance, as one value that refuses what nobody would read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from instances.deadline import Deadline
from instances.errors import InputError
from instances.training.instance import TrainingInstance
from instances.training.neuron_graph import read_elimination_order
from qnnhard.methods.answer import Answer
from qnnhard.methods.external import ExternalMethod
from qnnhard.methods.method import Method
from qnnhard.methods.registry import METHODS

_REFUSALS = {
    "proof": "backend '{name}' writes no proof; use {able}",
    "jobs": "backend '{name}' has one job; use {able}",
    "seed": "backend '{name}' has no seed; use {able}",
    "order": "--decomposition needs {able}",
    "tables": "--certify needs {able}",
}
"""What is said of an option that a method would not read."""


class OptionsClash(InputError):
    """Options that do not go together."""


@dataclass(frozen=True)
class Request:
    """A method with its options, and what it is to do.

    Parameters
    ----------
    using : str or None
        The name of a method; ``auto`` by default.
    minimize : bool
        Whether to look for the least loss instead of one within the bound.
    external : str or None
        The command of a SAT solver, which takes the place of a method.
    certify : bool
        Whether a proof must refute the plain encoding, without tables.
    decomposition : str or None
        The file of a tree decomposition, whose order `treewidth` follows.
    proof : str or None
        Where to write a DRAT proof of a NO.
    memory : int or None
        Bytes that tables and the children of a portfolio keep to. Methods without either follow
        the limit of their process alone.

    Raises
    ------
    InputError
        For an unknown method, or an option that it would not read.
    """

    using: str | None = None
    minimize: bool = False
    external: str | None = None
    certify: bool = False
    decomposition: str | None = None
    proof: str | None = None
    memory: int | None = None
    jobs: int | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.external is not None:
            self._refuse_beside_external()
            return
        if self.certify and self.proof is None:
            raise OptionsClash("--certify needs --proof FILE")
        known = METHODS.all()
        chosen = METHODS.get(self._name, known)
        if self.minimize and not chosen.minimizes():
            able = [name for name, other in known.items() if other.minimizes()]
            raise InputError(f"backend '{self._name}' does not minimize; use {_these(able)}")
        read = chosen.options(self.minimize) | {"memory"}
        for option in (option for option in self._options() if option not in read):
            able = [name for name, other in known.items() if option in other.options()]
            if self.minimize:
                given = {"order": "decomposition", "tables": "certify"}.get(option, option)
                raise OptionsClash(f"--{given} is not for --minimize with backend '{self._name}'")
            kind = OptionsClash if option == "tables" else InputError
            raise kind(_REFUSALS[option].format(name=self._name, able=_these(able)))

    @property
    def _name(self) -> str:
        """The method's name; a proof without tables is SAT's alone."""
        if self.certify and self.using in (None, "auto"):
            return "sat"
        return self.using or "auto"

    def _options(self) -> dict[str, Any]:
        """Return the options that were given, by the names that methods have for them."""
        given = {
            "proof": self.proof,
            "memory": self.memory,
            "jobs": self.jobs,
            "seed": self.seed,
            "order": self.decomposition,
            "tables": False if self.certify else None,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _refuse_beside_external(self) -> None:
        names = ("using", "minimize", "certify", "decomposition", "proof", "jobs", "seed")
        values = [(name, getattr(self, name)) for name in names]
        given = [
            "--backend" if name == "using" else f"--{name}"
            for name, value in values
            if value is not None and value is not False
        ]
        if given:
            raise OptionsClash(f"--external takes no {' and no '.join(given)}")

    def method(
        self,
        instance: TrainingInstance | None = None,
        announce: Callable[[str], None] | None = None,
    ) -> Method:
        """Return the method with its options.

        Parameters
        ----------
        instance : TrainingInstance, optional
            Needed for a decomposition.
        announce : callable, optional
            Is told what `auto` chooses.
        """
        if self.external is not None:
            return ExternalMethod(self.external)
        kind = METHODS.get(self._name)
        read = kind.options(self.minimize)
        given = {name: value for name, value in self._options().items() if name in read}
        if self.decomposition is not None:
            if instance is None:
                raise InputError("--decomposition needs the instance that it is of")
            given["order"] = read_elimination_order(self.decomposition, instance.network).tolist()
        if announce is not None and "announce" in read:
            given["announce"] = announce
        try:
            return kind(**given)
        except TypeError as error:
            raise InputError(f"backend '{self._name}' cannot be made: {error}") from error

    def answer(
        self,
        instance: TrainingInstance,
        deadline: Deadline,
        announce: Callable[[str], None] | None = None,
    ) -> Answer:
        """Return what the method answers; raise as `Method.solve`."""
        method = self.method(instance, announce)
        return (method.minimize if self.minimize else method.solve)(instance, deadline)


def _these(able: list[str]) -> str:
    return f"--backend {' or '.join(able)}"
