"""The closing words on the terminal count what the pages count, in the same order."""

import re
from pathlib import Path

from domain.results import COLOURS
from intake.receipt import Count
from reports.closing import alerts_table, documents_table
from tests.presentation.pieces import AS_OF, alert, shell_alert
from tests.reports.test_pages import RECEIVED

ROOT = Path(__file__).parents[2]


def test_alerts_are_counted_by_typology_and_colour_the_strongest_first() -> None:
    alerts = [alert(1, "red"), alert(2, "blue"), alert(3, "red"), shell_alert(1, "yellow", 4)]
    table = alerts_table(AS_OF, alerts)
    columns = {str(column.header): list(column.cells) for column in table.columns}
    assert list(columns)[2:] == list(reversed(COLOURS))
    assert columns["typology"] == ["T1", "T11"]
    assert [columns[colour] for colour in COLOURS] == [
        ["1", "0"],
        ["0", "1"],
        ["0", "0"],
        ["2", "0"],
    ]


def test_documents_are_counted_by_table_and_together() -> None:
    more = {**RECEIVED.tables, "payments": Count(offered=1_005, accepted=1_005)}
    table = documents_table(more)
    rows = list(zip(*(column.cells for column in table.columns), strict=True))
    assert rows == [
        ("orders", "10", "7", "1", "2"),
        ("payments", "1,005", "1,005", "0", "0"),
        ("all", "1,015", "1,012", "1", "2"),
    ]


def test_the_order_of_the_colours_is_written_once() -> None:
    rooms = (
        "assessment",
        "models",
        "nightly",
        "presentation",
        "reports",
        "scoring_api",
        "training",
    )
    files = [path for room in rooms for path in (ROOT / room).rglob("*.*")]
    sources = [path for path in files if path.suffix in {".py", ".html"}]
    listed = re.compile(r"\W+".join((r"\bred", "orange", "yellow", "blue")))
    backwards = re.compile(r"\W+".join((r"\bblue", "yellow", "orange", "red")))
    assert len(sources) > 60
    typed = [
        path.name
        for path in sources
        if listed.search(path.read_text("utf-8")) or backwards.search(path.read_text("utf-8"))
    ]
    assert typed == []
