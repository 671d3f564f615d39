"""What the two reports say."""

import re
from datetime import datetime, time

import pytest

from domain.results import Assessment
from intake.checks import CHECK_WORDS
from intake.receipt import Count
from intake.received import Received
from presentation.page import PAGE_POLICY
from presentation.words import LANGS, Lang, say
from reports.changes import changes
from reports.dossier import dossier_page
from reports.enclosures import Enclosures
from reports.zone import zone_report_page
from tests.presentation.pieces import (
    BEFORE,
    alert,
    credit_score,
    enterprise,
    laundering_alert,
    laundering_record,
    shell_alert,
)
from tests.presentation.reading import tree_of
from tests.presentation.small_zone import (
    assessment,
    calm,
    enterprise_night,
    grade,
    history,
    provisional,
    unrated,
    zone_night,
)

RECEIVED = Received(
    receipts=3,
    last_at=datetime.combine(BEFORE, time()),
    tables={"orders": Count(offered=10, accepted=7, unchanged=1, quarantined=2)},
    reasons={"unknown_enterprise": 2},
    not_yet_read={"CEB816": 3},
    flags={"amount_identity": 4},
)
FIGURES = {
    "credit": {"auc": 0.781, "interval": [0.74, 0.82]},
    "by_scheme": {"T1": {"recall": 0.83, "cases": 12}, "T11": {"recall": 0.5, "cases": 4}},
    "promoted": True,
    "note": None,
}


def before() -> Assessment:
    return assessment(
        1,
        as_of=BEFORE,
        grade=grade("C"),
        alerts=(alert(1, "orange"), shell_alert(1, "yellow", 3)),
        credit=credit_score(-1),
    )


def now() -> Assessment:
    gone = alert(1, "yellow", 7, alert_id="new", typology="T3")
    return assessment(alerts=(alert(1), gone))


