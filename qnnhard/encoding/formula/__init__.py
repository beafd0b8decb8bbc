"""Formulas: clause templates, their copies, the names of variables, DIMACS."""
