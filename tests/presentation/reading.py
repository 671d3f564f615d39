"""Reading a page as a browser does."""

from typing import Any

from lxml import html


def tree_of(page: str) -> Any:  # noqa: ANN401 - the stubs type an XPath as a union of everything
    return html.fromstring(page)
