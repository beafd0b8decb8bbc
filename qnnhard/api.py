"""The Python interface: what the command line does, in a few calls.

>>> import qnnhard
>>> result = qnnhard.verify("two-inputs", "formula.cnf")    # doctest: +SKIP
>>> result.preserved, str(result.source_answer), str(result.how)    # doctest: +SKIP
(True, 'yes', 'evaluated')
"""

from collections.abc import Mapping

from instances.deadline import Deadline
from instances.training.files import read_instance
from instances.training.instance import TrainingInstance
from qnnhard.solvers.boundary import Judged, ask
from qnnhard.solvers.registry import backend
from qnnhard.verification.outcome import Outcome
from qnnhard.verification.sources import NamedSource, chain_from, load_source
from qnnhard.verification.verify import verify as verify_chain
from reductions.map import AnyMap
from reductions.registry import get_reduction

__all__ = ["load_source", "read_instance", "solve", "verify"]


def verify(
    reduction: str | AnyMap,
    source: str | NamedSource,
    *,
    using: str = "sat",
    timeout: float | None = None,
    proof: str | None = None,
    values: Mapping[str, str] | None = None,
) -> Outcome:
    """Verify that a reduction preserves the answer of a source in both directions.

    Parameters
    ----------
    reduction : str or Map
        A name, the path of a Python file that defines one, or the object itself.
    source : str or NamedSource
        A file, or what `load_source` returned.
    using : str
        The backend for the training instance.
    timeout : float or None
        Limit in seconds on each step, of which the two answers are two. In the main thread it
        is kept by an alarm (``SIGALRM``).
    proof : str or None
        Where to write a DRAT proof of a NO, which is then checked.
    values : mapping
        Fields of the source to replace, such as a budget.
    """
    chosen = get_reduction(reduction) if isinstance(reduction, str) else reduction
    if isinstance(source, str):
        source = load_source(source, chosen.source, values=values)
    chain = chain_from(source.problem, chosen)
    return verify_chain(chain, source.source, source.name, backend(using, proof=proof), timeout)


def solve(
    instance: str | TrainingInstance,
    *,
    using: str = "auto",
    timeout: float | None = None,
    proof: str | None = None,
) -> Judged:
    """Decide a training instance, given as an object or a file, with the backend `using`."""
    deadline = Deadline(timeout)
    if isinstance(instance, str):
        instance = read_instance(instance)
    return ask(backend(using, proof=proof), instance, deadline)
