"""A marshal logs a seeded walk on a phone, in a real browser."""

from datetime import date
from typing import Final

import pytest
from playwright.sync_api import ViewportSize, expect
from tests.browser.conftest import Desk
from tests.fakes.planted_alerts import DEPLOYMENT

from overt.gate.walks import ConsentOrder
from overt.identifiers import SubjectId

pytestmark = pytest.mark.browser

PHONE: Final = ViewportSize(width=390, height=844)


@pytest.mark.requirement("R63")
def test_a_pass_is_logged_with_a_thumb_and_taken_back(desk: Desk) -> None:
    desk.records.as_a_walk()
    gate = desk.records.gate
    for who in ("W-01", "W-02"):
        order = ConsentOrder(SubjectId(who), date(2026, 11, 29), "Form 7")
        gate.record_consent(gate.whoami(), order)
    desk.page.set_viewport_size(PHONE)
    desk.sign_on()
    desk.open("/walks")
    desk.page.get_by_text(DEPLOYMENT).click()
    page = desk.page
    for choice in ("W-02", "daylight", "near", "glasses", "cap"):
        page.get_by_label(choice, exact=False).first.check()
    button = page.get_by_role("button", name="Passed now")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] >= 300
    button.click()
    expect(page.get_by_role("heading", name="Logged: 1")).to_be_visible()
    assert page.locator("input[name=participant]:checked").count() == 0
    assert page.locator("input[name=light]:checked").input_value() == "daylight"
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("heading", name="Logged: 0")).to_be_visible()
