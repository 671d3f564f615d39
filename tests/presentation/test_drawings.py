"""Charts and strips: well-formed, named, the same bytes from the same values."""

from datetime import date

import pytest
from lxml import etree

from domain.results import Words
from presentation import charts, strips
from presentation.charts import AlertCount, Bar, NightTier
from presentation.words import LANGS, PHRASES, Lang, say
from tests.presentation.pieces import evidence

BARS = [Bar("A 优", 120, 118), Bar("B 良", 812, 820)]
ALERTS = [AlertCount("T1 <刷单> & more", "red", 3), AlertCount("T1 <刷单> & more", "blue", 5)]
NIGHTS = [NightTier(date(2026, 5, 31), "A"), NightTier(date(2026, 6, 30), "B")]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(lang: Lang) -> dict[str, str]:
    return {
        "distribution": charts.grade_distribution(BARS, lang),
        "alerts": charts.alerts_by_typology(ALERTS, lang),
        "trend": charts.grade_trend(NIGHTS, ["A", "B"], lang),
    }


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["distribution", "alerts", "trend"])
def test_a_chart_is_well_formed_and_has_a_title(lang: Lang, name: str) -> None:
    svg = drawn(lang)[name]
    root = etree.fromstring(svg.encode())
    title = say(PHRASES["chart"][name], lang)
    assert root.get("role") == "img"
    assert root.get("aria-label") == title
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == title
    assert title in texts(svg)


@pytest.mark.parametrize("name", ["distribution", "alerts", "trend"])
def test_a_chart_holds_nothing_that_a_strict_page_refuses(name: str) -> None:
    svg = drawn("zh")[name]
    for forbidden in ("style=", "<style", "<script", "<image", "href=", "id=", "clip-path"):
        assert forbidden not in svg


def test_the_same_values_give_the_same_bytes_however_often_drawn() -> None:
    first = drawn("zh")
    charts._drawn.cache_clear()
    charts.grade_distribution([Bar("Z", 1)], "en")
    assert drawn("zh") == first


def test_the_distribution_says_the_change_against_the_previous_night() -> None:
    said = texts(charts.grade_distribution(BARS, "zh"))
    assert "120 (+2)" in said
    assert "812 (−8)" in said


def test_a_distribution_without_a_previous_night_says_no_change() -> None:
    said = texts(charts.grade_distribution([Bar("A", 5)], "zh"))
    assert "5" in said
    assert not any("(" in each for each in said if each.startswith("5"))


def test_hostile_labels_stay_text() -> None:
    assert "T1 <刷单> & more" in texts(charts.alerts_by_typology(ALERTS, "zh"))


def test_the_trend_labels_the_nights_by_their_day_everywhere_on_earth() -> None:
    assert {"2026-05-31", "2026-06-30"} <= set(texts(charts.grade_trend(NIGHTS, ["A", "B"], "en")))


def shape(svg: str, kind: str) -> etree._Element:
    found = [each for each in etree.fromstring(svg.encode()) if each.get("class") == kind]
    assert len(found) == 1
    return found[0]


def held(value: float | None, median: float | None, limit: float | None = None) -> str:
    label = Words(zh="<b>", en="<b>")
    each = evidence("f", label, "count", value, [], peer_median=median, limit=limit)
    return strips.peers_strip(each, "zh")


def test_the_peers_strip_places_value_median_and_limit_on_one_scale() -> None:
    svg = held(40, 10, 20)
    own, median, limit = (
        float(shape(svg, "own").get("cx") or 0),
        float(shape(svg, "median").get("x1") or 0),
        float(shape(svg, "limit").get("x1") or 0),
    )
    assert 0 < median < limit < own < 120
    assert (own - 4) == pytest.approx(4 * (median - 4), abs=0.2)


@pytest.mark.parametrize(("value", "median"), [(None, 3.0), (3.0, None)])
def test_there_is_no_strip_without_something_to_compare(
    value: float | None, median: float | None
) -> None:
    assert held(value, median) == ""


def test_a_strip_of_zeros_is_still_drawn() -> None:
    assert shape(held(0, 0), "own").get("cx") == "4.0"


def test_more_risk_is_to_the_right() -> None:
    up = shape(strips.contribution_bar(0.5, 1.0, "zh"), "up")
    down = shape(strips.contribution_bar(-1.0, 1.0, "zh"), "down")
    assert float(up.get("x") or 0) == 60
    assert float(down.get("x") or 0) + float(down.get("width") or 0) == 60
    assert float(down.get("width") or 0) == 2 * float(up.get("width") or 0)


def test_a_stair_goes_from_where_the_last_one_ended() -> None:
    first, second = strips.stair(-2, -1, -2, 0), strips.stair(-1, 0, -2, 0)
    end = float(shape(first, "up").get("x") or 0) + float(shape(first, "up").get("width") or 0)
    assert end == pytest.approx(float(shape(second, "up").get("x") or 0), abs=0.2)
    assert shape(strips.stair(0, -2, -2, 0), "down") is not None
    assert shape(strips.stair(-1, -1, -2, 0), "mark") is not None
