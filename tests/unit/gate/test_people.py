"""Accounts, roles and training: granted, withdrawn, expired, and never by an edit of the records."""

import os
import pwd
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.authority import Hands
from tests.fakes.staff import ANA, BEN, TRAINED_FOR, actor, staffed_home

from overt.errors import NotPermitted, Refused
from overt.gate.gate import Gate, open_gate
from overt.gate.people import account
from overt.identifiers import ActorId
from overt.policy.access import Actor, Role
from overt.policy.conflicts import Conflict
from overt.records.guard import AlteredRecords
from overt.units import Clock, UtcTime

OPERATOR = frozenset({Role.OPERATOR})
AUDITOR = actor("aud")


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def gate(tmp_path: Path, hands: Hands) -> Iterator[Gate]:
    """After the hand-over."""
    home = staffed_home(tmp_path / "home", hands.clock().now())
    with open_gate(home, hands.clock()) as opened:
        yield opened


@pytest.fixture
def founding(tmp_path: Path, hands: Hands) -> Iterator[Gate]:
    home = staffed_home(tmp_path / "founding", hands.clock().now(), hand_over=False)
    with open_gate(home, hands.clock()) as opened:
        yield opened


@pytest.fixture
def administrator(gate: Gate) -> Actor:
    return gate.whoami()


def edit(home: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        assert raw.execute(statement, values).rowcount > 0
        raw.commit()


def test_the_first_command_makes_its_account_the_founder_and_says_so(tmp_path: Path) -> None:
    with open_gate(tmp_path / "home", Clock()) as gate:
        actor = gate.whoami()
        events = [line.event for line in gate.audit_lines(actor)]
    assert actor.roles == {Role.ADMINISTRATOR, Role.FOUNDER}
    assert events == ["installed", "bootstrapped", "audit-read"]


def test_the_account_is_the_systems_and_not_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert account() == pwd.getpwuid(os.geteuid()).pw_name


def test_an_account_without_an_entry_goes_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 3_999_999)
    assert account() == "uid-3999999"


@pytest.mark.requirement("R6")
def test_a_second_account_has_no_roles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_gate(tmp_path / "home", Clock()) as gate:
        gate.whoami()
        monkeypatch.setattr(os, "geteuid", lambda: 3_999_999)
        second = gate.whoami()
        assert second.roles == frozenset()
        with pytest.raises(NotPermitted, match="uid-3999999 may not read the audit log"):
            gate.audit_lines(second)


@pytest.mark.requirement("R6")
def test_after_the_hand_over_the_founder_administers_and_no_more(
    gate: Gate, administrator: Actor
) -> None:
    assert administrator.roles == {Role.ADMINISTRATOR}
    for act in (gate.alerts, gate.watchlists, gate.audit_lines):
        with pytest.raises(NotPermitted):
            act(Actor(administrator.id, frozenset(Role) - {Role.CAMERA}))


@pytest.mark.requirement("R6")
def test_nobody_hands_over_twice_or_for_the_founder(gate: Gate, administrator: Actor) -> None:
    with pytest.raises(Refused, match="was handed over before"):
        gate.hand_over(administrator)
    with pytest.raises(Refused, match="cannot be granted to anybody"):
        gate.grant_roles(administrator, BEN.id, frozenset({Role.FOUNDER}))


@pytest.mark.requirement("R6")
def test_roles_that_are_kept_apart_do_not_meet_in_one_account(
    gate: Gate, administrator: Actor
) -> None:
    with pytest.raises(Conflict, match="nobody judges under their own authority"):
        gate.grant_roles(administrator, ANA.id, frozenset({Role.AUTHORISING_OFFICER}))
    with pytest.raises(Conflict, match="whoever grants roles does not use them"):
        gate.grant_roles(administrator, administrator.id, OPERATOR)


@pytest.mark.requirement("R6")
def test_while_founding_they_may_meet_with_a_warning_and_then_nobody_hands_over(
    founding: Gate,
) -> None:
    founder = founding.whoami()
    granted = founding.grant_roles(founder, ANA.id, frozenset({Role.LIST_BUILDER, Role.AUDITOR}))
    assert "nobody audits themselves" in granted.warning
    with pytest.raises(Conflict, match="ana cannot be both"):
        founding.hand_over(founder)
    assert Role.FOUNDER in founding.whoami().roles


@pytest.mark.requirement("R68")
def test_a_withdrawn_role_stops_at_once_whatever_the_actor_claims(
    gate: Gate, administrator: Actor
) -> None:
    gate.alerts(ANA)
    gate.withdraw_roles(administrator, ANA.id, OPERATOR)
    with pytest.raises(NotPermitted, match="ana may not read an alert"):
        gate.alerts(ANA)


@pytest.mark.requirement("R68")
def test_a_role_granted_again_stands_again(gate: Gate, administrator: Actor) -> None:
    gate.withdraw_roles(administrator, ANA.id, OPERATOR)
    gate.grant_roles(administrator, ANA.id, OPERATOR)
    gate.alerts(ANA)


@pytest.mark.requirement("R68")
def test_a_disabled_account_does_nothing_until_it_is_enabled(
    gate: Gate, administrator: Actor
) -> None:
    gate.disable_user(administrator, ANA.id)
    with pytest.raises(NotPermitted):
        gate.alerts(ANA)
    gate.enable_user(administrator, ANA.id)
    gate.alerts(ANA)


