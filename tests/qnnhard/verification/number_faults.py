"""The reductions from number problems, 1-in-3-SAT and PosSLP with one planted fault each.

A fault is the body of a subclass of a built-in reduction's image, in the text of a user's file.
"""

from tests.qnnhard.verification import faults

BASES = {
    "subset-sum-neurons": "SubsetSumNeurons",
    "subset-sum-inputs": "SubsetSumInputs",
    "one-in-three": "OneInThreeReduction",
    "three-partition": "ThreePartitionReduction",
    "bin-packing": "BinPackingReduction",
    "posslp": "PosSlpReduction",
}
MODULES = {"three-partition": "bin_packing", "posslp": "posslp"}


def faulty(reduction: str, body: str) -> str:
    """The text of a file that defines a reduction called ``faulty``."""
    return faults.faulty(BASES[reduction], body, MODULES.get(reduction))


DROPPED_POINT = """
@cached_property
def target(self):
    made = super().target
    return replace(made, inputs=made.inputs[1:], targets=made.targets[1:])

def claims(self):
    return []
"""

MOVED_TARGET = """
@cached_property
def target(self):
    made = super().target
    targets = made.targets.astype(object)
    targets[-1:, 0] += 1
    return replace(made, targets=targets)
"""

NEGATIVE_BOUND = """
@cached_property
def target(self):
    return replace(super().target, bound=-1)

def claims(self):
    return []
"""

WRONG_CLAIM = """
def claims(self):
    made = self.target
    return exactly(edges=made.network.edges + 1)
"""

RAISING_BUILD = """
@cached_property
def target(self):
    raise IndexError("gate 7")
"""

SILENT_BUILD = """
@cached_property
def target(self):
    super().target
"""

RAISING_PUSH = """
def push(self, witness):
    raise KeyError(witness)
"""

SILENT_PUSH = """
def push(self, witness):
    super().push(witness)
"""

RAISING_PULL = """
def pull(self, parameters):
    return parameters.weights[-1] / 0 if parameters.weights[10**6] else ()
"""

SILENT_PULL = """
def pull(self, parameters):
    super().pull(parameters)
"""

# The witness of parameters that push made is right; of any other solution it is not.
PULL_FOR_PUSHED_SOLUTIONS = """
def push(self, witness):
    made = super().push(witness)
    self.pushed = (made.weights.tolist(), made.biases.tolist(), witness)
    return made

def pull(self, parameters):
    weights, biases, witness = getattr(self, "pushed", (None, None, None))
    if (parameters.weights.tolist(), parameters.biases.tolist()) == (weights, biases):
        return witness
    return tuple(reversed(super().pull(parameters)))[1:]
"""

WRONG_PULL = {
    "subset-sum-neurons": """
def pull(self, parameters):
    source = self.source
    m = len(source.numbers)
    return tuple(np.flatnonzero(parameters.weights[:m] == 0).tolist())
""",
    "subset-sum-inputs": """
def pull(self, parameters):
    return super().pull(parameters)[1:]
""",
    "one-in-three": """
def pull(self, parameters):
    return tuple(not value for value in super().pull(parameters))
""",
    "three-partition": """
def pull(self, parameters):
    return tuple(place + 1 for place in super().pull(parameters))
""",
    "bin-packing": """
def pull(self, parameters):
    source = self.source
    return (0,) * len(source.numbers)
""",
    "posslp": """
def pull(self, parameters):
    return (0,)
""",
}

CHANGED_CONSTRUCTION = {
    # The weight 0 is missing: every number must be chosen.
    "subset-sum-neurons": (
        """
@cached_property
def target(self):
    made = super().target
    return replace(made, domains=tuple(domain[-1:] for domain in made.domains))

def claims(self):
    return []
""",
        "yes-to-no",
    ),
    # Every number is doubled.
    "subset-sum-inputs": (
        """
@cached_property
def target(self):
    made = super().target
    return replace(made, inputs=made.inputs * 2)
""",
        "yes-to-no",
    ),
    # One clause may be broken.
    "one-in-three": (
        """
@cached_property
def target(self):
    return replace(super().target, bound=1)

def claims(self):
    return []
""",
        "no-to-yes",
    ),
    # One bin fewer.
    "three-partition": (
        """
@cached_property
def target(self):
    source = self.source
    made = super().target
    bins = range(source.bins)
    domains = tuple(d[:-1] if d == tuple(bins) and len(bins) > 1 else d for d in made.domains)
    return replace(made, domains=domains)
""",
        "yes-to-no",
    ),
    # No bin has a load to reach but the last.
    "bin-packing": (
        """
@cached_property
def target(self):
    made = super().target
    return replace(made, inputs=made.inputs[-1:], targets=made.targets[-1:])

def claims(self):
    return []
""",
        "no-to-yes",
    ),
    # The step is negated: "at most 0" instead of "at least 1".
    "posslp": (
        """
@cached_property
def target(self):
    made = super().target
    return replace(made, targets=1 - made.targets)
""",
        "no-to-yes",
    ),
}
