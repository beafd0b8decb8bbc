"""Seeded families of training instances: architectures of low treewidth, small planar data."""
