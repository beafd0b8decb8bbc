"""Reductions with one planted fault each, as the text of a user's file.

A fault is the body of a subclass of a built-in reduction.
"""

HEADER = """\
from dataclasses import replace

import numpy as np

from instances.sources.set_system import SetSystem
from instances.training.parameters import Parameters
from reductions.claims import exactly
from reductions.to_training.exact_cover import ExactCoverReduction
from reductions.to_training.two_inputs import TwoInputs


"""


def faulty(base: str, body: str) -> str:
    """The text of a file that defines a reduction called ``faulty``."""
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.strip().splitlines())
    return f'{HEADER}class Faulty({base}):\n    name = "faulty"\n\n{lines}'


DROPPED_POINT = faulty(
    "ExactCoverReduction",
    """
def build(self, source):
    made = super().build(source)
    return replace(made, inputs=made.inputs[1:], targets=made.targets[1:])

def claims(self, source):
    return []
""",
)

SWAPPED_TARGET = faulty(
    "TwoInputs",
    """
def build(self, source):
    made = super().build(source)
    targets = np.array(made.targets)
    targets[:, :1] = targets[::-1, :1]
    return replace(made, targets=targets)
""",
)

WRONG_CLAIM = faulty(
    "ExactCoverReduction",
    """
def claims(self, source):
    return exactly(alpha=len(source.sets))
""",
)

UNKNOWN_CLAIM = faulty(
    "ExactCoverReduction",
    """
def claims(self, source):
    return exactly(beauty=1)
""",
)

CLAIMS_THAT_RAISE = faulty(
    "ExactCoverReduction",
    """
def claims(self, source):
    raise RuntimeError("no claims today")
""",
)

PUSH_OF_ZEROS = faulty(
    "ExactCoverReduction",
    """
def push(self, source, witness):
    m = len(source.sets)
    return Parameters(np.zeros(m + 1, dtype=int), np.zeros(m + 2, dtype=int))
""",
)

PUSH_OF_NOTHING = faulty(
    "ExactCoverReduction",
    """
def push(self, source, witness):
    return None
""",
)

PUSH_THAT_RAISES = faulty(
    "ExactCoverReduction",
    """
def push(self, source, witness):
    raise KeyError("two\\\\nlines")
""",
)

PUSH_OF_ANOTHER_SIZE = faulty(
    "ExactCoverReduction",
    """
def push(self, source, witness):
    return Parameters(np.zeros(1, dtype=int), np.zeros(99, dtype=int))
""",
)

PUSH_OF_ANOTHER_TYPE = faulty(
    "ExactCoverReduction",
    """
def push(self, source, witness):
    return [0, 1]
""",
)

EMPTY_PULL = faulty(
    "ExactCoverReduction",
    """
def pull(self, source, parameters):
    return ()
""",
)

PULL_OF_NOTHING = faulty(
    "ExactCoverReduction",
    """
def pull(self, source, parameters):
    return None
""",
)

PULL_THAT_RAISES = faulty(
    "ExactCoverReduction",
    """
def pull(self, source, parameters):
    return parameters.weights[10**6]
""",
)

BUILD_THAT_RAISES = faulty(
    "ExactCoverReduction",
    """
def build(self, source):
    raise ValueError("cannot build this")
""",
)

BUILD_OF_AN_INVALID_INSTANCE = faulty(
    "ExactCoverReduction",
    """
def build(self, source):
    return replace(super().build(source), loss="hinge")
""",
)

BUILD_OF_NOTHING = faulty(
    "ExactCoverReduction",
    """
def build(self, source):
    return None
""",
)

YES_TO_NO = faulty(
    "ExactCoverReduction",
    """
def build(self, source):
    return replace(super().build(source), bound=-1)

def claims(self, source):
    return []
""",
)

NO_TO_YES = faulty(
    "ExactCoverReduction",
    """
def build(self, source):
    made = super().build(source)
    return replace(made, bound=made.points)

def claims(self, source):
    return []
""",
)

UNDECIDABLE = faulty(
    "ExactCoverReduction",
    """
def build(self, source):
    from fractions import Fraction
    made = super().build(source)
    return replace(made, d=None, domains=((0, Fraction(1, 2**5000), 1),))

def claims(self, source):
    return []
""",
)
