"""Places by the fraud model's probability are counted among the enterprises that are seen."""

from datetime import date, datetime
from pathlib import Path

from domain.results import EnterpriseRef, ModelScore
from storage.home import Home
from storage.ledger import Ledger
from tests.scoring_api.issued import assessment, enterprise, model_score, record

JANUARY = date(2026, 1, 31)
NOON = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - China wall clock has no zone here
FIRST, SECOND, FAR = enterprise(1), enterprise(2), enterprise(3, division="440300")


def score(probability: float) -> ModelScore:
    return model_score("fraud").model_copy(update={"probability": probability})


def test_a_place_by_fraud_is_among_those_seen(tmp_path: Path) -> None:
    ledger = Ledger(Home(tmp_path))
    probabilities = {FIRST: 0.4, SECOND: 0.2, FAR: 0.9, enterprise(4): 0.4}
    issued = {
        who: assessment(who, JANUARY, fraud=score(probability))
        for who, probability in probabilities.items()
    }
    unscored = assessment(enterprise(5), JANUARY)
    ledger.append(record(JANUARY, [*issued.values(), unscored]), NOON)

    def place(who: EnterpriseRef, regions: tuple[str, ...] = ()) -> tuple[int, int]:
        found = ledger.fraud_place(issued[who], regions)
        assert found is not None
        return found.rank, found.among

    assert [place(who) for who in issued] == [(2, 4), (4, 4), (1, 4), (2, 4)]
    assert [place(who, ("3203",)) for who in (FIRST, SECOND)] == [(1, 3), (3, 3)]
    assert ledger.fraud_place(unscored) is None
    heads = {head.code: head.fraud_probability for head in ledger.heads()}
    assert (heads[FAR.code], heads[enterprise(5).code]) == (0.9, None)
