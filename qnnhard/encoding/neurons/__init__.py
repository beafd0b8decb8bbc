"""One neuron as clauses over its parameters and its predecessors."""
