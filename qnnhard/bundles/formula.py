"""The formula of a bundle: of which instance, and the bytes of its members."""

from collections.abc import Iterator

from instances.training.instance import TrainingInstance
from qnnhard.encoding.encode import Encoding
from reductions.chain import ChainImage


def encoded_instance(built: ChainImage) -> TrainingInstance | None:
    """Return the discrete instance whose plain encoding is kept, if there is one.

    That is the target, or for a target over the reals the discrete instance that it simulates.
    """
    for instance in (built.target, built.images[-1].source):
        if isinstance(instance, TrainingInstance):
            return instance
    return None


def formula_parts(encoding: Encoding) -> Iterator[bytes]:
    """Yield the formula in DIMACS, without comments."""
    return encoding.formula.dimacs()


def name_parts(encoding: Encoding) -> Iterator[bytes]:
    """Yield a line ``ID NAME`` for every variable."""
    return (lines.encode() for lines in encoding.naming.lines())
