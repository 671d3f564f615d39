"""Pages in a real browser: nothing leaves the page, nothing is refused, all can be read."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from presentation.words import LANGS, Lang
from scoring_api.console.pages import (
    CONTENT_SECURITY_POLICY,
    UNKNOWN_KEY,
    Asked,
    enterprise_page,
    sign_in_page,
    zone_page,
)
from tests.presentation.pieces import OFFICER
from tests.presentation.small_zone import assessment, enterprise_night, zone_night

CHROMIUM = shutil.which("chromium")
HOST = "https://sandan.test"
LOUD = {"error", "warning"}
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed, so no page was opened in a browser."
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


def opened(browser: Browser, page: str, width: int) -> tuple[Page, list[str], list[str]]:
    """The page as served, with every request it made and everything the browser complained of."""
    tab = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    complaints: list[str] = []
    tab.on("console", lambda said: complaints.append(said.text) if said.type in LOUD else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": CONTENT_SECURITY_POLICY,
    }
    tab.route("**/*", lambda route: route.fulfill(body=page, headers=headers))
    tab.goto(f"{HOST}/console")
    return tab, asked, complaints


def pages(lang: Lang) -> dict[str, str]:
    return {
        "sign_in": sign_in_page(UNKNOWN_KEY, lang),
        "zone": zone_page(zone_night(), Asked(text="徐州"), OFFICER, lang),
        "enterprise": enterprise_page(enterprise_night(assessment()), OFFICER, lang),
    }


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["sign_in", "zone", "enterprise"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_asks_for_nothing_and_the_browser_has_no_complaint(
    browser: Browser, lang: Lang, name: str, width: int
) -> None:
    tab, asked, complaints = opened(browser, pages(lang)[name], width)
    assert [url for url in asked if not url.startswith("data:")] == [f"{HOST}/console"]
    assert complaints == []
    assert tab.evaluate("getComputedStyle(document.querySelector('.top')).display") == "block"
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


def test_documents_open_by_keyboard_alone(browser: Browser) -> None:
    tab, _, _ = opened(browser, pages("zh")["enterprise"], 1280)
    first = tab.locator("details.docs > summary").first
    first.focus()
    outline = first.evaluate("each => getComputedStyle(each).outlineStyle")
    tab.keyboard.press("Enter")
    assert tab.locator("details.docs[open] code").first.is_visible()
    assert outline != ""
    tab.close()


def test_the_first_key_press_offers_to_skip_to_the_content(browser: Browser) -> None:
    tab, _, _ = opened(browser, pages("zh")["zone"], 1280)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.close()


def test_a_printed_page_is_not_empty(browser: Browser, tmp_path: Path) -> None:
    tab, _, _ = opened(browser, pages("zh")["enterprise"], 1280)
    printed = tmp_path / "enterprise.pdf"
    tab.pdf(path=printed, format="A4")
    assert printed.stat().st_size > 20_000
    tab.close()
