"""Nights of random feature values: the expert scorecard in force, small models beside it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from assessment.night import Night
from assessment.policy import policy_as_of
from assessment.recognition import Records
from domain.signals import Signals
from domain.standing import Standing
from features.build import FeatureFrame
from features.catalogue import FEATURES
from features.peers import PeerTables
from models.model import NightModels, Scores
from risk_rules.thresholds import limits_as_of

AS_OF = date(2026, 6, 30)
SCALE = {"CNY": 1e6, "CNY per person": 1e7, "count": 40.0, "days": 2000.0}
FLAGS = ("is_platform", "is_agent", "is_carrier", "is_payment_firm", "is_warehouse")
SOURCES = ("customs", "logistics", "payment", "tax", "market_supervision", "platform")

MakeFrame = Callable[..., FeatureFrame]
MakeNight = Callable[..., Night]


@dataclass(frozen=True)
class SumModel:
    """Adds up chosen features: enough of a model to rank by and to explain."""

    name: str
    features: tuple[str, ...]
    version: str = "1"
    cutoff: date | None = None

    def score(self, values: pd.DataFrame) -> Scores:
        contributions = values[list(self.features)].fillna(0.0) * 5.0
        margin = sum((contributions[name] for name in self.features), pd.Series(-4.0, values.index))
        return Scores(margin, pd.Series(expit(margin), margin.index), -4.0, contributions)


FRAUD = SumModel("fraud", ("payer_not_buyer_share", "unsigned_waybill_share", "return_share"))
LAUNDERING = SumModel("laundering", ("round_amount_share", "third_country_receipt_share"))


def random_values(count: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    drawn = {
        feature.name: rng.beta(0.5, 4, count) * SCALE.get(feature.unit, 1.0)
        if feature.unit != "rank"
        else rng.integers(1, 4, count).astype(float)
        for feature in FEATURES
    }
    codes = [f"91999999{number:09d}X" for number in range(count)]
    values = pd.DataFrame(drawn, pd.Index(codes, name="enterprise"))
    return values.mask(rng.random(values.shape) < 0.1)


@pytest.fixture(scope="session")
def make_frame() -> MakeFrame:
    """A function `(count, seed)` that makes a frame in which all are peers of all."""

    def make(count: int, seed: int = 1) -> FeatureFrame:
        values = random_values(count, seed)
        flags = {"is_merchant": True, **dict.fromkeys(FLAGS, False)}
        text = {"name": "x", "customs_code": None, "division": "320300", "peer_group": "all"}
        days = {"registered_on": date(2019, 1, 1), "dissolved_on": None}
        median = values.median()
        peers = PeerTables(
            median=median.to_frame("all").T,
            mad=(values - median).abs().median().to_frame("all").T,
            size=pd.Series({"all": count}),
        )
        roll = pd.DataFrame({**text, **days, **flags}, values.index)
        return FeatureFrame(AS_OF, values, roll, peers, dict.fromkeys(SOURCES, AS_OF), ())

    return make


@pytest.fixture(scope="session")
def make_night(make_signals: Callable[..., Signals]) -> MakeNight:
    """A function that makes the night of a frame; `changes` replace fields of the night."""

    def make(frame: FeatureFrame, **changes: object) -> Night:
        roll = [{"credit_code": code, "name": "x"} for code in frame.values.index]
        policy = policy_as_of(AS_OF)
        night = Night(
            as_of=AS_OF,
            signals=make_signals(AS_OF, enterprises=roll),
            features=frame,
            records=Records({}, {}),
            standing=Standing(None, {}, {}),
            models=NightModels(policy.scorecard, FRAUD, LAUNDERING),
            policy=policy,
            limits=limits_as_of(AS_OF),
        )
        return replace(night, **changes)  # type: ignore[arg-type]

    return make
