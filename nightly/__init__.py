"""The nightly scan of the whole zone."""
