"""What a browser is told when a key opens nothing, or a page is not shown."""

import re

import pytest

from domain.errors import BadCode, NotScored, Refusal, UnknownEnterprise
from domain.results import Words
from presentation.words import LANGS, PHRASES
from scoring_api.console.pages import refused_page, sign_in_page
from scoring_api.problems import STATUS
from tests.presentation.reading import tree_of


@pytest.mark.parametrize("kind", [UnknownEnterprise, BadCode, NotScored])
def test_a_refused_page_speaks_the_language_of_its_reader(kind: type[Refusal]) -> None:
    pages = {lang: tree_of(refused_page(kind, lang)) for lang in LANGS}
    said = {
        lang: page.xpath("//div[@role='alert']")[0].text_content() for lang, page in pages.items()
    }
    assert not re.search("[A-Za-z]", said["zh"])
    assert not re.search("[\u4e00-\u9fff]", said["en"])


def test_every_refusal_of_a_page_has_its_title_and_its_detail() -> None:
    assert PHRASES["refused"].keys() == PHRASES["refused_detail"].keys()
    kinds = PHRASES["refused"].keys() - {"other"}
    assert kinds <= {kind.__name__ for kind in STATUS}


def test_a_refused_sign_in_says_why_and_never_shows_the_key() -> None:
    page = sign_in_page(Words(zh="<b>密钥无效</b>", en="<b>bad key</b>"), "zh")
    assert "&lt;b&gt;密钥无效" in page
    tree = tree_of(page)
    assert tree.xpath("//input[@name='key']/@type") == ["password"]
    assert not tree.xpath("//input[@name='key']/@value")
    assert 'role="alert"' not in sign_in_page(None, "zh")
