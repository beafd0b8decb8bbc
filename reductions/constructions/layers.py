"""The size laws of fully connected layers, which several constructions are."""

from collections.abc import Sequence
from itertools import pairwise

from instances.text.numbers import Number
from reductions.claims import Claim, exactly


def layered_claims(widths: Sequence[int], **others: Number | None) -> list[Claim]:
    """Return the size laws of a network of complete layers, and the claims `others`.

    Parameters
    ----------
    widths : sequence of int
        The numbers of inputs, of neurons in each hidden layer, and of outputs; any may be 0.
    **others
        Measures that the widths do not tell: ``bound``, ``points``, ``distinct_inputs``,
        ``parameters`` and ``d``.
    """
    alpha, *hidden, omega = widths
    in_degree = [below if layer else 0 for below, layer in pairwise(widths)]
    out_degree = [above if layer else 0 for layer, above in pairwise(widths)]
    return exactly(
        alpha=alpha,
        omega=omega,
        depth=len(hidden) if all(widths) else 0,
        width=max(hidden, default=0),
        hidden=sum(hidden),
        edges=sum(below * above for below, above in pairwise(widths)),
        input_out_degree=out_degree[0],
        hidden_in_degree=max(in_degree[:-1], default=0),
        hidden_out_degree=max(out_degree[1:], default=0),
        output_in_degree=in_degree[-1],
        max_in_degree=max(in_degree),
        max_out_degree=max(out_degree),
        **others,
    )
