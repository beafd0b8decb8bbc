"""The Python interface: what the command line does, in a few calls.

>>> import qnnhard
>>> result = qnnhard.verify("two-inputs", "formula.cnf")    # doctest: +SKIP
>>> result.preserved, str(result.source_answer), str(result.how)    # doctest: +SKIP
(True, 'yes', 'evaluated')
"""

from collections.abc import Mapping
from typing import Any

from instances.deadline import Deadline
from instances.training.files import read_instance
from instances.training.instance import TrainingInstance
from qnnhard.methods.answer import Answer
from qnnhard.methods.request import Request
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
    reduction : str or subclass of Map
        A name, the path of a Python file that defines one, or the class itself.
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
        source = load_source(source, chosen.source_problem, values=values)
    chain = chain_from(source.problem, chosen)
    return verify_chain(
        chain, source.source, source.name, Request(using, proof=proof).method(), timeout
    )


def solve(
    instance: str | TrainingInstance, *, timeout: float | None = None, **options: Any
) -> Answer:
    """Decide a training instance, or find its least loss.

    Parameters
    ----------
    instance : str or TrainingInstance
        A file, or the object itself.
    timeout : float or None
        Limit in seconds.
    **options
        Fields of `qnnhard.methods.request.Request`, such as ``using``, ``proof``, ``minimize``
        or ``seed``; one that the chosen method would not read is refused.
    """
    request, deadline = Request(**options), Deadline(timeout)
    if isinstance(instance, str):
        instance = read_instance(instance)
    return request.answer(instance, deadline)
