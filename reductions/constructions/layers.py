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
        **_degrees(
            out_degree[0],
            max(in_degree[:-1], default=0),
            max(out_degree[1:], default=0),
            in_degree[-1],
        ),
        **others,
    )


def clause_claims(
    alpha: int, omega: int, degrees: tuple[int, int, int, int], **sizes: int
) -> list[Claim]:
    """Return the size laws of a 2-QNNT network with bound 0 over two data points.

    `degrees` has the out-degree of inputs, the in-degree and the out-degree of hidden neurons,
    and the in-degree of outputs, each the largest; outputs feed nothing. `sizes` are further
    measures, ``hidden`` and ``edges`` among them.
    """
    parameters = sizes["edges"] + sizes["hidden"] + omega
    ends = {"parameters": parameters, "d": 2, **_degrees(*degrees)}
    return exactly(alpha=alpha, omega=omega, bound=0, points=2, **sizes, **ends)


def _degrees(of_inputs: int, into_hidden: int, of_hidden: int, into_outputs: int) -> dict[str, int]:
    """Return the measures of degrees, where outputs feed nothing."""
    return {
        "input_out_degree": of_inputs,
        "hidden_in_degree": into_hidden,
        "hidden_out_degree": of_hidden,
        "output_in_degree": into_outputs,
        "max_in_degree": max(into_hidden, into_outputs),
        "max_out_degree": max(of_inputs, of_hidden),
    }