def every_page(lang: Lang) -> list[str]:
    enclosed = Enclosures(RECEIVED, FIGURES, synthetic=True)
    cleared = enterprise_night(assessment(), history=[], laundering=laundering_record(1))
    quiet = (unrated(3), provisional(2), calm(4))
    return [
        dossier_page(enterprise_night(now()), before(), lang),
        dossier_page(cleared, None, lang),
        *(dossier_page(enterprise_night(one, history=[]), None, lang) for one in quiet),
        zone_report_page(zone_night(), enclosed, lang),
        zone_report_page(zone_night(), Enclosures(), lang, [laundering_alert(1)]),
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_a_report_is_whole_in_itself(lang: Lang) -> None:
    for page in every_page(lang):
        addresses = set(re.findall(r"\w+://[^\"'\s<]*", page))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        tree = tree_of(page)
        assert not tree.xpath("//script | //img | //*[@style] | //form | //button")
        links = tree.xpath("//a/@href")
        assert all(link.startswith("#") for link in links)
        targets = {f"#{each}" for each in tree.xpath("//@id")}
        assert set(links) <= targets
        assert tree.xpath("//meta[@http-equiv]/@content") == [PAGE_POLICY]


def test_a_dossier_shows_its_documents_without_a_click() -> None:
    tree = tree_of(dossier_page(enterprise_night(assessment()), None, "zh"))
    assert not tree.xpath("//details[not(@open)]")
    listed = {each.text for each in tree.xpath("//section[h2[@id='documents']]//code")}
    assert {"XZ-SJ-2025-0917", "penalty_amount_3y|1", "tax|2026"} <= listed


def test_a_dossier_tells_every_night_newest_first() -> None:
    tree = tree_of(dossier_page(enterprise_night(assessment()), None, "zh"))
    rows = tree.xpath("//section[h2[@id='history']]//tbody/tr/td[1]")
    nights = [each.text for each in rows]
    assert nights == sorted(nights, reverse=True)
    assert len(nights) == len(history())


@pytest.mark.parametrize("lang", LANGS)
def test_changes_name_tier_holds_alerts_and_reasons(lang: Lang) -> None:
    found = changes(now(), before(), lang)
    kinds = [say(change.kind, "en") for change in found]
    assert kinds[:2] == ["Credit grade", "New hold on the grade"]
    assert kinds.count("New alert") == 1
    assert kinds.count("Alert gone") == 1
    assert kinds.count("Alert changed colour") == 1
    assert kinds.count("Indicator moved") == 8
    assert (found[0].before, found[0].now) == (
        ("C 中", "E 警戒") if lang == "zh" else ("C Fair", "E Alarming")
    )


def test_a_hold_that_ended_is_a_change() -> None:
    found = changes(assessment(grade=grade("C")), assessment(as_of=BEFORE), "en")
    assert [say(change.kind, "en") for change in found][:2] == [
        "Credit grade",
        "Hold on the grade ended",
    ]
    assert found[1].before == "E Alarming"


@pytest.mark.parametrize("lang", LANGS)
def test_a_dossier_tells_the_fraud_lead_apart_from_the_grade(lang: Lang) -> None:
    tree = tree_of(dossier_page(enterprise_night(assessment()), None, lang))
    said = re.sub(r"\s+", " ", tree.xpath("//section[h2[@id='fraud']]")[0].text_content())
    assert "73.4" in said
    assert "3 / 12" in said
    assert "fraud-2" in said
    assert ("未经确认" if lang == "zh" else "unconfirmed") in said
    assert "73.4" not in tree.xpath("//section[h2[@id='grade']]")[0].text_content()
    cited = tree.xpath("//section[h2[@id='documents']]")[0].text_content()
    assert "PAY2026000000" in cited
    untold = tree_of(dossier_page(enterprise_night(calm(4)), None, lang))
    assert not untold.xpath("//*[@id='fraud']")


def test_nothing_changed_is_said() -> None:
    assert changes(assessment(), assessment(as_of=BEFORE), "zh") == []
    page = dossier_page(enterprise_night(assessment()), assessment(as_of=BEFORE), "zh")
    assert "与上次相比没有变化。" in page


def test_an_unrated_night_is_compared_without_reasons() -> None:
    kinds = [change.kind.en for change in changes(unrated(3), calm(3), "zh")]
    assert kinds == ["Credit grade"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_zone_report_says_what_was_received_and_how_models_do(lang: Lang) -> None:
    page = every_page(lang)[5]
    rows = [
        [re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row.xpath("th|td")]
        for row in tree_of(page).xpath("//tr")
    ]
    orders = "订单" if lang == "zh" else "Orders"
    unknown = "企业不在名册" if lang == "zh" else "enterprise not on the roll"
    assert [orders, "10", "7", "1", "2"] in rows
    assert [unknown, "2"] in rows
    assert [say(CHECK_WORDS["amount_identity"], lang), "4"] in rows
    assert [row[1:] for row in rows if row[0].startswith("T1 ")] == [
        ["1", "1", "1", "·", "3"],
        ["0.830", "12"],
    ]
    assert ["interval", "0.740、0.820" if lang == "zh" else "0.740, 0.820"] in rows
    assert "CEB816" in page


def test_the_movement_matrix_adds_up_to_the_zone() -> None:
    tree = tree_of(zone_report_page(zone_night(), Enclosures(), "zh"))
    cells = tree.xpath("//section[h2[@id='movement']]//tbody//td")
    counts = [int(cell.text) for cell in cells if cell.text.strip() != "·"]
    assert sum(counts) == 12


def test_simulated_data_is_called_simulated() -> None:
    assert "虚构" in zone_report_page(zone_night(), Enclosures(synthetic=True), "zh")
    assert "虚构" not in zone_report_page(zone_night(), Enclosures(), "zh")


def test_hostile_names_stay_text() -> None:
    hostile = assessment(enterprise=enterprise(1, "<script>x</script>"))
    page = dossier_page(enterprise_night(hostile), None, "zh")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_same_input_gives_the_same_bytes() -> None:
    assert every_page("zh") == every_page("zh")
