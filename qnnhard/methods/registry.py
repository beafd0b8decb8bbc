"""The methods by name, built-in and from other packages; users know them as backends."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from instances.deadline import Deadline
from instances.errors import InputError
from instances.registry import Registry
from instances.training.instance import TrainingInstance
from qnnhard.methods.auto import AutoMethod
from qnnhard.methods.cp_sat.method import CpSatMethod
from qnnhard.methods.dataset_dp.method import DatasetDpMethod
from qnnhard.methods.enumeration import EnumerationMethod
from qnnhard.methods.lazy import LazyMethod
from qnnhard.methods.linear.one_point import OnePointMethod
from qnnhard.methods.linear.pairwise import PairwiseMethod
from qnnhard.methods.local_search.method import LocalSearchMethod
from qnnhard.methods.method import Method, Prediction, prediction
from qnnhard.methods.portfolio.method import PortfolioMethod
from qnnhard.methods.sat import SatMethod
from qnnhard.methods.treewidth.method import TreewidthMethod

BUILT_IN: tuple[type[Method], ...] = (
    AutoMethod,
    SatMethod,
    EnumerationMethod,
    PortfolioMethod,
    LocalSearchMethod,
    LazyMethod,
    TreewidthMethod,
    PairwiseMethod,
    OnePointMethod,
    DatasetDpMethod,
    CpSatMethod,
)


def _admit(loaded: Any, where: str) -> type[Method]:
    if not (isinstance(loaded, type) and issubclass(loaded, Method)):
        raise InputError(f"{where} is no class of backends")
    return loaded


METHODS: Registry[type[Method]] = Registry(
    kind="backend", group="qnnhard.backends", built_in=lambda: BUILT_IN, admit=_admit
)


def available() -> dict[str, type[Method]]:
    """Return the methods whose packages are installed."""
    return {name: found for name, found in METHODS.all().items() if found.available()}


@dataclass(frozen=True)
class Fit:
    """Whether a backend applies; `cost` is its prediction, or the reason why it does not."""

    backend: str
    applies: bool
    cost: str


def survey(instance: TrainingInstance, deadline: Deadline) -> Iterator[Fit]:
    """Yield what every installed backend says of `instance`, without solving it."""
    for name, kind in available().items():
        found = prediction(kind(), instance, deadline)
        if isinstance(found, Prediction):
            yield Fit(name, True, found.cost)
        else:
            yield Fit(name, False, found)
