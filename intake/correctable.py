"""What is opened of a refused entity, as a file that can be corrected and received as it is."""

import csv
import io
import json
from typing import Any, Final

from lxml import etree

from domain.tables import TABLES
from intake.ceb_fields import MESSAGES
from intake.xml_stream import OPTIONS

_FLAGS: Final = {True: "true", False: "false"}


def correctable(sent: bytes, kind: str) -> bytes:
    """A message of the one business entity, or a CSV extract of the one row; else as it was sent.

    Args:
        sent: The entity or row as quarantine holds it.
        kind: CEBnnn, or the table of an extract.
    """
    try:
        if kind in MESSAGES:
            return _message(sent, kind)
        return _extract(json.loads(sent)) if kind in TABLES else sent
    except (etree.XMLSyntaxError, ValueError):
        # what broke off is given as it is
        return sent


def _message(sent: bytes, kind: str) -> bytes:
    entity = etree.fromstring(sent, etree.XMLParser(**OPTIONS))
    tag = etree.QName(entity.tag)
    prefixes = {prefix: name for prefix, name in entity.nsmap.items() if prefix}
    root = etree.Element(etree.QName(tag.namespace, f"{kind}Message"), nsmap=prefixes)
    root.append(entity)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _extract(row: dict[str, Any]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(row)
    writer.writerow(
        [_FLAGS.get(value, value) if isinstance(value, bool) else value for value in row.values()]
    )
    return text.getvalue().encode()
