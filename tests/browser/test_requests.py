"""A named person's request in a real browser: opened, searched, answered."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import before_a_console
from tests.fakes.authority import a_ready_force, models_folder

from overt.console.sign_in import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R69")]


def test_a_request_is_opened_searched_and_answered(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_ready_force(tmp_path / "force") as force:
        sign_in = SignIn(force.clock.now)
        with before_a_console(chromium, force.gate, sign_in) as (page, base):
            page.goto(f"{base}/sign-in?token={sign_in.new_link()}")
            page.wait_for_url(f"{base}/")
            page.goto(f"{base}/requests")
            page.locator("input[name=right][value=access]").check()
            page.locator("[name=name]").fill("Ada Lovelace")
            page.locator("[name=contact]").fill("12 St James's Square")
            page.locator("[name=words]").fill("all of <my> data")
            page.locator("[name=received_on]").fill("2026-11-28")
            page.get_by_role("button", name="Put on record").click()
            expect(page.get_by_text("Due on 2026-12-28")).to_be_visible()
            page.locator("[name=how]").fill("passport")
            page.locator("[name=told_on]").fill("2026-11-28")
            page.locator("form[action$='/identify'] button").click()
            page.locator("[name=subjects]").fill("S1")
            page.locator("form[action$='/search'] button").click()
            expect(page.get_by_text("An entry on a watchlist")).to_be_visible()
            expect(page.get_by_role("heading", name="What is held")).to_have_count(1)
            assert room_below(page, "#ground", "label[for=controller]") >= 10
            page.locator("[name=controller]").fill("A force")
            page.locator("input[name=outcome][value=granted]").check()
            page.locator("form[action$='/answer'] button").click()
            expect(page.get_by_text("Answered: granted")).to_be_visible()
            expect(page.get_by_text(re.compile("To Ada Lovelace, 12 St James"))).to_be_visible()
            page.set_viewport_size({"width": 390, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= 390


def room_below(page: Page, field: str, label: str) -> float:
    """Give the pixels between a field and the label under it."""
    above, below = (page.locator(each).bounding_box() for each in (field, label))
    assert above is not None
    assert below is not None
    return below["y"] - above["y"] - above["height"]
