"""What is counted of a zone, on twelve enterprises that a person can count."""

from dataclasses import replace

from presentation import zone
from presentation.zone import ZoneNight
from tests.presentation.pieces import AS_OF, COVERED, alert, shell_alert
from tests.presentation.small_zone import zone_night


def test_the_distribution_counts_now_and_before_best_tier_first() -> None:
    rows = zone.distribution(zone_night())
    assert [(row.code, row.count, row.previous) for row in rows] == [
        ("A", 2, 1),
        ("B", 5, 5),
        ("C", 2, 4),
        ("D", 1, 0),
        ("E", 1, 0),
        ("unrated", 1, 0),
    ]


def test_without_a_previous_night_there_is_nothing_to_compare() -> None:
    night = zone_night()
    heads = [head.model_copy(update={"previous_tier": None}) for head in night.heads]
    first = replace(night, heads=heads)
    assert {row.previous for row in zone.distribution(first)} == {None}
    assert zone.movement(first).worsened == 0


def test_movement_counts_every_enterprise_once_and_says_which_way() -> None:
    moved = zone.movement(zone_night())
    assert sum(moved.cells.values()) == 12
    assert (moved.worsened, moved.improved) == (2, 1)
    assert moved.cells["C", "E"] == 1
    assert moved.cells[None, "B"] == 1


def test_becoming_unrated_is_neither_better_nor_worse() -> None:
    night = zone_night()
    gone = night.heads[3].model_copy(update={"tier": "unrated", "previous_tier": "A"})
    moved = zone.movement(replace(night, heads=[gone]))
    assert (moved.worsened, moved.improved) == (0, 0)


def test_a_tier_that_nobody_holds_any_more_keeps_its_row() -> None:
    night = zone_night()
    last = night.heads[3].model_copy(update={"tier": "A", "previous_tier": "D"})
    rows = zone.distribution(replace(night, heads=[last]))
    assert [(row.code, row.count, row.previous, row.label.zh) for row in rows] == [
        ("A", 0 + 1, 0, last.tier_label.zh),
        ("D", 0, 1, "差"),
    ]


def test_alerts_are_counted_by_typology_colour_and_department() -> None:
    alerts = zone_night().alerts
    assert zone.colour_counts(alerts) == {"red": 1, "orange": 1, "yellow": 2, "blue": 1}
    assert [(row.code, row.total) for row in zone.typology_rows(alerts)] == [("T1", 3), ("T11", 2)]
    counted = zone.department_counts(alerts)
    assert counted["market_supervision"] == {"red": 0, "orange": 0, "yellow": 1, "blue": 1}
    assert sum(counted["payment"].values()) == 3


def test_the_typology_with_the_strongest_colours_comes_first() -> None:
    many_blue = [shell_alert(n, "blue", n) for n in range(5)]
    rows = zone.typology_rows([*many_blue, alert(9, "red", 9)])
    assert [row.code for row in rows] == ["T1", "T11"]


def test_sources_say_how_far_behind_they_are() -> None:
    rows = {row.source: row for row in zone.source_rows(AS_OF, COVERED, ("tax",))}
    assert (rows["tax"].days_behind, rows["tax"].state) == (15, "late")
    assert (rows["customs"].days_behind, rows["customs"].state) == (0, "fresh")
    assert (rows["platform"].covered_to, rows["platform"].state) == (None, "silent")


def test_freshness_is_not_claimed_where_it_is_not_known() -> None:
    states = {row.source: row.state for row in zone.source_rows(AS_OF, COVERED)}
    assert states == dict.fromkeys(COVERED, None) | {"platform": "silent"}


def test_no_alert_no_chart() -> None:
    night: ZoneNight = replace(zone_night(), alerts=[])
    assert zone.alerts_chart(night, "zh") == ""
    assert zone.typology_name("model", alert(1).label, "en") == alert(1).label.en
