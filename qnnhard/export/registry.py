"""The export formats by name."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from instances.registry import Registry, made
from instances.training.instance import TrainingInstance
from qnnhard.export.cnf import ExportOptions, export_cnf, export_wcnf
from qnnhard.export.pace import export_gr, export_td


@dataclass(frozen=True)
class Format:
    """An export format: its name, a description, and a function that yields the file's bytes."""

    name: str
    description: str
    write: Callable[[TrainingInstance, ExportOptions], Iterator[bytes]]


def _built_in() -> Iterable[Format]:
    return (
        Format(
            "cnf", "DIMACS CNF as the SAT competition takes it, with named variables", export_cnf
        ),
        Format(
            "wcnf",
            "weighted CNF for MaxSAT solvers: the least loss, whatever the bound",
            export_wcnf,
        ),
        Format("gr", "the effective graph as PACE takes it, for treewidth solvers", export_gr),
        Format(
            "td",
            "a tree decomposition of the effective graph as PACE takes it, by min-fill",
            export_td,
        ),
    )


FORMATS: Registry[Format] = Registry(
    kind="format", group="qnnhard.formats", built_in=_built_in, admit=made(Format)
)
