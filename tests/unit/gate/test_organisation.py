"""One person of the organisation is one account, for good; what is configured is told and sealed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.fakes.authority import Hands
from tests.fakes.planted_alerts import NOON
from tests.fakes.staff import ANA, BEN, actor, staffed_home

from overt.errors import NotPermitted, Refused
from overt.gate.gate import Gate, open_gate
from overt.gate.subject_links import linked_account
from overt.identifiers import ActorId
from overt.openid.doubt import NotProven
from overt.openid.organisation import Issuer, Organisation, Subject
from overt.policy.access import Actor
from overt.policy.conflicts import Conflict
from overt.records.work import Reading

KENT: Final = Organisation("Kent Police", Issuer("https://sign-in.example"), "overt")
HERS: Final = Subject("8f3a-ana")


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """One installation for all: each test has its own person of the organisation."""
    home = staffed_home(tmp_path_factory.mktemp("organisation") / "home", NOON)
    with open_gate(home, Hands(NOON.timestamp()).clock()) as opened:
        with pytest.raises(NotProven, match="no organisation is configured"):
            opened.link_subject(opened.whoami(), ANA.id, HERS)
        opened.set_organisation(opened.whoami(), KENT, "between us")
        opened.link_subject(opened.whoami(), ANA.id, HERS)
        yield opened


def held(gate: Gate, whom: Subject, issuer: Issuer = KENT.issuer) -> ActorId | None:
    with Reading(gate._records) as reading:
        return linked_account(reading, issuer, whom)


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R39")
def test_a_person_who_holds_an_account_is_linked_to_no_second(gate: Gate) -> None:
    with pytest.raises(Conflict, match="linked to ana and holds no second account"):
        gate.link_subject(gate.whoami(), BEN.id, HERS)
    assert held(gate, HERS) == ANA.id


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R39")
def test_nor_after_the_first_link_has_ended(gate: Gate) -> None:
    admin = gate.whoami()
    gate.unlink_subject(admin, ANA.id)
    assert held(gate, HERS) is None
    with pytest.raises(Conflict, match="holds no second"):
        gate.link_subject(admin, BEN.id, HERS)
    gate.link_subject(admin, ANA.id, HERS)
    assert held(gate, HERS) == ANA.id


def test_an_account_is_one_person(gate: Gate) -> None:
    with pytest.raises(Refused, match="ana is linked already"):
        gate.link_subject(gate.whoami(), ANA.id, Subject("somebody-else"))


def test_only_accounts_that_there_are_are_linked(gate: Gate) -> None:
    with pytest.raises(Refused, match="there is no account 'eve'"):
        gate.link_subject(gate.whoami(), ActorId("eve"), Subject("8f3a-eve"))
    with pytest.raises(Refused, match="ben is linked to nobody"):
        gate.unlink_subject(gate.whoami(), BEN.id)


def test_a_link_is_of_its_issuer(gate: Gate) -> None:
    assert held(gate, HERS, Issuer("https://elsewhere.example")) is None


@pytest.mark.requirement("R68")
@pytest.mark.parametrize("who", [ANA, actor("eng"), actor("aud"), actor("ode")])
def test_nobody_but_an_administrator_says_who_is_whom(gate: Gate, who: Actor) -> None:
    with pytest.raises(NotPermitted):
        gate.link_subject(who, who.id, Subject("mine"))
    with pytest.raises(NotPermitted):
        gate.set_organisation(who, KENT, "mine")


@pytest.mark.requirement("R68")
def test_each_change_has_its_line_without_a_secret_or_a_subject(gate: Gate) -> None:
    told = gate.audit_lines(actor("aud"), 200)
    assert {"organisation-set", "subject-linked", "subject-unlinked"} <= {
        line.event for line in told
    }
    assert "between us" not in str([line.detail for line in told])
    assert HERS not in str([line.detail for line in told])


def test_a_secret_is_one_line(gate: Gate) -> None:
    for secret in ("", "two\nlines", "x" * 1001):
        with pytest.raises(Refused, match="one line"):
            gate.set_organisation(gate.whoami(), KENT, secret)


def test_what_was_removed_is_gone_and_can_be_configured_again(gate: Gate) -> None:
    admin = gate.whoami()
    gate.remove_organisation(admin)
    assert gate.organisation() is None
    with pytest.raises(NotProven):
        gate.remove_organisation(admin)
    gate.set_organisation(admin, KENT, "another")
    assert gate.organisation() == KENT
    assert held(gate, HERS) == ANA.id


def test_the_secret_is_sealed(gate: Gate) -> None:
    home: Path = gate._records.home.path
    assert not any(b"between us" in f.read_bytes() for f in home.rglob("*") if f.is_file())
