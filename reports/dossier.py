"""The dossier of one enterprise: everything issued on it, in one file to print and to file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from domain.results import Assessment, AssessmentHead
from presentation import enterprise
from presentation.enterprise import EnterpriseNight
from presentation.issued import laundering_record
from presentation.page import render
from presentation.words import Lang
from reports.changes import changes
from reports.enclosures import enclosures
from reports.reader import PACKAGE, Reader, write
from storage.home import Home
from storage.laundering import Compartment
from storage.ledger import Ledger


def dossier_page(
    night: EnterpriseNight, before: Assessment | None, lang: Lang, *, synthetic: bool = False
) -> str:
    """The dossier as a page.

    Args:
        night: What the reader may see of the night.
        before: What was issued on the night before, if it was graded then.
        lang: Language of the page.
        synthetic: The zone is simulated, and the page says so.
    """
    assessment = night.assessment
    return render(
        PACKAGE,
        "dossier.html",
        lang,
        before=before,
        changes=[] if before is None else changes(assessment, before, lang),
        citations=enterprise.citations(assessment),
        synthetic=synthetic,
        **enterprise.shown(night, lang),
    )


def write_dossier(
    ledger: Ledger, home: Home, code: str, as_of: date | None = None, reader: Reader | None = None
) -> Path:
    """Write the dossier of an enterprise and return its file.

    Args:
        ledger: Where the assessments are.
        home: Where reports lie.
        code: Unified social credit code or customs code.
        as_of: The night; the last one that has the enterprise when None.
        reader: For whom; an officer with the right also reads the laundering compartment.

    Raises:
        BadCode: `code` cannot be an enterprise code.
        NoNight: No scan of that day is in the ledger.
        UnknownEnterprise: It was not graded then, or lies outside the reader's regions.
    """
    reader = reader or Reader()
    assessment = ledger.assessment(code, as_of, reader.regions)
    name = f"dossier-{assessment.enterprise.code}-{assessment.as_of}-{reader.lang}.html"
    nights = ledger.history(assessment.enterprise.code, reader.regions)
    told = [head for head in nights if head.as_of <= assessment.as_of]
    officer = reader.officer
    record = laundering_record(Compartment(home), officer, assessment) if officer else None
    place = ledger.fraud_place(assessment, reader.regions)
    night = EnterpriseNight(assessment, told, place, record)
    before = _before(ledger, told, reader.regions)
    simulated = enclosures(home).synthetic
    page = dossier_page(night, before, reader.lang, synthetic=simulated)
    return write(reader.folder(home) / name, page)


def _before(
    ledger: Ledger, told: Sequence[AssessmentHead], regions: tuple[str, ...]
) -> Assessment | None:
    return ledger.assessment(told[-2].code, told[-2].as_of, regions) if len(told) > 1 else None
