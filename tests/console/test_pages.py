"""What a regulator finds on the console's pages, and what must never be there."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain.errors import UnknownEnterprise
from domain.results import Assessment
from presentation.enterprise import peers
from presentation.page import PAGE_POLICY
from presentation.words import LANGS, Lang, say
from scoring_api.console.pages import (
    CONTENT_SECURITY_POLICY,
    UNKNOWN_KEY,
    Asked,
    enterprise_page,
    refused_page,
    sign_in_page,
    zone_page,
)
from tests.presentation.pieces import (
    CLEARED,
    OFFICER,
    alert,
    code_of,
    enterprise,
    laundering_alert,
    laundering_record,
)
from tests.presentation.reading import tree_of
from tests.presentation.small_zone import (
    assessment,
    calm,
    enterprise_night,
    history,
    provisional,
    unrated,
    zone_night,
)

HOSTILE = "<script>alert('x')</script>\"'&有限公司"


def page_of(one: Assessment, lang: Lang = "zh") -> str:
    return enterprise_page(enterprise_night(one), OFFICER, lang)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", tree_of(page).text_content())


def all_pages() -> Iterator[str]:
    for lang in LANGS:
        yield sign_in_page(UNKNOWN_KEY, lang)
        yield refused_page(UnknownEnterprise, lang)
        yield zone_page(zone_night(), Asked(text="徐州"), OFFICER, lang)
        yield zone_page(zone_night(), Asked(), CLEARED, lang, [laundering_alert(1)])
        recorded = enterprise_night(assessment(), laundering=laundering_record(1))
        yield enterprise_page(recorded, CLEARED, lang)
        for one in (unrated(3), provisional(2), calm(4)):
            yield page_of(one, lang)


def test_no_page_names_an_outside_address_or_runs_anything() -> None:
    for page in all_pages():
        addresses = set(re.findall(r"\w+://[^\"'\s<]*", page))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        tree = tree_of(page)
        assert not tree.xpath(
            "//script | //img | //iframe | //object | //*[@style] | //*[@onclick]"
        )
        links = tree.xpath("//a/@href | //form/@action | //link/@href")
        assert links
        assert all(link.startswith(("/console", "#", "data:,")) for link in links)


def test_ids_are_unique_and_tables_can_be_reached_by_keyboard() -> None:
    for page in all_pages():
        tree = tree_of(page)
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert all(each.get("aria-label") for each in tree.xpath("//*[@tabindex='0']"))
        assert all(each.get("aria-label") for each in tree.xpath("//svg[@role='img']"))
        assert tree.xpath("//a[@class='skip']/@href") == ["#main"]


def test_the_policy_lets_nothing_in_and_names_the_one_style_sheet() -> None:
    assert CONTENT_SECURITY_POLICY.startswith(PAGE_POLICY)
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert len(tree_of(sign_in_page(None, "zh")).xpath("//style")) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_names_stay_text(lang: Lang) -> None:
    hostile = assessment(1, enterprise=enterprise(1, HOSTILE))
    night = zone_night()
    heads = [night.heads[0].model_copy(update={"name": HOSTILE}), *night.heads[1:]]
    asked = Asked(text="<script>", tier='"><b>', colour='"><i>')
    for page in (
        page_of(hostile, lang),
        zone_page(replace(night, heads=heads), asked, OFFICER, lang),
    ):
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
        assert not tree_of(page).xpath("//script | //main//b | //main//i")


@pytest.mark.parametrize("lang", LANGS)
def test_an_enterprise_page_holds_all_that_a_regulator_needs(lang: Lang) -> None:
    one = assessment()
    page = page_of(one, lang)
    said = text_of(page)
    credit = one.credit
    assert credit is not None
    who = one.enterprise
    needed = [who.name, who.code, who.customs_code or "", say(peers(one.peer_group), lang)]
    needed += [one.grade.tier, say(one.grade.label, lang), "38.7 %"]
    for cap in one.grade.caps:
        needed += [say(cap.label, lang), cap.reference, str(cap.ends_on), cap.document.document_key]
    for reason in credit.reasons:
        needed += [say(reason.label, lang), *(each.document_key for each in reason.documents)]
    for each in one.alerts:
        needed += [say(each.label, lang), str(each.first_seen)]
        needed += [say(lookalike, lang) for lookalike in each.lookalikes]
        needed += [say(found.label, lang) for found in each.evidence]
        needed += [key.document_key for found in each.evidence for key in found.documents]
    for measure in one.measures:
        needed += [say(measure.label, lang), measure.basis]
    for outcome in one.outcomes:
        needed += [say(outcome.label, lang), outcome.reference]
    needed += [grade.grade for grade in one.authority_grades]
    needed += [one.versions.catalogue, one.versions.policy, *one.versions.models.values()]
    needed += [day.isoformat() for day in one.covered.values()]
    assert [each for each in needed if each not in said] == []


def test_both_languages_say_the_same_but_not_in_the_same_words() -> None:
    zh, en = (text_of(page_of(assessment(), lang)) for lang in LANGS)
    assert "为何" not in en
    assert "等级走势" in zh
    assert "Grade over the nights" in en
    assert "中文" in en
    assert "English" in zh


def test_a_restriction_is_marked_and_carries_its_basis() -> None:
    rows = tree_of(page_of(assessment())).xpath("//tr[.//span[@class='tag restricts']]")
    assert len(rows) == 3
    assert all(row.xpath("td[last()]")[0].text_content().strip() for row in rows)


def test_a_cap_is_said_in_words() -> None:
    assert "按评分可列此级" in text_of(page_of(assessment()))
    assert "按评分可列此级" not in text_of(page_of(calm(4)))


def test_unrated_says_why_and_has_no_reasons() -> None:
    page = page_of(unrated(3))
    assert "近六个月无申报且无部门评级，证据不足。" in page
    assert "为何暂不评级" in page
    assert 'id="why"' not in page


def test_provisional_says_why() -> None:
    page = page_of(provisional(2))
    assert "税务数据截至6月15日，超过期限。" in page
    assert "为何暂定" in page
    assert "暂定" not in text_of(page_of(calm(4)))


def test_no_alert_is_said() -> None:
    assert "本次评级没有预警。" in page_of(calm(4))


def test_a_reason_leads_to_its_documents() -> None:
    tree = tree_of(page_of(assessment()))
    rows = tree.xpath("//tr[td[1][normalize-space()='三年内行政处罚金额']]")
    assert [code.text for code in rows[0].xpath(".//details//code")] == [
        f"penalty_amount_3y|{i}" for i in (1, 2, 3)
    ]


def test_missing_is_not_shown_as_zero() -> None:
    tree = tree_of(page_of(assessment()))
    row = tree.xpath("//tr[td[1][normalize-space()='抽检不合格占比']]")[0]
    assert row.xpath("td[2]")[0].text_content() == "缺失"


def test_the_work_list_is_in_order_of_rank_with_colour_in_words() -> None:
    tree = tree_of(zone_page(zone_night(), Asked(), OFFICER, "zh"))
    rows = tree.xpath("//section[h2[@id='work']]//tbody/tr")
    assert [int(row.xpath("td[1]")[0].text) for row in rows] == [1, 2, 4, 19, 30]
    assert [row.xpath("td[2]/span")[0].text for row in rows] == ["红", "橙", "黄", "黄", "蓝"]
    link = rows[0].xpath(".//a/@href")[0]
    assert link == f"/console/enterprises/{code_of(1)}?lang=zh&as_of=2026-06-30#alerts"


@pytest.mark.parametrize(
    ("asked", "ranks"),
    [
        (Asked(colour="yellow"), [4, 19]),
        (Asked(typology="T11"), [19, 30]),
        (Asked(department="payment"), [1, 2, 4]),
        (Asked(colour="blue", department="payment"), []),
    ],
)
def test_the_work_list_can_be_narrowed(asked: Asked, ranks: list[int]) -> None:
    tree = tree_of(zone_page(zone_night(), asked, OFFICER, "zh"))
    rows = tree.xpath("//section[h2[@id='work']]//tbody/tr")
    assert [int(row.xpath("td[1]")[0].text) for row in rows] == ranks


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(text="叠石桥"), 4),
        (Asked(text=code_of(7).lower()), 1),
        (Asked(text="3203930002"), 1),
        (Asked(text="３２０３９３"), 12),
        (Asked(text="no such firm"), 0),
        (Asked(tier="A"), 2),
        (Asked(tier="A", text="徐州"), 1),
    ],
)
def test_an_enterprise_is_found_by_name_code_or_tier(asked: Asked, found: int) -> None:
    tree = tree_of(zone_page(zone_night(), asked, OFFICER, "en"))
    assert len(tree.xpath("//section[h2[@id='enterprises']]//tbody/tr")) == found


def test_nothing_is_listed_that_was_not_asked_for() -> None:
    assert 'id="enterprises"' not in zone_page(zone_night(), Asked(), OFFICER, "zh")


def test_the_other_language_keeps_what_was_asked() -> None:
    page = zone_page(zone_night(), Asked(text="徐州", tier="B"), OFFICER, "zh")
    links = tree_of(page).xpath("//a[@hreflang='en']/@href")
    assert links == ["/console?lang=en&as_of=2026-06-30&q=%E5%BE%90%E5%B7%9E&tier=B"]


def test_the_same_night_gives_the_same_bytes() -> None:
    assert page_of(assessment()) == page_of(assessment())
    assert zone_page(zone_night(), Asked(), OFFICER, "en") == zone_page(
        zone_night(), Asked(), OFFICER, "en"
    )


@pytest.mark.parametrize("lang", LANGS)
def test_the_fraud_lead_stands_apart_from_the_grade(lang: Lang) -> None:
    tree = tree_of(page_of(assessment(), lang))
    section = tree.xpath("//section[h2[@id='fraud']]")[0]
    said = re.sub(r"\s+", " ", section.text_content())
    assert "73.4" in said
    assert "3 / 12" in said
    assert ("未经确认的线索" if lang == "zh" else "An unconfirmed lead") in said
    assert section.xpath(".//ol/li")
    assert "73.4" not in tree.xpath("//section[h2[@id='grade']]")[0].text_content()
    assert not tree_of(page_of(calm(4), lang)).xpath("//*[@id='fraud']")


def test_an_alert_that_only_a_model_raises_has_no_code() -> None:
    only = alert(4, "yellow", typology="model", outcomes=(), lookalikes=())
    said = text_of(page_of(calm(4, alerts=(only,))))
    assert "model 冒用" not in said
    assert "须先排除的正当情形" not in said


def test_every_link_stays_on_the_night_that_is_read() -> None:
    pages = [
        page_of(assessment()),
        zone_page(zone_night(), Asked(text="徐州"), OFFICER, "zh"),
    ]
    for page in pages:
        links = tree_of(page).xpath("//main//a[contains(@href, 'console')]/@href")
        assert links
        assert all("as_of=" in link for link in links)
    nights = tree_of(pages[0]).xpath("//nav[@class='nights']/a")
    assert [each.text.split()[0] for each in nights] == [
        head.as_of.isoformat() for head in reversed(history())
    ]
