"""The scoring API and the console."""
