"""Tables of the generated pages."""

from collections.abc import Iterable


def header(*names: str) -> Iterable[str]:
    """The two lines that begin a table."""
    return (row(*names), "|" + "---|" * len(names))


def row(*texts: str) -> str:
    """One line of a table."""
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"
