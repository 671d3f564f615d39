"""Dossier of an enterprise and report of the zone: whole HTML files for reading and printing."""

from reports.dossier import write_dossier
from reports.enclosures import Enclosures, enclosures
from reports.reader import Reader
from reports.zone import write_zone

__all__ = ["Enclosures", "Reader", "enclosures", "write_dossier", "write_zone"]
