"""What a page or dossier says of one enterprise, arranged for reading."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from domain.place import Place
from domain.results import (
    Assessment,
    AssessmentHead,
    Document,
    Evidence,
    LaunderingRecord,
    ModelScore,
    RuleOutcome,
    RuleState,
    Words,
)
from presentation import charts
from presentation.words import PHRASES, Lang, named, say
from presentation.zone import source_rows, tier_name, tier_order

TOLD: Final = 8
"""How many reasons are told in full; the others stand in a shorter table."""


@dataclass(frozen=True, slots=True)
class EnterpriseNight:
    """What was issued on one enterprise, as far as the reader may see it.

    Attributes:
        history: Heads of its nights, oldest first.
        fraud_place: Where it stands by its probability of fraud; None where no model spoke.
        laundering: Its laundering record, for a reader with the right.
    """

    assessment: Assessment
    history: Sequence[AssessmentHead]
    fraud_place: Place | None
    laundering: LaunderingRecord | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons of a score, strongest first.

    Attributes:
        told: The strongest reasons.
        others: All others, so that what is shown adds up.
        most: Largest absolute contribution.
    """

    score: ModelScore
    told: Sequence[Evidence]
    others: Sequence[Evidence]
    most: float

    @property
    def raising(self) -> list[Evidence]:
        """The reasons told that raise risk."""
        return [reason for reason in self.told if (reason.contribution or 0.0) > 0]

    @property
    def lowering(self) -> list[Evidence]:
        """The reasons told that lower risk."""
        return [reason for reason in self.told if (reason.contribution or 0.0) < 0]


@dataclass(frozen=True, slots=True)
class Stair:
    """One step from the base to the margin, log-odds; base and margin themselves have no width."""

    label: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A document, and what it is cited for."""

    document: Document
    reasons: Sequence[Words]


def shown(night: EnterpriseNight, lang: Lang) -> dict[str, object]:
    """What every page of an enterprise shows, by the names that templates use."""
    assessment, history = night.assessment, night.history
    credit, fraud = assessment.credit, assessment.fraud
    return {
        "a": assessment,
        "history": history,
        "trend": trend(history, lang),
        "why": None if credit is None else why(credit),
        "stairs": [] if credit is None else stairs(credit, lang),
        "fraud": None if fraud is None else why(fraud),
        "fraud_place": night.fraud_place,
        "outcomes": outcomes_by_state(assessment),
        "sources": source_rows(assessment.as_of, assessment.covered),
        "laundering": night.laundering,
    }


def why(score: ModelScore) -> Why:
    """The reasons of `score`, strongest first."""
    ranked = sorted(score.reasons, key=lambda r: (-abs(r.contribution or 0.0), r.feature))
    told = [reason for reason in ranked[:TOLD] if reason.contribution]
    most = max((abs(reason.contribution or 0.0) for reason in told), default=0.0)
    return Why(score, told, ranked[len(told) :], most)


def stairs(score: ModelScore, lang: Lang) -> list[Stair]:
    """From the base over what each department's data adds, most risk first, to the margin."""
    sums: defaultdict[str, float] = defaultdict(float)
    for reason in score.reasons:
        sums[reason.departments[0] if reason.departments else "other"] += reason.contribution or 0.0
    phrases, at = PHRASES["enterprise"], score.base
    steps = [Stair(say(phrases["base"], lang), score.base, score.base)]
    for code, total in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])):
        steps.append(Stair(say(named(code, "department"), lang), at, at + total))
        at += total
    return [*steps, Stair(say(phrases["result"], lang), score.margin, score.margin)]


def peers(group: str) -> Words:
    """A peer group (role | mode | HS chapter | size band) in words; * leaves a part out."""
    sections = ("role", "mode", "chapter", "size")
    parts = [_peer_part(*each) for each in zip(sections, group.split("|"), strict=False)]
    told = [part for part in parts if part is not None] or [PHRASES["enterprise"]["peers_all"]]
    return Words(zh="，".join(part.zh for part in told), en=", ".join(part.en for part in told))


def _peer_part(section: str, code: str) -> Words | None:
    if code == "*" or (section, code) == ("chapter", "none"):
        return None
    if section != "chapter":
        return named(code, section)
    phrase = PHRASES["enterprise"]["chapter"]
    return Words(zh=f"{phrase.zh} {code}", en=f"{phrase.en} {code}")


def trend(history: Sequence[AssessmentHead], lang: Lang) -> Markup:
    """Chart of the tiers over the nights; empty when there is but one night."""
    if len(history) < 2:
        return Markup("")
    labels = {head.tier: head.tier_label for head in history}
    usual = PHRASES["tier"]
    shown = {**usual, **labels} if set(labels) <= set(usual) else labels
    names = {code: tier_name(code, shown[code], lang) for code in tier_order(set(shown))}
    nights = [charts.NightTier(head.as_of, names[head.tier]) for head in history]
    return charts.grade_trend(nights, list(names.values()), lang)


def outcomes_by_state(assessment: Assessment) -> dict[str, list[RuleOutcome]]:
    """Rule outcomes: those that hit, those that cannot know, those that are clear."""
    states = (RuleState.HIT, RuleState.UNKNOWN, RuleState.CLEAR)
    return {state: [o for o in assessment.outcomes if o.state == state] for state in states}


def citations(assessment: Assessment) -> list[Citation]:
    """Every document that the assessment leads to, once, by table and key."""
    cited: defaultdict[tuple[str, str], dict[str, Words]] = defaultdict(dict)
    for document, label in _cited(assessment):
        cited[document.table, document.document_key][label.zh] = label
    return [
        Citation(Document(table=table, document_key=key), list(labels.values()))
        for (table, key), labels in sorted(cited.items())
    ]


def _cited(assessment: Assessment) -> Iterator[tuple[Document, Words]]:
    for evidence in _evidence(assessment):
        for document in evidence.documents:
            yield document, evidence.label
    for cap in assessment.grade.caps:
        yield cap.document, cap.label
    for grade in assessment.authority_grades:
        yield grade.document, named(grade.scheme, "scheme")


def _evidence(assessment: Assessment) -> Iterator[Evidence]:
    if assessment.credit is not None:
        yield from assessment.credit.reasons
    if assessment.fraud is not None:
        yield from why(assessment.fraud).told
    for alert in assessment.alerts:
        yield from alert.evidence
    for outcome in assessment.outcomes:
        yield from outcome.evidence
