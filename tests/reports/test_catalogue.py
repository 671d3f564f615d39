from pathlib import Path

import pytest

from domain.tables import TABLES
from features.catalogue import FEATURES
from intake.ceb_fields import MESSAGE_WORDS, MESSAGES, PAYMENT
from intake.checks import CHECK_WORDS
from intake.reasons import Reason
from reports.catalogue import write_catalogue
from risk_rules.catalogue import RULES

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("data-contracts.md", "features.md", "rules.md", "messages.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_committed_pages_are_those_of_the_code(page: str, tmp_path: Path) -> None:
    write_catalogue(tmp_path)
    assert (DOCS / page).read_text() == (tmp_path / page).read_text()


def test_everything_is_named() -> None:
    contracts, features, rules, messages = ((DOCS / page).read_text() for page in PAGES)
    assert all(f"## {name}\n" in contracts for name in TABLES)
    assert all(f"| `{feature.name}` |" in features for feature in FEATURES)
    assert all(f"| `{rule.name}` |" in rules for rule in RULES)
    assert all(f"| {kind} | {words.zh} |" in messages for kind, words in MESSAGE_WORDS.items())
    assert set(MESSAGE_WORDS) == {*MESSAGES, PAYMENT.kind}
    assert all(f"| `{reason}` |" in messages for reason in Reason)
    assert all(f"| `{flag}` |" in messages for flag in CHECK_WORDS)
