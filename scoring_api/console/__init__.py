"""The console: pages that a regulator reads in a browser."""
