"""An operator at the console, in a real browser, with mouse, keyboard and phone."""

import re
from dataclasses import replace
from typing import Final

import pytest
from playwright.sync_api import ViewportSize, expect
from tests.browser.conftest import Desk
from tests.fakes.planted_alerts import an_alert, listed

from overt.decisions.states import AlertState, Judgement
from overt.identifiers import AlertId
from overt.policy.profiles import CONSENT, PROFILES, UK_POLICE

pytestmark = pytest.mark.browser

PHONE: Final = ViewportSize(width=390, height=844)


def state(desk: Desk, alert_id: str = "a-1") -> AlertState:
    gate = desk.records.gate
    return gate.alert(gate.whoami(), AlertId(alert_id)).review.state


def judge(desk: Desk, choice: str, reason: str) -> None:
    desk.page.get_by_label(choice).check()
    desk.page.get_by_label(re.compile("Your reason")).fill(reason)
    desk.page.get_by_role("button", name="Record this judgement").click()


def test_a_new_alert_appears_by_itself(desk: Desk) -> None:
    desk.sign_on()
    expect(desk.page.get_by_text("No alerts")).to_be_visible()
    expect(desk.page.locator("#live-text")).to_have_text("Live")
    desk.records.plant(an_alert())
    expect(desk.page.get_by_text("Resembles S1")).to_be_visible()
    expect(desk.page).to_have_title(re.compile(r"^\(1\)"))


def test_a_judgement_elsewhere_shows_in_the_list_by_itself(desk: Desk) -> None:
    desk.records.plant(an_alert())
    desk.sign_on()
    expect(desk.page.locator(".chip")).to_have_text("Awaiting judgement")
    gate = desk.records.gate
    gate.examine_alert(gate.whoami(), AlertId("a-1"))
    gate.decide(gate.whoami(), AlertId("a-1"), Judgement.UNSURE, reason="too dark")
    expect(desk.page.locator(".chip")).to_have_text("Unsure: stopped")


@pytest.mark.requirement("R38")
def test_from_alert_to_an_officer_sent(desk: Desk) -> None:
    desk.records.plant(an_alert())
    desk.sign_on()
    desk.page.get_by_text("Resembles S1").click()
    expect(desk.page.get_by_role("button", name="Record that they are sent")).to_have_count(0)
    judge(desk, "Possible match", "the same scar")
    expect(desk.page.get_by_text("Judged a possible match")).to_be_visible()
    desk.page.get_by_label(re.compile("Who is sent")).fill("PC 4411\nPC 0927")
    desk.page.get_by_label(re.compile("What they are asked")).fill("ask for identity papers")
    desk.page.get_by_role("button", name="Record that they are sent").click()
    expect(desk.page.get_by_text("PC 4411, PC 0927")).to_be_visible()
    assert state(desk) is AlertState.DISPATCHED


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("left_out", ["judgement", "reason"])
def test_without_a_choice_and_a_reason_nothing_is_sent(desk: Desk, left_out: str) -> None:
    desk.records.plant(an_alert())
    desk.sign_on()
    desk.open("/alerts/a-1")
    if left_out == "reason":
        desk.page.get_by_label("Unsure").check()
    else:
        desk.page.get_by_label(re.compile("Your reason")).fill("the same scar")
    desk.page.get_by_role("button", name="Record this judgement").click()
    expect(desk.page.get_by_role("button", name="Record this judgement")).to_be_visible()
    assert state(desk) is AlertState.RAISED


@pytest.mark.requirement("R41")
def test_return_on_a_page_just_opened_decides_nothing(desk: Desk) -> None:
    desk.records.plant(an_alert())
    desk.sign_on()
    desk.open("/alerts/a-1")
    assert desk.page.locator("input[type=radio]:checked").count() == 0
    for _ in range(12):
        desk.page.keyboard.press("Tab")
        desk.page.keyboard.press("Enter")
        if not desk.page.url.endswith("/alerts/a-1"):
            desk.open("/alerts/a-1")
    assert state(desk) is AlertState.RAISED


def test_a_judgement_takes_no_mouse(desk: Desk) -> None:
    desk.records.plant(an_alert())
    desk.sign_on()
    desk.open("/alerts/a-1")
    desk.page.get_by_label("Not the person").focus()
    desk.page.keyboard.press("Space")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type("another nose")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text("Judged not the person")).to_be_visible()
    assert state(desk) is AlertState.NOT_THE_PERSON


