"""The text of a file with a problem to begin with, and a reduction from it."""

from string import Template

from qnnhard.starters.names import StarterNames, require_free_problem, require_free_reduction

_TEXT = Template('''\
"""The problem $name, and a reduction from it.

Can an amount be paid with coins of given values, each taken at most twice? Both work as they stand:

    qnnhard verify ./$stem.py --random 200

Replace what says REPLACE by your own, and verify after every step.
"""

from dataclasses import dataclass
from random import Random

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Problem
from instances.sources.forms import SourceForm, Witnesses
from instances.text.documents import (
    as_integer,
    as_list,
    decode_object,
    encode_object,
    significant_lines,
)
from instances.text.values import parse_natural
from instances.training.activations import IDENTITY
from instances.training.parameters import Parameters
from reductions.claims import Claim
from reductions.constructions.construction import Construction
from reductions.constructions.training_map import ToTraining

Taken = tuple[int, ...]
"""REPLACE: what shows that the answer is yes, here: how often each coin is taken."""


@dataclass(frozen=True)
class Payment:
    """REPLACE: what the question is asked about."""

    amount: int
    coins: tuple[int, ...]


def parse(text: str) -> Payment:
    """REPLACE: read a file, here: a header with the amount, then one coin a line."""
    lines = list(significant_lines(text))
    header = lines[0][1] if lines else []
    if len(header) != 3 or header[:2] != ["p", "$name"]:
        raise InputError("line 1: expected 'p $name AMOUNT'")
    for at, words in lines[1:]:
        if len(words) != 1:
            raise InputError(f"line {at}: expected one coin, found {len(words)}")
    amount, *coins = (parse_natural(words[-1], f"line {at}") for at, words in lines)
    return Payment(amount, tuple(coins))


def write(source: Payment) -> str:
    """REPLACE: write a file that `parse` reads back."""
    lines = [f"p $name {source.amount}", *map(str, source.coins)]
    return "".join(f"{line}\\n" for line in lines)


def parse_taken(source: Payment, text: str) -> Taken:  # noqa: ARG001
    """REPLACE: read a witness."""
    listed = as_list(decode_object(text, {"taken": True})["taken"], "JSON: taken")
    return tuple(as_integer(times, "JSON: taken: each") for times in listed)


def write_taken(source: Payment, witness: Taken) -> str:  # noqa: ARG001
    """REPLACE: write a witness."""
    return encode_object({"taken": witness})


class $problem(Problem[Payment, Taken]):
    """REPLACE: the question, how its instances are drawn, and what a witness has to show."""

    name = "$name"
    title = "$title"
    question = "Can the amount be paid, with each coin taken at most twice?"
    form = SourceForm(
        suffix=".txt",
        recognises=lambda opening: opening.is_header("$name"),
        parse=parse,
        write=write,
        describe=lambda source: f"{len(source.coins)} coins",
        sizes=lambda source: {"coins": len(source.coins)},
    )
    witnesses = Witnesses(parse_taken, write_taken)

    def random(self, random: Random) -> Payment:
        """REPLACE: draw a small instance; none, zeros and equal ones belong to them."""
        coins = [random.randint(0, 9) for _ in range(random.randint(0, 6))]
        return Payment(random.randint(0, 2 * sum(coins)), tuple(coins))

    def check(self, source: Payment, witness: Taken) -> None:
        """REPLACE: raise `InvalidWitness` unless the witness shows that the answer is yes."""
        if len(witness) != len(source.coins) or not set(witness) <= {0, 1, 2}:
            raise InvalidWitness("each coin is taken 0, 1 or 2 times")
        paid = sum(times * coin for times, coin in zip(witness, source.coins, strict=True))
        if paid != source.amount:
            raise InvalidWitness(f"the coins taken are worth {paid}, not {source.amount}")

    def solve(self, source: Payment, deadline: Deadline) -> Taken | None:
        """REPLACE: return a witness or None, by a way that has nothing to do with training."""
        paid: dict[int, Taken] = {0: ()}
        for coin in source.coins:
            deadline.check()
            paid = {
                worth + times * coin: (*taken, times)
                for worth, taken in paid.items()
                for times in (0, 1, 2)
            }
        return paid.get(source.amount)


class $reduction(ToTraining[Payment, Taken]):
    """REPLACE: every coin is an input of one neuron, whose weight says how often it is taken."""

    name = "$name-to-training"
    source_problem = "$name"
    statement = "D-NNT is hard with one neuron and one data point"
    construction = "the data point has the coins at its inputs and the amount at its output"
    theorem = "unpublished"

    def describe(self, made: Construction) -> None:
        """REPLACE: declare the neurons, the values of weights and biases, and the data."""
        coins, amount = self.source.coins, self.source.amount
        x = made.inputs(("x", len(coins)), carry=[coins])
        y = made.outputs("y", want=[amount], kind=IDENTITY, bias=made.domain(0))
        made.feed(y, by=x, weight=made.domain(0, 1, 2))

    def push(self, witness: Taken) -> Parameters:
        """REPLACE: return parameters that solve the target, from any witness of the source."""
        return self.weighted(list(witness))

    def pull(self, witness: Parameters) -> Taken:
        """REPLACE: return a witness of the source, from *any* parameters that solve the target."""
        return tuple(self.weights(witness).tolist())

    def claims(self) -> list[Claim]:
        """REPLACE: say how large the target is, here: so many inputs, and one output."""
        return self.layer_claims(len(self.source.coins), 1, points=1)
''')


def problem_file(stem: str) -> str:
    """Return the text of a file with a problem and a true reduction from it to training.

    Parameters
    ----------
    stem : str
        The name of the file without ``.py``; see `StarterNames`.

    Raises
    ------
    InputError
        Where the name will not do, or is taken.
    """
    names = StarterNames(stem)
    require_free_problem(names.name)
    require_free_reduction(f"{names.name}-to-training")
    return _TEXT.substitute(
        stem=stem,
        name=names.name,
        title=names.name.replace("-", " ").title(),
        problem=names.class_of("Problem"),
        reduction=names.class_of("Reduction"),
    )
