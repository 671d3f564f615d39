from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pilot_zone.conduct import REST
from pilot_zone.history import History, come_to_be
from pilot_zone.inspections import DETECTION, Findings, Visit, inspect, targeted
from pilot_zone.patterns import Members, Pattern
from pilot_zone.plan import ZonePlan
from tests.pilot_zone.pieces import Zone

PLAN = ZonePlan(seed=2, enterprises=400, months=24, orders=1000)


@pytest.fixture(scope="module")
def with_schemes() -> History:
    return come_to_be(PLAN)


def _random(history: History) -> list[tuple[int, int]]:
    found = [f for f in history.life.findings if f.found_by[:1] == ["random"]]
    return [
        pair
        for batch in found
        for pair in zip(batch.firm.tolist(), batch.inspected.tolist(), strict=True)
    ]


def test_the_random_stream_does_not_depend_on_schemes(with_schemes: History) -> None:
    without = come_to_be(replace(PLAN, strength=0.0))
    assert _random(with_schemes) == _random(without)
    assert with_schemes.schemes.count > 0 == without.schemes.count


def test_about_four_of_a_hundred_merchants_are_drawn_each_month(with_schemes: History) -> None:
    drawn = len(_random(with_schemes)) / (PLAN.months * with_schemes.world.roll.merchants)
    assert 0.02 < drawn < 0.05


def _case(plan: ZonePlan, firms: int, span: tuple[int, int]) -> Members:
    pattern = Pattern("T1", "x", 1, (1, 1), "any", (1, 2), ())
    rows, zero = np.arange(firms), np.zeros(firms, np.int64)
    first, last = zero + span[0], zero + span[1]
    assert last.max() <= plan.periods
    return Members((pattern,), rows, zero, rows, first, last, np.ones(firms))


def _inspect(members: Members, period: int) -> Findings:
    day = PLAN.period_starts()[period] + 3
    firms = np.arange(members.count)
    visit = Visit(firms, np.full(firms.size, day), "random")
    return inspect(PLAN, visit, members, np.full(firms.size, 4.0), 0)


def test_a_scheme_active_in_the_year_before_is_mostly_found() -> None:
    found = _inspect(_case(PLAN, 2000, (2, 10)), 20)
    assert found.adverse.mean() == pytest.approx(DETECTION, abs=0.03)
    assert set(found.act) == {"identity_misuse", ""}


@pytest.mark.parametrize("span", [(30, 40), (2, 6)])
def test_a_scheme_not_begun_or_long_over_is_not_found(span: tuple[int, int]) -> None:
    found = _inspect(_case(PLAN, 500, span), 30)
    assert found.adverse.mean() < 0.02


def test_findings_become_known_two_weeks_to_four_months_later(zone: Zone) -> None:
    findings = zone.read("findings")
    late = findings["known_at"] - pd.to_datetime(findings["inspected_on"])
    assert late.min() >= pd.Timedelta(days=14)
    assert late.max() <= pd.Timedelta(days=122)


def test_clean_results_are_findings_too(zone: Zone) -> None:
    findings = zone.read("findings")
    assert 0 < findings["adverse"].mean() < 0.5
    assert findings.loc[~findings["adverse"], "act"].isna().all()
    assert findings.loc[findings["adverse"], "act"].notna().all()
    assert set(findings["found_by"]) >= {"random", "targeted"}


def test_most_schemes_end_when_they_are_found(with_schemes: History) -> None:
    members = with_schemes.schemes
    starts = PLAN.period_starts()
    left = [
        starts[members.last[row]] - day
        for batch in with_schemes.life.findings
        for row, day in zip(batch.member.tolist(), batch.inspected.tolist(), strict=True)
        if row >= 0
    ]
    assert len(left) > 10
    assert np.mean(np.array(left) < 45) > 0.6


def test_care_for_duties_foretells_trouble(with_schemes: History) -> None:
    """Enterprises with events in one year have more of them in the next than the rest."""
    events = pd.DataFrame({
        "firm": with_schemes.life.events.firm,
        "kind": with_schemes.life.events.kind,
        "day": with_schemes.life.events.decided,
    })  # fmt: skip
    bad = events[events["kind"].isin(["penalty", "abnormal_list", "tax_debt", "tax_abnormal"])]
    middle = PLAN.month_starts()[12]
    before, after = bad[bad["day"] < middle], bad[bad["day"] >= middle]
    firms = pd.Index(range(with_schemes.world.roll.merchants))
    had = firms.isin(before["firm"])
    has = firms.isin(after["firm"])
    assert has[had].mean() > 1.5 * has[~had].mean()


def _visit(name: str, history: History) -> list[tuple[int, int]]:
    found = [f for f in history.life.findings if f.found_by[:1] == [name]]
    return sorted(
        (firm, day)
        for batch in found
        for firm, day in zip(batch.firm.tolist(), batch.inspected.tolist(), strict=True)
    )


def test_officials_choose_nobody_again_within_a_year(with_schemes: History) -> None:
    chosen = np.array(_visit("targeted", with_schemes))
    again = np.diff(chosen[:, 0]) == 0
    assert again.any()
    assert np.diff(chosen[:, 1])[again].min() > 31 * (REST - 1)


def test_of_every_view_those_that_stand_out_are_chosen() -> None:
    still, risen = np.zeros(1000), np.zeros(1000)
    risen[[3, 5]] = 50
    free = np.ones(1000, bool)
    rng = np.random.default_rng(0)
    visit = targeted(rng, [(0.001, still), (0.002, risen)], free, (0, 30))
    assert {3, 5} <= set(visit.firms.tolist())
    assert visit.firms.size == 3
    free[3] = False
    assert 3 not in targeted(rng, [(0.002, risen)], free, (0, 30)).firms
