"""Charts as SVG text, drawn offline by Vega-Lite; each takes plain values.

A chart carries a title with its unit and an accessible name. The same values give the same
bytes: nothing is clipped, because Vega numbers its clip paths by a counter of the process.
"""

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

import altair as alt
import vl_convert
from markupsafe import Markup, escape

from presentation.numbers import change, number
from presentation.words import PHRASES, Lang, named, say

FONT: Final = "Liberation Sans, Noto Sans CJK SC, sans-serif"
ALERT_COLOURS: Final = {
    "red": "#b3261e",
    "orange": "#d9730d",
    "yellow": "#e3b505",
    "blue": "#2f6fab",
}
_INK: Final = "#1f2a37"
_BAR: Final = "#3f6286"
_GRID: Final = "#e3e8ee"
_WIDTH: Final = 430
_MOST_LABELS: Final = 5
_GRIDDED: Final = alt.Axis(grid=True)


class Bar(NamedTuple):
    """One tier of a distribution: now, and on the previous night where there was one."""

    label: str
    now: int
    previous: int | None = None


class AlertCount(NamedTuple):
    """How many alerts of one typology have one colour."""

    typology: str
    colour: str
    alerts: int


class NightTier(NamedTuple):
    """The tier of one night."""

    night: date
    tier: str


def grade_distribution(bars: Sequence[Bar], lang: Lang) -> Markup:
    """How many enterprises stand in each tier, with the change against the previous night."""
    compared = any(bar.previous is not None for bar in bars)
    rows = [_bar_row(bar) for bar in bars]
    order = [bar.label for bar in bars]
    base = alt.Chart(_rows(rows)).encode(
        y=alt.Y("tier:N", sort=order, title=None),
        x=alt.X("count:Q", title=_phrase("enterprises", lang), axis=alt.Axis(tickCount=4)),
    )
    bar = base.mark_bar(color=_BAR, height={"band": 0.62})
    text = base.mark_text(align="left", dx=6, color=_INK).encode(x="right:Q", text="text:N")
    tick = base.mark_tick(color=_INK, thickness=2, height=22).encode(x="previous:Q")
    layers = [bar, tick, text] if compared else [bar, text]
    subtitle = _phrase("distribution_previous" if compared else "distribution_now", lang)
    return _svg(alt.layer(*layers), _phrase("distribution", lang), subtitle, 30 * len(bars))


def _bar_row(bar: Bar) -> dict[str, Any]:
    moved = "" if bar.previous is None else f" ({change(bar.now - bar.previous)})"
    row: dict[str, Any] = {"tier": bar.label, "count": bar.now, "previous": bar.previous}
    return row | {"right": max(bar.now, bar.previous or 0), "text": number(bar.now) + moved}


def alerts_by_typology(counts: Sequence[AlertCount], lang: Lang) -> Markup:
    """How many alerts there are of each typology, stacked by colour."""
    order = list(dict.fromkeys(entry.typology for entry in counts))
    colours = {code: say(named(code, "colour"), lang) for code in ALERT_COLOURS}
    rows = [
        {
            "typology": entry.typology,
            "colour": colours[entry.colour],
            "order": list(ALERT_COLOURS).index(entry.colour),
            "count": entry.alerts,
        }
        for entry in counts
    ]
    scale = alt.Scale(domain=list(colours.values()), range=list(ALERT_COLOURS.values()))
    count_axis = alt.Axis(tickCount=5, tickMinStep=1, format="d")
    chart = (
        alt.Chart(_rows(rows))
        .mark_bar(height={"band": 0.62}, stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("typology:N", sort=order, title=None),
            x=alt.X("count:Q", title=_phrase("alert_count", lang), axis=count_axis),
            color=alt.Color("colour:N", scale=scale, title=None, legend=alt.Legend(orient="top")),
            order=alt.Order("order:Q"),
        )
    )
    return _svg(chart, _phrase("alerts", lang), "", 26 * len(order))


def grade_trend(nights: Sequence[NightTier], scale: Sequence[str], lang: Lang) -> Markup:
    """The tier of an enterprise on each night; `scale` is best first."""
    rows = [{"night": entry.night.isoformat(), "tier": entry.tier} for entry in nights]
    labelled = [row["night"] for row in rows][:: -(-len(rows) // _MOST_LABELS)]
    base = alt.Chart(_rows(rows)).encode(
        x=alt.X(
            "night:T",
            title=_phrase("trend_axis", lang),
            scale=alt.Scale(type="utc"),
            axis=alt.Axis(format="%Y-%m-%d", values=labelled, labelOverlap=True),
        ),
        y=alt.Y("tier:O", title=None, scale=alt.Scale(domain=list(scale)), axis=_GRIDDED),
    )
    line = base.mark_line(interpolate="step-after", color=_BAR, strokeWidth=2)
    points = base.mark_point(color=_BAR, filled=True, size=46, opacity=1)
    return _svg(alt.layer(line, points), _phrase("trend", lang), "", 26 * len(scale))


def _phrase(key: str, lang: Lang) -> str:
    return say(PHRASES["chart"][key], lang)


def _rows(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)


def _svg(
    chart: alt.Chart | alt.LayerChart | alt.FacetChart, title: str, subtitle: str, height: int
) -> Markup:
    heading = alt.TitleParams(title, subtitle=subtitle) if subtitle else alt.TitleParams(title)
    framed = chart.properties(title=heading, width=_WIDTH, height=max(height, 60))
    spec = json.dumps(framed.to_dict(validate=False) | {"config": _CONFIG}, sort_keys=True)
    return _drawn(spec, title)


_CONFIG: Final[dict[str, Any]] = {
    "background": "transparent",
    "font": FONT,
    # the reader's own font may run wider than the one measured
    "padding": {"left": 24, "right": 12, "top": 5, "bottom": 5},
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "frame": "group",
        "fontSize": 13,
        "color": _INK,
        "subtitleFontSize": 11,
        "subtitleColor": "#5b6775",
        "offset": 10,
    },
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelColor": _INK,
        "titleColor": "#5b6775",
        "gridColor": _GRID,
        "domainColor": "#9aa5b1",
        "tickColor": "#9aa5b1",
        "labelLimit": 330,
    },
    "legend": {"labelFontSize": 12, "symbolType": "square", "labelColor": _INK},
    "text": {"fontSize": 12},
}


@lru_cache(maxsize=256)
def _drawn(spec: str, title: str) -> Markup:
    """A process draws the same picture once; starting the drawer costs it half a second."""
    svg: str = vl_convert.vegalite_to_svg(spec)
    opening = Markup('<svg role="img" aria-label="{}"').format(title)
    head, body = svg.replace("<svg", opening, 1).split(">", 1)
    return Markup(f"{head}><title>{escape(title)}</title>{body}")  # noqa: S704 - Vega escapes texts