def test_whoever_writes_a_reason_is_told_of_news_and_not_interrupted(desk: Desk) -> None:
    desk.records.plant(an_alert())
    desk.sign_on()
    desk.open("/alerts/a-1")
    reason = desk.page.get_by_label(re.compile("Your reason"))
    reason.fill("the same")
    gate = desk.records.gate
    gate.examine_alert(gate.whoami(), AlertId("a-1"))
    gate.decide(gate.whoami(), AlertId("a-1"), Judgement.UNSURE, reason="too dark")
    expect(desk.page.get_by_text("This alert has changed")).to_be_visible()
    expect(reason).to_have_value("the same")


@pytest.mark.requirement("R40")
@pytest.mark.parametrize("width", [1180, 390], ids=["desk", "phone"])
def test_the_two_faces_are_side_by_side(desk: Desk, width: int) -> None:
    desk.page.set_viewport_size(ViewportSize(width=width, height=844))
    desk.records.plant(an_alert())
    desk.sign_on()
    desk.open("/alerts/a-1")
    one, other = (desk.page.locator(".compare img").nth(i).bounding_box() for i in (0, 1))
    assert one is not None
    assert other is not None
    assert one["y"] == other["y"]
    assert one["x"] + one["width"] <= other["x"]


@pytest.mark.parametrize("path", ["/", "/alerts/a-1"])
def test_a_phone_needs_no_sideways_scrolling(desk: Desk, path: str) -> None:
    desk.page.set_viewport_size(PHONE)
    desk.records.plant(an_alert(ambiguous=True), second=listed("S2"))
    desk.sign_on()
    desk.open(path)
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    cut_off = desk.page.evaluate(
        """[...document.querySelectorAll('main *')].filter(e => !e.matches('svg, svg *'))
        .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.className)"""
    )
    assert cut_off == []


@pytest.mark.parametrize("path", ["/", "/alerts/a-1"])
def test_the_page_breaks_none_of_its_own_rules(desk: Desk, path: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    desk.page.on("console", lambda message: said.append(message.text))
    desk.page.on("pageerror", lambda error: said.append(str(error)))
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.records.plant(an_alert())
    desk.sign_on()
    desk.open(path)
    expect(desk.page.locator("h1")).to_be_visible()
    assert said == []
    assert [url for url in asked if not url.startswith((desk.base, "data:"))] == []


def test_every_field_and_image_has_a_name(desk: Desk) -> None:
    desk.records.plant(an_alert())
    desk.sign_on()
    desk.open("/alerts/a-1")
    nameless = desk.page.evaluate(
        """[...document.querySelectorAll('input:not([type=hidden]),textarea,button,a')]
        .filter(e => !(e.labels && e.labels.length) && !e.textContent.trim()).length"""
    )
    assert nameless == 0
    assert desk.page.locator(".compare img:not([alt]), .scene img:not([alt])").count() == 0


def test_a_used_link_shows_the_way_to_a_new_one(desk: Desk) -> None:
    token = desk.sign_in.new_link()
    desk.open(f"/sign-in?token={token}")
    desk.page.wait_for_url(f"{desk.base}/")
    desk.page.context.clear_cookies()
    desk.open(f"/sign-in?token={token}")
    expect(desk.page.get_by_text("press Enter where")).to_be_visible()


@pytest.mark.requirement("R67")
def test_the_group_of_a_false_alert_is_chosen_on_the_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    grouped = replace(CONSENT, perceived_groups=UK_POLICE.perceived_groups)
    monkeypatch.setitem(PROFILES, "consent", grouped)
    desk.records.as_signed()
    desk.records.plant(an_alert())
    desk.page.set_viewport_size(PHONE)
    desk.sign_on()
    desk.open("/alerts/a-1")
    group = desk.page.get_by_label(re.compile("the group as you perceive"))
    expect(group).to_have_value("")  # nothing is chosen for anybody
    group.select_option("black")
    judge(desk, "Not the person", "another nose")
    expect(desk.page.locator(".said")).to_have_text("another nose")
    gate = desk.records.gate
    lines = gate.audit_lines(gate.whoami(), None)
    assert [line.detail["group"] for line in lines if "group" in line.detail] == ["black"]
