"""What a search for the least loss found."""

from dataclasses import dataclass, field

from instances.text.numbers import Number, show_number
from instances.training.parameters import Parameters
from qnnhard.solvers.answer import How


@dataclass(frozen=True, eq=False)
class Minimum:
    """The least loss, or what is known of it.

    Parameters
    ----------
    loss : number or None
        The loss of `parameters`: the least one unless `how` is ``LIMIT``, and then the best one
        known, if any.
    parameters : Parameters or None
    how : How
        How it is known that no parameters do better; ``LIMIT`` where it is not.
    detail : str
    sizes : dict
    lower : number
        Where `how` is ``LIMIT``, a bound that no loss is below.
    """

    loss: Number | None
    parameters: Parameters | None
    how: How
    detail: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    lower: Number = 0

    @property
    def least(self) -> Number | None:
        """The least loss, if it is known."""
        return None if self.how is How.LIMIT else self.loss

    @property
    def lower_bound(self) -> Number:
        """A bound that no loss is below."""
        return self.lower if self.least is None else self.least

    def __str__(self) -> str:
        if self.least is not None:
            return f"least loss {show_number(self.least)}: {self.how.explanation} ({self.detail})"
        best = "no parameters" if self.loss is None else f"best loss {show_number(self.loss)}"
        return f"UNKNOWN: {best}, lower bound {show_number(self.lower)} ({self.detail})"
