"""The reductions from number problems, 1-in-3-SAT and PosSLP with one planted fault each.

A fault is the body of a subclass of a built-in reduction, as the text of a user's file.
"""

BASES = {
    "subset-sum-neurons": "SubsetSumNeurons",
    "subset-sum-inputs": "SubsetSumInputs",
    "one-in-three": "OneInThreeReduction",
    "three-partition": "ThreePartitionReduction",
    "bin-packing": "BinPackingReduction",
    "posslp": "PosSlpReduction",
}
MODULES = {"three-partition": "bin_packing"}

HEADER = """\
from dataclasses import replace

import numpy as np

from instances.training.parameters import Parameters
from reductions.claims import exactly
from reductions.{module} import {base}


class Faulty({base}):
    name = "faulty"

"""


def faulty(reduction: str, body: str) -> str:
    """The text of a file that defines a reduction called ``faulty``."""
    module = MODULES.get(reduction, reduction.replace("-", "_"))
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.strip().splitlines())
    return HEADER.format(module=module, base=BASES[reduction]) + lines


DROPPED_POINT = """
def build(self, source):
    made = super().build(source)
    return replace(made, inputs=made.inputs[1:], targets=made.targets[1:])

def claims(self, source):
    return []
"""

MOVED_TARGET = """
def build(self, source):
    made = super().build(source)
    targets = made.targets.astype(object)
    targets[-1:, 0] += 1
    return replace(made, targets=targets)
"""

NEGATIVE_BOUND = """
def build(self, source):
    return replace(super().build(source), bound=-1)

def claims(self, source):
    return []
"""

WRONG_CLAIM = """
def claims(self, source):
    made = self.build(source)
    return exactly(edges=made.network.edges + 1)
"""

RAISING_BUILD = """
def build(self, source):
    raise IndexError("gate 7")
"""

SILENT_BUILD = """
def build(self, source):
    super().build(source)
"""

RAISING_PUSH = """
def push(self, source, witness):
    raise KeyError(witness)
"""

SILENT_PUSH = """
def push(self, source, witness):
    super().push(source, witness)
"""

RAISING_PULL = """
def pull(self, source, parameters):
    return parameters.weights[-1] / 0 if parameters.weights[10**6] else ()
"""

SILENT_PULL = """
def pull(self, source, parameters):
    super().pull(source, parameters)
"""

# The witness of parameters that push made is right; of any other solution it is not.
PULL_FOR_PUSHED_SOLUTIONS = """
def push(self, source, witness):
    made = super().push(source, witness)
    self.pushed = (made.weights.tolist(), made.biases.tolist(), witness)
    return made

def pull(self, source, parameters):
    weights, biases, witness = getattr(self, "pushed", (None, None, None))
    if (parameters.weights.tolist(), parameters.biases.tolist()) == (weights, biases):
        return witness
    return tuple(reversed(super().pull(source, parameters)))[1:]
"""

WRONG_PULL = {
    "subset-sum-neurons": """
def pull(self, source, parameters):
    m = len(source.numbers)
    return tuple(np.flatnonzero(parameters.weights[:m] == 0).tolist())
""",
    "subset-sum-inputs": """
def pull(self, source, parameters):
    return super().pull(source, parameters)[1:]
""",
    "one-in-three": """
def pull(self, source, parameters):
    return tuple(not value for value in super().pull(source, parameters))
""",
    "three-partition": """
def pull(self, source, parameters):
    return tuple(place + 1 for place in super().pull(source, parameters))
""",
    "bin-packing": """
def pull(self, source, parameters):
    return (0,) * len(source.numbers)
""",
    "posslp": """
def pull(self, source, parameters):
    return (0,)
""",
}

CHANGED_CONSTRUCTION = {
    # The weight 0 is missing: every number must be chosen.
    "subset-sum-neurons": (
        """
def build(self, source):
    made = super().build(source)
    return replace(made, domains=tuple(domain[-1:] for domain in made.domains))

def claims(self, source):
    return []
""",
        "yes-to-no",
    ),
    # Every number is doubled.
    "subset-sum-inputs": (
        """
def build(self, source):
    made = super().build(source)
    return replace(made, inputs=made.inputs * 2)
""",
        "yes-to-no",
    ),
    # One clause may be broken.
    "one-in-three": (
        """
def build(self, source):
    return replace(super().build(source), bound=1)

def claims(self, source):
    return []
""",
        "no-to-yes",
    ),
    # One bin fewer.
    "three-partition": (
        """
def build(self, source):
    made = super().build(source)
    bins = range(source.bins)
    domains = tuple(d[:-1] if d == tuple(bins) and len(bins) > 1 else d for d in made.domains)
    return replace(made, domains=domains)
""",
        "yes-to-no",
    ),
    # No bin has a load to reach but the last.
    "bin-packing": (
        """
def build(self, source):
    made = super().build(source)
    return replace(made, inputs=made.inputs[-1:], targets=made.targets[-1:])

def claims(self, source):
    return []
""",
        "no-to-yes",
    ),
    # The step is negated: "at most 0" instead of "at least 1".
    "posslp": (
        """
def build(self, source):
    made = super().build(source)
    return replace(made, targets=1 - made.targets)
""",
        "no-to-yes",
    ),
}
