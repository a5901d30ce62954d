"""The feed of notices: one entry a deployment, an id that stays, the lead time in it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from xml.etree.ElementTree import Element, fromstring

import pytest
from tests.fakes.deployment_files import NOW

from overt.identifiers import DeploymentId
from overt.policy.notice_feed import ATOM, OURS, PublicNotice, atom
from overt.units import UtcTime

pytestmark = pytest.mark.requirement("R59")

NOTICE: Final = PublicNotice(
    deployment=DeploymentId("oxford-circus-2026-11-30"),
    place="Oxford Circus <London> & W1",
    use_case="hotspot",
    profile="uk-police-2026/3",
    rank="superintendent",
    starts_at=NOW,
    ends_at=UtcTime(NOW + timedelta(hours=4)),
    published_at=UtcTime(NOW - timedelta(hours=30)),
    recorded_at=UtcTime(NOW - timedelta(hours=29)),
    where="the force's web site",
    owed="About 2 false alerts are to be expected.",
    changed=False,
    ended_at=None,
)


def feed(*notices: PublicNotice) -> Element:
    return fromstring(atom(notices, publisher="A force", site="https://force.example/n.atom"))


def entry(notice: PublicNotice) -> Element:
    found = feed(notice).find(f"{{{ATOM}}}entry")
    assert found is not None
    return found


def text(parent: Element, name: str, space: str = ATOM) -> str:
    return parent.findtext(f"{{{space}}}{name}") or ""


def test_an_entry_tells_place_time_rank_and_lead_time() -> None:
    told = entry(NOTICE)
    assert "Oxford Circus <London> & W1" in text(told, "content")
    assert "1 d 6 h before the start" in text(told, "content")
    assert NOTICE.owed in text(told, "content")
    assert text(told, "lead-minutes", OURS) == "1800"
    assert text(told, "authorised-by-rank", OURS) == "superintendent"
    assert text(told, "published") < text(told, "updated")


def test_a_notice_that_was_put_right_keeps_its_id_and_is_newer() -> None:
    again = replace(NOTICE, recorded_at=NOW, place="Oxford Street")
    assert text(entry(again), "id") == text(entry(NOTICE), "id")
    assert text(entry(again), "updated") > text(entry(NOTICE), "updated")
    other = replace(NOTICE, deployment=DeploymentId("elsewhere"))
    assert text(entry(other), "id") != text(entry(NOTICE), "id")


def test_what_was_called_off_changed_or_told_too_late_says_so() -> None:
    off = replace(NOTICE, ended_at=UtcTime(NOW - timedelta(hours=1)))
    assert "called off" in text(entry(off), "content")
    assert "new notice is owed" in text(entry(replace(NOTICE, changed=True)), "content")
    late = entry(replace(NOTICE, published_at=UtcTime(NOW + timedelta(minutes=5))))
    assert "after the start" in text(late, "content")
    assert text(late, "lead-minutes", OURS) == "-5"


def test_the_same_records_give_the_same_bytes_the_latest_first_and_none_a_feed_too() -> None:
    older = replace(NOTICE, deployment=DeploymentId("a"), published_at=UtcTime(NOW - timedelta(9)))
    one = atom([older, NOTICE], publisher="A force", site="")
    assert one == atom([NOTICE, older], publisher="A force", site="")
    assert one.index(b"oxford-circus") < one.index(b">a<")
    assert feed().find(f"{{{ATOM}}}entry") is None
