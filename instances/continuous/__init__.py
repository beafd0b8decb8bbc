"""Continuous training: networks whose parameters are frozen or range over the reals."""
