"""Local search for parameters of small loss; it finds solutions and cannot exclude them.

Method: qnnhard. A tabu search with weights on the data points: every step evaluates every change
of one parameter on every data point and makes the best one.
"""
