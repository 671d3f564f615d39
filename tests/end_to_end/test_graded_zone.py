"""From a simulated delivery to answers of the API: what holds over the whole chain."""

import asyncio
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from domain.settings import Settings
from domain.tables import TABLES
from intake.gate import Door
from intake.receive import receive
from scoring_api.app import create_app
from storage.engine import connect
from storage.lake import Lake
from storage.ledger import Ledger
from tests.end_to_end.conftest import KEYS, NOW, PLAN, GradedZone
from tests.pilot_zone.pieces import SIMULATED

pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning")


def ask(zone: GradedZone, *paths: str) -> list[Any]:
    """JSON answers of the API to an officer who may read."""

    async def answers() -> list[Any]:
        app = create_app(Settings(home=zone.home.root))
        transport = httpx.ASGITransport(app)
        headers = {"X-API-Key": zone.key}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://zone", headers=headers
        ) as client:
            got = [await client.get(path) for path in paths]
        assert [each.status_code for each in got] == [200] * len(got)
        return [each.json() for each in got]

    return asyncio.run(answers())


def test_counts_of_the_receipt_add_up_and_equal_the_lake(zone: GradedZone) -> None:
    total = zone.receipt.total
    assert total.offered == total.accepted + total.unchanged + total.quarantined
    rows = sum(
        pq.read_metadata(file).num_rows
        for name in TABLES
        for file in (zone.home.lake / name).glob("*.parquet")
    )
    assert rows == total.accepted


def test_messages_and_extracts_are_both_received(zone: GradedZone) -> None:
    kinds = {file.kind for file in zone.receipt.files}
    messages = {"311", "411", "511", "513", "621", "622", "303", "403", "505", "603", "604"}
    assert {f"CEB{number}" for number in messages} <= kinds
    assert set(SIMULATED) <= kinds
    assert not zone.receipt.not_yet_read


def test_receiving_everything_again_changes_nothing(zone: GradedZone) -> None:
    before = sorted(path.stat().st_size for path in zone.home.lake.rglob("*.parquet"))
    lake = Lake(zone.home, connect(zone.home, threads=2, memory_limit_mb=1024))
    again = receive([zone.made / "delivery"], lake, KEYS, Door(NOW, history=True), lambda *_: None)
    assert again.total.accepted == again.total.quarantined == 0
    assert sorted(path.stat().st_size for path in zone.home.lake.rglob("*.parquet")) == before


def test_every_enterprise_of_the_roll_is_graded(zone: GradedZone) -> None:
    night = Ledger(zone.home).night(PLAN.ends_on)
    assert len(night) == PLAN.enterprises
    assert sum(zone.outcome.certificate.tiers.values()) == PLAN.enterprises
    assert len(zone.outcome.certificate.tiers) >= 4


def test_base_and_reasons_are_the_margin_in_every_explanation(zone: GradedZone) -> None:
    heads = Ledger(zone.home).heads(PLAN.ends_on)
    rated = [head.code for head in heads if head.tier != "unrated"][::10]
    asked = [f"/api/enterprises/{code}/explanation?model=credit" for code in rated]
    for answer in ask(zone, *asked):
        total = answer["base"] + sum(reason["contribution"] for reason in answer["reasons"])
        assert total == pytest.approx(answer["margin"], abs=1e-9)


def test_every_reason_leads_to_documents_that_lie_in_the_lake(zone: GradedZone) -> None:
    keys = {
        name: {
            key
            for file in (zone.home.lake / name).glob("*.parquet")
            for key in pq.read_table(file, columns=["document_key"])["document_key"].to_pylist()
        }
        for name in TABLES
    }
    for assessment in Ledger(zone.home).night(PLAN.ends_on):
        scores = [score for score in (assessment.credit, assessment.fraud) if score]
        evidence = [each for score in scores for each in score.reasons]
        evidence += [each for alert in assessment.alerts for each in alert.evidence]
        assert all(each.documents for each in evidence)
        documents = {document for each in evidence for document in each.documents}
        assert all(document.document_key in keys[document.table] for document in documents)


def test_personal_identifiers_never_lie_in_the_lake_in_clear(zone: GradedZone) -> None:
    orders = pq.read_table(next((zone.made / "delivery/extracts").glob("orders*.parquet")))
    clear = set(orders["buyer_id_number"].drop_null().to_pylist()[:500])
    assert clear
    for file in (zone.home.lake / "orders").glob("*.parquet"):
        kept = pq.read_table(file)
        texts = {value for name in kept.column_names for value in kept[name].to_pylist()}
        assert not clear & texts


def test_training_says_what_it_did_with_every_target(zone: GradedZone) -> None:
    named = {made.name for made in zone.training.trained} | set(zone.training.refused)
    assert named == {"credit", "fraud", "laundering"}
    assert len(zone.promoted) == (3 if zone.training.trained else 0)
