"""Behaviour tables: neurons with small tables, encoded by what they do on the data."""