@pytest.mark.requirement("R43")
def test_a_role_ends_with_its_training_and_returns_with_the_next(
    gate: Gate, administrator: Actor, hands: Hands
) -> None:
    hands.forward(TRAINED_FOR)
    with pytest.raises(NotPermitted, match="ana may not read an alert"):
        gate.alerts(ANA)
    until = UtcTime(hands.clock().now() + timedelta(days=30))
    gate.record_training(administrator, ANA.id, OPERATOR, until=until)
    gate.alerts(ANA)


@pytest.mark.requirement("R43")
def test_a_role_without_training_is_held_and_does_not_stand(
    gate: Gate, administrator: Actor
) -> None:
    gate.add_user(administrator, ActorId("new"))
    line = gate.grant_roles(administrator, ActorId("new"), OPERATOR).user
    assert [(held.role, held.stands) for held in line.roles] == [(Role.OPERATOR, False)]
    with pytest.raises(NotPermitted):
        gate.alerts(Actor(ActorId("new"), OPERATOR))


@pytest.mark.requirement("R43")
@pytest.mark.parametrize("days", [0, -1, 366])
def test_training_lasts_at_most_a_year_and_not_into_the_past(
    gate: Gate, administrator: Actor, hands: Hands, days: int
) -> None:
    until = UtcTime(hands.clock().now() + timedelta(days=days))
    with pytest.raises(Refused, match="lasts at most"):
        gate.record_training(administrator, ANA.id, OPERATOR, until=until)


@pytest.mark.requirement("R43")
def test_nobody_certifies_themselves(gate: Gate, administrator: Actor, hands: Hands) -> None:
    until = UtcTime(hands.clock().now() + timedelta(days=30))
    with pytest.raises(Conflict, match="cannot certify their own training"):
        gate.record_training(administrator, administrator.id, OPERATOR, until=until)


def test_the_last_administrator_stays(gate: Gate, administrator: Actor) -> None:
    with pytest.raises(Refused, match="nobody would be left"):
        gate.withdraw_roles(administrator, administrator.id, frozenset({Role.ADMINISTRATOR}))
    with pytest.raises(Refused, match="nobody would be left"):
        gate.disable_user(administrator, administrator.id)


@pytest.mark.parametrize("name", ["", "Ana", "a b", "camera:x", "-a", "a" * 80, "a\n", "ü"])
def test_an_account_has_a_plain_name(gate: Gate, administrator: Actor, name: str) -> None:
    with pytest.raises(Refused, match="an account is named"):
        gate.add_user(administrator, ActorId(name))


@pytest.mark.requirement("R68")
@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO actor_roles SELECT 'ana', 'auditor', granted_at, audit_id, delete_after FROM actor_roles "
            "WHERE actor_id = 'ana'"
        ),
        "UPDATE actor_roles SET actor_id = 'ana' WHERE role = 'auditor'",
        "UPDATE actor_roles SET role = 'auditor' WHERE actor_id = 'ana'",
        (
            "INSERT INTO actor_roles SELECT 'ana', 'founder', granted_at, 1, delete_after FROM actor_roles "
            "WHERE actor_id = 'ana'"
        ),
    ],
)
def test_no_role_comes_from_the_database(
    gate: Gate, administrator: Actor, tmp_path: Path, statement: str
) -> None:
    edit(tmp_path / "home", statement)
    with pytest.raises(NotPermitted):
        gate.audit_lines(Actor(ANA.id, frozenset(Role) - {Role.CAMERA}))


@pytest.mark.requirement("R68")
def test_a_withdrawn_role_put_back_into_the_database_does_not_stand(
    gate: Gate, administrator: Actor, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "home" / "overt.db")) as raw:
        row = raw.execute("SELECT * FROM actor_roles WHERE actor_id = 'ana'").fetchone()
    gate.withdraw_roles(administrator, ANA.id, OPERATOR)
    edit(tmp_path / "home", "INSERT INTO actor_roles VALUES (?, ?, ?, ?, ?)", *row)
    with pytest.raises(NotPermitted):
        gate.alerts(ANA)


@pytest.mark.requirement("R43")
def test_training_prolonged_in_the_database_is_none(
    gate: Gate, administrator: Actor, tmp_path: Path
) -> None:
    edit(tmp_path / "home", "UPDATE training SET expires_at = '2099-01-01T00:00:00.000Z'")
    with pytest.raises(NotPermitted):
        gate.alerts(ANA)


@pytest.mark.requirement("R68")
def test_the_founder_put_back_into_the_database_founds_nothing(
    gate: Gate, administrator: Actor, tmp_path: Path
) -> None:
    edit(
        tmp_path / "home",
        "INSERT INTO actor_roles SELECT actor_id, 'founder', granted_at, audit_id, delete_after "
        "FROM actor_roles WHERE role = 'administrator'",
    )
    with pytest.raises(AlteredRecords, match=r"founder\) was put in"):
        gate.whoami()
    with pytest.raises(NotPermitted):
        gate.audit_lines(Actor(administrator.id, frozenset(Role) - {Role.CAMERA}))


@pytest.mark.requirement("R68")
def test_every_change_of_an_account_is_told(gate: Gate, administrator: Actor) -> None:
    gate.add_user(administrator, ActorId("new"))
    gate.grant_roles(administrator, ActorId("new"), frozenset({Role.ENGINEER}))
    gate.withdraw_roles(administrator, ActorId("new"), frozenset({Role.ENGINEER}))
    gate.disable_user(administrator, ActorId("new"))
    events = [line.event for line in gate.audit_lines(AUDITOR, 5)]
    assert events == ["user-added", "role-granted", "role-revoked", "user-disabled", "audit-read"]
