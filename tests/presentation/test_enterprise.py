"""How an assessment is arranged for reading."""

from itertools import pairwise

import pytest

from presentation import enterprise
from presentation.enterprise import stairs, trend, why
from presentation.words import LANGS, Lang
from tests.presentation.pieces import credit_score
from tests.presentation.pieces import enterprise as who
from tests.presentation.small_zone import assessment, calm, history, unrated


def test_the_strongest_reasons_are_told_and_none_is_lost() -> None:
    score = credit_score()
    told = why(score)
    weights = [abs(reason.contribution or 0.0) for reason in told.told]
    assert weights == sorted(weights, reverse=True)
    assert len(told.told) == enterprise.TOLD
    assert {r.feature for r in [*told.told, *told.others]} == {r.feature for r in score.reasons}
    assert told.most == weights[0] == pytest.approx(0.91)
    assert {r.feature for r in told.raising}.isdisjoint(r.feature for r in told.lowering)


def test_a_reason_that_adds_nothing_is_not_told() -> None:
    silent = [reason.model_copy(update={"contribution": 0.0}) for reason in credit_score().reasons]
    told = why(credit_score().model_copy(update={"reasons": tuple(silent)}))
    assert not told.told
    assert len(told.others) == len(silent)


@pytest.mark.parametrize("lang", LANGS)
def test_the_stairs_lead_from_the_base_to_the_margin(lang: Lang) -> None:
    score = credit_score()
    steps = stairs(score, lang)
    assert steps[0].start == score.base
    assert steps[-1].end == score.margin
    assert steps[-2].end == pytest.approx(score.margin)
    assert all(one.end == two.start for one, two in pairwise(steps[:-1]))


def test_the_trend_draws_the_whole_scale_and_needs_two_nights() -> None:
    chart = trend(history(), "zh")
    for tier in ("A 优", "B 良", "C 中", "D 差", "E 警戒"):
        assert tier in chart
    assert trend(history()[:1], "zh") == ""


def test_the_trend_of_an_unknown_scale_draws_what_was_held() -> None:
    heads = [head.model_copy(update={"tier": "AAA"}) for head in history()[:2]]
    chart = trend(heads, "en")
    assert "AAA" in chart
    assert "E Alarming" not in chart


def test_rule_outcomes_are_kept_apart_by_what_they_say() -> None:
    apart = enterprise.outcomes_by_state(assessment())
    assert {state: len(outcomes) for state, outcomes in apart.items()} == {
        "hit": 1,
        "unknown": 1,
        "clear": 2,
    }


def test_every_document_is_cited_once_with_all_it_is_cited_for() -> None:
    cited = enterprise.citations(assessment())
    places = [(each.document.table, each.document.document_key) for each in cited]
    assert places == sorted(set(places))
    assert ("registry_events", "XZ-SJ-2025-0917") in places
    assert ("authority_grades", "tax|2026") in places
    expected = {
        (document.table, document.document_key)
        for reason in credit_score().reasons
        for document in reason.documents
    }
    assert expected <= set(places)


def test_an_unrated_enterprise_cites_only_what_there_is() -> None:
    cited = enterprise.citations(unrated(3).model_copy(update={"outcomes": ()}))
    assert cited == []
    assert calm(4).enterprise.code == who(4).code


@pytest.mark.parametrize(
    ("group", "zh", "en"),
    [
        (
            "merchant|1210|33|*",
            "电商企业，1210 保税电商，税则章 33",
            "merchant, 1210 bonded retail, HS chapter 33",
        ),
        ("*|*|*|*", "全部企业", "all enterprises"),
        ("carrier|none|none|none", "物流企业，无申报，半年无申报额", None),
        ("merchant", "电商企业", "merchant"),
    ],
)
def test_a_peer_group_is_said_in_words(group: str, zh: str, en: str | None) -> None:
    assert enterprise.peers(group).zh == zh
    assert en is None or enterprise.peers(group).en == en
