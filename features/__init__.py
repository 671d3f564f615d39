"""Signals to numbers: one row per enterprise, one column per feature."""
