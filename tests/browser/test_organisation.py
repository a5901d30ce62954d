"""In through the organisation with a real browser, which follows every step by itself."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.conftest import before_a_console
from tests.fakes.authority import Hands
from tests.fakes.openid_provider import CLIENT, SECRET, openid_provider
from tests.fakes.planted_alerts import NOON
from tests.fakes.signing_in import enrolled
from tests.fakes.staff import ANA, staffed_home

from overt.console.sign_in import SignIn
from overt.gate.gate import open_gate
from overt.openid.doubt import WORDS, Doubt
from overt.openid.organisation import Subject, organisation

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R68")]


def test_the_button_leads_through_the_organisation_and_the_second_factor_in(
    chromium: Browser, tmp_path: Path
) -> None:
    hands = Hands(NOON.timestamp())
    home = staffed_home(tmp_path / "home", NOON)
    with openid_provider(lambda: hands.at) as provider, open_gate(home, hands.clock()) as gate:
        order = organisation("Kent Police", provider.issuer, CLIENT, ("urn:example:two",))
        gate.set_organisation(gate.whoami(), order, SECRET)
        gate.link_subject(gate.whoami(), ANA.id, Subject("8f3a-ana"))
        ana = enrolled(gate, gate.whoami(), "ana")
        provider.amr = ("pwd",)
        sign_in = SignIn(hands.clock().now)
        with before_a_console(chromium, gate, sign_in) as (page, base):
            page.goto(f"{base}/sign-in")
            button = page.get_by_text("Sign in with Kent Police")
            provider.refuses = "access_denied"
            button.click()
            expect(page.get_by_text(WORDS[Doubt.PROVIDER_REFUSED])).to_be_visible()
            provider.refuses = ""
            button.focus()
            page.keyboard.press("Enter")
            code = page.get_by_label(re.compile("code", re.IGNORECASE))
            expect(code).to_be_visible()
            code.fill("000000")
            code.press("Enter")
            expect(page.get_by_role("alert")).to_be_visible()
            code.fill(ana.code(hands.clock().now()))
            code.press("Enter")
            page.wait_for_url(f"{base}/")
            expect(page.get_by_text("No alerts")).to_be_visible()
