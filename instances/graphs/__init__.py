"""Undirected graphs, their treewidth and tree decompositions."""
