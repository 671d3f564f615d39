"""Dossier of an enterprise and report of the zone."""
