"""Formulas in the formats of other tools."""
