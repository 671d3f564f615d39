"""How long work tells what it is doing."""

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Told what begins, in words, and the share of the work done so far, 0 to 1."""
