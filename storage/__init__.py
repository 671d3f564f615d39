"""Disk in, disk out: the lake, the ledger, and the engine that reads them."""
