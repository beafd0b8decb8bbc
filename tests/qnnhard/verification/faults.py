"""Reductions with one planted fault each, as the text of a user's file.

A fault is the body of a subclass of a built-in reduction's image.
"""

import re

HEADER = """\
from dataclasses import replace
from functools import cached_property

import numpy as np

from instances.sources.set_system import SetSystem
from instances.training.parameters import Parameters
from reductions.claims import exactly
from reductions.to_training.{module} import {base}, {image}


class FaultyImage({image}):
{body}

class Faulty({base}):
    name = "faulty"
    image = FaultyImage
"""


def faulty(base: str, body: str, module: str | None = None) -> str:
    """The text of a file that defines a reduction called ``faulty``, by the body of its image."""
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.strip().splitlines())
    stem = base.removesuffix("Reduction")
    found = module or re.sub(r"(?<!^)(?=[A-Z])", "_", stem).lower()
    return HEADER.format(module=found, base=base, image=f"{stem}Image", body=lines)


DROPPED_POINT = faulty(
    "ExactCoverReduction",
    """
@cached_property
def target(self):
    made = super().target
    return replace(made, inputs=made.inputs[1:], targets=made.targets[1:])

def claims(self):
    return []
""",
)

SWAPPED_TARGET = faulty(
    "TwoInputs",
    """
@cached_property
def target(self):
    made = super().target
    targets = np.array(made.targets)
    targets[:, :1] = targets[::-1, :1]
    return replace(made, targets=targets)
""",
)

WRONG_CLAIM = faulty(
    "ExactCoverReduction",
    """
def claims(self):
    source = self.source
    return exactly(alpha=len(source.sets))
""",
)

UNKNOWN_CLAIM = faulty(
    "ExactCoverReduction",
    """
def claims(self):
    return exactly(beauty=1)
""",
)

CLAIMS_THAT_RAISE = faulty(
    "ExactCoverReduction",
    """
def claims(self):
    raise RuntimeError("no claims today")
""",
)

PUSH_OF_ZEROS = faulty(
    "ExactCoverReduction",
    """
def push(self, witness):
    source = self.source
    m = len(source.sets)
    return Parameters(np.zeros(m + 1, dtype=int), np.zeros(m + 2, dtype=int))
""",
)

PUSH_OF_NOTHING = faulty(
    "ExactCoverReduction",
    """
def push(self, witness):
    return None
""",
)

PUSH_THAT_RAISES = faulty(
    "ExactCoverReduction",
    """
def push(self, witness):
    raise KeyError("two\\\\nlines")
""",
)

PUSH_OF_ANOTHER_SIZE = faulty(
    "ExactCoverReduction",
    """
def push(self, witness):
    return Parameters(np.zeros(1, dtype=int), np.zeros(99, dtype=int))
""",
)

PUSH_OF_ANOTHER_TYPE = faulty(
    "ExactCoverReduction",
    """
def push(self, witness):
    return [0, 1]
""",
)

EMPTY_PULL = faulty(
    "ExactCoverReduction",
    """
def pull(self, parameters):
    return ()
""",
)

PULL_OF_NOTHING = faulty(
    "ExactCoverReduction",
    """
def pull(self, parameters):
    return None
""",
)

PULL_THAT_RAISES = faulty(
    "ExactCoverReduction",
    """
def pull(self, parameters):
    return parameters.weights[10**6]
""",
)

BUILD_THAT_RAISES = faulty(
    "ExactCoverReduction",
    """
@cached_property
def target(self):
    raise ValueError("cannot build this")
""",
)

BUILD_OF_AN_INVALID_INSTANCE = faulty(
    "ExactCoverReduction",
    """
@cached_property
def target(self):
    return replace(super().target, loss="hinge")
""",
)

BUILD_OF_NOTHING = faulty(
    "ExactCoverReduction",
    """
@cached_property
def target(self):
    return None
""",
)

YES_TO_NO = faulty(
    "ExactCoverReduction",
    """
@cached_property
def target(self):
    return replace(super().target, bound=-1)

def claims(self):
    return []
""",
)

NO_TO_YES = faulty(
    "ExactCoverReduction",
    """
@cached_property
def target(self):
    made = super().target
    return replace(made, bound=made.points)

def claims(self):
    return []
""",
)

UNDECIDABLE = faulty(
    "ExactCoverReduction",
    """
@cached_property
def target(self):
    from fractions import Fraction
    made = super().target
    return replace(made, d=None, domains=((0, Fraction(1, 2**5000), 1),))

def claims(self):
    return []
""",
)
