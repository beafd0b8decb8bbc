"""Verification of one reduction on one source, in both directions."""

from collections.abc import Sequence
from typing import Any

from instances.memory import is_exhaustion
from qnnhard.methods.method import Method
from qnnhard.verification.continuous_steps import ContinuousVerification
from qnnhard.verification.outcome import Outcome
from qnnhard.verification.steps import Verification
from reductions.chain import Chain

SOLUTIONS = 64
"""How many solutions are pulled, unless the user says otherwise."""

EXHAUSTIVE_SOLUTIONS = 4096
"""The same where all sources of a scope are verified."""


def verify(
    chain: Chain,
    source: Any,
    name: str,
    backend: Method,
    timeout: float | None = None,
    others: Sequence[Method] = (),
    solutions: int = SOLUTIONS,
    seed: int = 0,
) -> Outcome:
    """Answer the source and its training instance, and carry every witness across.

    The source is answered by its own solver, which does not pass through training. Its
    witness is pushed and the parameters evaluated; the parameters that the backend found, those
    that were pushed, and other solutions are pulled and the witnesses checked; the claims are
    compared with what was built. For a target over the reals see `ContinuousVerification`.

    Parameters
    ----------
    source : instance of the problem of the chain's first map
    name : str
        How reports refer to the source.
    timeout : float or None
        Limit in seconds on each step: building, the two answers, push, pull and the checks.
    others : sequence of Method
        Backends that must agree with the answer, unless they refuse or run out of time.
    solutions : int
        All solutions of the training instance are pulled where there are at most so many, else
        a diverse set of so many; see `qnnhard.solutions.cover`.
    seed : int
        Determines which these are.
    """
    kind = ContinuousVerification if chain.last.target_problem == "c-nnt" else Verification
    verification = kind(chain, source, name, backend, timeout, solutions, seed)
    try:
        return verification.run(others)
    except Exception as error:
        if not is_exhaustion(error):
            raise
        verification.fail_for_memory()
        return verification.outcome
