"""Neurons and inputs that can change places, asked to be in order."""
