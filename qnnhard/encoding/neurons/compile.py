"""The choice between order literals and bits for the sums of a neuron."""

from instances.deadline import Deadline
from qnnhard.encoding.formula.template import Template
from qnnhard.encoding.neurons.binary import BinaryCompiler, needs_binary
from qnnhard.encoding.neurons.ordered import OrderedCompiler
from qnnhard.encoding.neurons.profile import Profile


def compile_neuron(profile: Profile, deadline: Deadline) -> Template:
    """Return the clauses that tie a neuron's value to its parameters and predecessors.

    Raises
    ------
    Unsupported
        Where a pre-activation takes too many values for a unary encoding.
    LimitReached
        When the deadline passes.
    """
    compiler = BinaryCompiler if needs_binary(profile) else OrderedCompiler
    return compiler(profile, deadline).run()
