"""Drawings small enough to stand in a table cell, as SVG without any style attribute."""

from typing import Final

from markupsafe import Markup

from domain.results import Evidence
from presentation.numbers import measured, signed
from presentation.words import PHRASES, Lang, say

_WIDTH: Final = 120
_EDGE: Final = 4
_HALF: Final = 56
_LONG: Final = 260


def peers_strip(evidence: Evidence, lang: Lang) -> Markup:
    """Where the enterprise stands against the median of its peers and a rule's limit."""
    if evidence.value is None or (evidence.peer_median is None and evidence.limit is None):
        return Markup("")
    marks = [m for m in (evidence.value, evidence.peer_median, evidence.limit) if m is not None]
    low, high = min(0.0, *marks), max(0.0, *marks)
    span = (high - low) or 1.0

    def place(value: float) -> str:
        return f"{_EDGE + (value - low) / span * (_WIDTH - 2 * _EDGE):.1f}"

    drawn = [Markup('<line class="track" x1="{}" y1="8" x2="{}" y2="8"/>').format(_EDGE, 116)]
    if evidence.peer_median is not None:
        at = place(evidence.peer_median)
        drawn.append(Markup('<line class="median" x1="{0}" y1="2" x2="{0}" y2="14"/>').format(at))
    if evidence.limit is not None:
        at = place(evidence.limit)
        drawn.append(Markup('<line class="limit" x1="{0}" y1="1" x2="{0}" y2="15"/>').format(at))
    drawn.append(Markup('<circle class="own" cx="{}" cy="8" r="3.5"/>').format(place(marks[0])))
    return _cell(_strip_label(evidence, lang), Markup("").join(drawn))


def _strip_label(evidence: Evidence, lang: Lang) -> str:
    column = PHRASES["column"]
    said = [f"{say(column['value'], lang)} {measured(evidence.value, evidence.unit, lang)}"]
    if evidence.peer_median is not None:
        median = measured(evidence.peer_median, evidence.unit, lang)
        said.append(f"{say(column['median'], lang)} {median}")
    if evidence.limit is not None:
        said.append(f"{say(column['limit'], lang)} {measured(evidence.limit, evidence.unit, lang)}")
    return " · ".join(said)


def contribution_bar(contribution: float, most: float, lang: Lang) -> Markup:
    """A contribution to the margin, from a middle line: to the right is more risk.

    Args:
        contribution: What the reason adds.
        most: The largest absolute contribution on the page, which fills half the width.
        lang: Language of the label.
    """
    length = abs(contribution) / most * _HALF if most else 0.0
    start = 60.0 if contribution > 0 else 60.0 - length
    phrase = PHRASES["enterprise"]["raises" if contribution > 0 else "lowers"]
    bar = Markup(
        '<rect class="{}" x="{}" y="3" width="{}" height="10"/>'
        '<line class="middle" x1="60" y1="0" x2="60" y2="16"/>'
    ).format("up" if contribution > 0 else "down", f"{start:.1f}", f"{length:.1f}")
    return _cell(f"{say(phrase, lang)} {signed(contribution)}", bar)


def stair(start: float, end: float, low: float, high: float) -> Markup:
    """One step of a staircase whose treads lie between `low` and `high`; no width is a mark."""
    scale = (_LONG - 2 * _EDGE) / ((high - low) or 1.0)
    left, right = (_EDGE + (edge - low) * scale for edge in sorted((start, end)))
    kind = "mark" if start == end else "up" if end > start else "down"
    width = max(right - left, 2.0)
    return Markup(
        '<svg class="strip" aria-hidden="true" width="{0}" height="16" viewBox="0 0 {0} 16" '
        'preserveAspectRatio="none">'
        '<line class="track" x1="0" y1="15.5" x2="{0}" y2="15.5"/>'
        '<rect class="{1}" x="{2:.1f}" y="2" width="{3:.1f}" height="12"/></svg>'
    ).format(_LONG, kind, left, width)


def _cell(label: str, body: Markup) -> Markup:
    return Markup(
        '<svg class="strip" role="img" aria-label="{0}" width="120" height="16" '
        'viewBox="0 0 120 16"><title>{0}</title>{1}</svg>'
    ).format(label, body)
