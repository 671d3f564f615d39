"""From a probability and confirmed records to a grade; unconfirmed leads never come here."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from assessment.policy import UNRATED, Policy
from domain.results import Cap, Grade, Words
from features.build import FeatureFrame
from features.catalogue import CREDIT_FEATURES, FEATURE
from models.model import Model

_SOURCES = {
    "customs": Words(zh="海关数据过期", en="Customs data is stale"),
    "logistics": Words(zh="物流数据过期", en="Logistics data is stale"),
    "payment": Words(zh="支付与外汇数据过期", en="Payment data is stale"),
    "tax": Words(zh="税务数据过期", en="Tax data is stale"),
    "market_supervision": Words(zh="市场监管数据过期", en="Market supervision data is stale"),
    "platform": Words(zh="平台数据过期", en="Platform data is stale"),
}
_FEW_KNOWN = Words(zh="已知的信用指标过少", en="Too few credit features are known")
_NEW_AND_SILENT = Words(zh="新设且尚无单证", en="Newly registered and without documents")


def why_unrated(frame: FeatureFrame, policy: Policy) -> pd.Series:
    """Per enterprise the sentences that say why evidence is too thin; none where it is enough."""
    rules = policy.unrated
    few = frame.values[list(CREDIT_FEATURES)].notna().sum(axis=1) < rules.least_known_features
    registered = pd.to_datetime(frame.roll["registered_on"])
    age = (pd.Timestamp(frame.as_of) - registered).dt.days
    documents = frame.values[["order_count", "declaration_count"]].sum(axis=1)
    silent = (age < rules.least_age_days) & (documents == 0)
    sentences = [
        (*([_FEW_KNOWN] if thin else []), *([_NEW_AND_SILENT] if new else []))
        for thin, new in zip(few, silent, strict=True)
    ]
    return pd.Series(sentences, frame.values.index, dtype=object)


def why_provisional(
    model: Model, stale: Sequence[str], as_of: date, policy: Policy
) -> tuple[Words, ...]:
    """One sentence for each stale source that the credit model needs, and one if it expired."""
    needed = {source for feature in model.features for source in FEATURE[feature].sources}
    late = tuple(_SOURCES[source] for source in sorted(needed & set(stale)))
    learnt_to, days = model.cutoff, policy.model_days
    if learnt_to is None or (as_of - learnt_to).days <= days:
        return late
    expired = Words(
        zh=f"信用模型只学到 {learnt_to} 为止的数据，已超过 {days} 天",
        en=f"The credit model learnt from data up to {learnt_to}, more than {days} days ago",
    )
    return (*late, expired)


def grade_of(
    probability: float | None,
    caps: tuple[Cap, ...],
    policy: Policy,
    why: tuple[Words, ...] = (),
) -> Grade:
    """The grade: never better for a higher probability, never better for one more cap.

    Args:
        probability: Of an adverse act within the horizon; None where evidence is too thin.
        caps: Confirmed records in force. They hold down an unrated enterprise too.
        policy: In force on the night.
        why: Why the grade is provisional or unrated.
    """
    alone = UNRATED if probability is None else policy.tier_of(probability)
    tier = max([alone, *(cap.tier for cap in caps)], key=policy.place_of)
    return Grade(
        tier=tier,
        label=policy.label_of(tier),
        uncapped_tier=alone,
        caps=caps,
        provisional=probability is not None and bool(why),
        why_provisional=why,
    )
