"""From numbers to evidence: value, peers, contribution or limit, and the documents behind it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from math import isnan

import numpy as np
import pandas as pd

from assessment.judging import Judged
from domain.results import (
    Document,
    Evidence,
    ModelScore,
    RuleOutcome,
    RuleState,
)
from domain.signals import Signals
from features.build import FeatureFrame
from features.catalogue import FEATURE
from features.evidence import evidence_rows
from models.model import Model, Scores
from risk_rules.catalogue import RULES
from risk_rules.rule import Rule
from risk_rules.thresholds import Limits

Documents = Mapping[tuple[str, str], tuple[Document, ...]]
"""(feature, enterprise code) -> source rows."""


def documents_behind(signals: Signals, judged: Judged) -> Documents:
    """The source rows of every feature that speaks in any score or rule, for those it speaks of."""
    rows = evidence_rows(signals, _wanted(judged))
    found: dict[tuple[str, str], list[Document]] = defaultdict(list)
    document = cache(_document)  # many features lead to the same few
    columns = (rows[name] for name in ("feature", "enterprise", "table", "document_key"))
    for feature, code, table, key in zip(*columns, strict=True):
        found[feature, code].append(document(table, key))
    return {key: tuple(documents) for key, documents in found.items()}


def _document(table: str, key: str) -> Document:
    return Document(table=table, document_key=key)


def _wanted(judged: Judged) -> dict[str, list[str]]:
    codes = judged.frame.values.index
    speaks: dict[str, pd.Series] = {}

    def add(feature: str, mask: pd.Series) -> None:
        speaks[feature] = speaks[feature] | mask if feature in speaks else mask

    for scores in (judged.credit, judged.fraud, judged.laundering):
        if scores is not None:
            for feature, mask in (scores.contributions != 0).items():
                add(str(feature), mask)
    for rule in RULES:
        for feature in rule.features:
            add(feature, judged.states[rule.name] == RuleState.HIT)
    return {feature: list(codes[mask]) for feature, mask in sorted(speaks.items()) if mask.any()}


class Witness:
    """Makes evidence of one frame's numbers."""

    def __init__(self, frame: FeatureFrame, documents: Documents) -> None:
        self._documents = documents
        self._rows = {code: row for row, code in enumerate(frame.values.index)}
        self._columns = {feature: column for column, feature in enumerate(frame.values.columns)}
        self._values = _holes_as_none(frame.values)
        groups = frame.roll["peer_group"]
        self._medians = _holes_as_none(frame.peers.median.reindex(groups)[frame.values.columns])

    def evidence(
        self,
        code: str,
        name: str,
        *,
        contribution: float | None = None,
        limit: float | None = None,
    ) -> Evidence:
        """What feature `name` says of the enterprise."""
        feature = FEATURE[name]
        row, column = self._rows[code], self._columns[name]
        return Evidence(
            feature=name,
            label=feature.label,
            unit=feature.unit,
            value=self._values[row][column],
            peer_median=self._medians[row][column],
            contribution=contribution,
            limit=limit,
            departments=feature.departments,
            documents=self._documents.get((name, code), ()),
        )


def _holes_as_none(table: pd.DataFrame) -> list[list[float | None]]:
    rows: list[list[float]] = table.to_numpy(np.float64).tolist()
    return [[None if isnan(number) else number for number in row] for row in rows]


def model_scores(model: Model, scores: Scores, witness: Witness) -> dict[str, ModelScore]:
    """Each enterprise's score with the features that moved it, strongest first.

    A feature that contributes nothing is not a reason; base and reasons add up to the margin.
    """
    shares = scores.contributions
    names, version = list(shares.columns), model.version
    return {
        code: ModelScore(
            model=model.name,
            version=version,
            probability=probability,
            margin=margin,
            base=scores.base,
            reasons=tuple(
                witness.evidence(code, name, contribution=share)
                for share, name in _strongest(zip(moved, names, strict=True))
            ),
        )
        for code, probability, margin, moved in zip(
            shares.index, scores.probability, scores.margin, shares.to_numpy().tolist(), strict=True
        )
    }


def _strongest(moved: Iterable[tuple[float, str]]) -> list[tuple[float, str]]:
    return sorted((pair for pair in moved if pair[0]), key=lambda pair: (-abs(pair[0]), pair[1]))


def outcomes(
    rules: Iterable[Rule], states: pd.DataFrame, limits: Limits, witness: Witness
) -> dict[str, tuple[RuleOutcome, ...]]:
    """What each of `rules` says of each enterprise, in their order; evidence where one hits."""
    columns = [_outcomes_of(rule, states[rule.name], limits, witness) for rule in rules]
    return {code: tuple(column[row] for column in columns) for row, code in enumerate(states.index)}


def _outcomes_of(
    rule: Rule, states: pd.Series, limits: Limits, witness: Witness
) -> list[RuleOutcome]:
    silent = {state: _outcome(rule, state) for state in (RuleState.CLEAR, RuleState.UNKNOWN)}
    return [
        silent[state]
        if state in silent
        else _outcome(
            rule,
            state,
            tuple(
                witness.evidence(code, feature, limit=limits[limit])
                for feature, limit in rule.limits.items()
            ),
        )
        for code, state in zip(states.index, states, strict=True)
    ]


def _outcome(rule: Rule, state: RuleState, evidence: tuple[Evidence, ...] = ()) -> RuleOutcome:
    return RuleOutcome(
        rule=rule.name,
        label=rule.label,
        state=state,
        reference=rule.reference,
        evidence=evidence,
    )
