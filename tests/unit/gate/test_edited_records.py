"""Records edited behind overt's back widen nothing: what was signed and logged decides."""

import sqlite3
from contextlib import closing

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.fakes.authority import LIST, Force

from overt.audit.events import AuditEvent
from overt.errors import Fault, Refused
from overt.gate.gate import open_gate
from overt.gate.open_deployment import OpenDeployment
from overt.gate.records_check import check_records
from overt.identifiers import KeyId, SubjectId
from overt.policy.officer_key import SigningKey
from overt.records.vault import KeyKind
from overt.records.work import UnitOfWork

SET_BACK = "UPDATE tree_state SET at = '2026-11-01T00:00:00.000Z'"


def edit(force: Force, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(force.folder / "home" / "overt.db")) as raw:
        raw.execute("PRAGMA foreign_keys = ON")
        assert raw.execute(statement, values).rowcount > 0
        raw.commit()


@pytest.mark.requirement("R17")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE watchlist_entries SET subject_id = 'S9' WHERE subject_id = 'S2'",
        "UPDATE watchlist_entries SET review_by = '2099-01-01' WHERE subject_id = 'S2'",
        "DELETE FROM watchlist_entries WHERE subject_id = 'S2'",
    ],
)
def test_a_list_that_is_not_what_was_signed_is_not_looked_for(ready: Force, statement: str) -> None:
    edit(ready, statement)
    with pytest.raises(Refused, match="altered outside overt: watchlist_entries"):
        ready.open()
    assert "altered outside overt" in ready.last("refused")["reason"]


def test_a_camera_process_does_not_take_up_a_list_edited_since_it_was_opened(ready: Force) -> None:
    opened = ready.open()
    edit(ready, "UPDATE watchlist_entries SET subject_id = 'S9' WHERE subject_id = 'S2'")
    with pytest.raises(Refused, match="altered outside overt"):
        ready.gate.live_list(opened.actor, opened)


def test_an_edited_list_is_not_signed(ready: Force) -> None:
    edit(ready, "UPDATE watchlist_entries SET review_by = '2099-01-01'")
    with pytest.raises(Refused, match="altered outside overt"):
        ready.sign()


@pytest.mark.requirement("R17")
def test_nobody_stood_down_is_brought_back_through_the_database(ready: Force) -> None:
    ready.gate.stand_down(ready.actor, LIST, SubjectId("S1"), reason="arrested")
    edit(ready, "UPDATE watchlist_entries SET state = 'listed'")
    with pytest.raises(Refused, match="altered outside overt: watchlist_entries"):
        ready.open()


def why_closed(force: Force, deployment: OpenDeployment) -> str | None:
    return force.gate.standing(deployment.actor, deployment).closed_because


@pytest.mark.requirement("R1")
def test_a_revoked_key_set_back_to_trusted_stays_revoked(ready: Force) -> None:
    opened = ready.open()
    ready.gate.revoke_officer_key(ready.actor, ready.key.with_name("officer.pub"))
    edit(ready, "UPDATE officer_keys SET state = 'trusted', revoked_at = NULL")
    assert why_closed(ready, opened) == "the officer's key was revoked"
    with pytest.raises(Refused, match="revoked"):
        ready.sign()


@pytest.mark.requirement("R1")
def test_a_key_that_no_line_of_the_log_trusts_is_not_trusted(ready: Force) -> None:
    stranger = SigningKey("Eve", Ed25519PrivateKey.generate())
    edit(
        ready,
        "UPDATE officer_keys SET fingerprint = ?, public_key = ?",
        stranger.public.id,
        stranger.public.raw,
    )
    ready.key.write_text(stranger.text())
    with pytest.raises(Refused, match="is not trusted"):
        ready.sign()


@pytest.mark.requirement("R3")
def test_the_latest_time_of_the_records_cannot_be_edited_back(ready: Force) -> None:
    edit(ready, SET_BACK)
    with pytest.raises(Fault, match=r"altered outside overt .*differ in time"):
        open_gate(ready.folder / "home", ready.hands.clock())


def new_key(force: Force) -> KeyId:
    """Of something else than a list."""
    with UnitOfWork(force.gate._records, force.actor.id) as work:
        return work.new_data_key(KeyKind.ALERT, work.audit(AuditEvent.ALERT_RAISED)).id


def found_altered(force: Force, table: str) -> bool:
    folder = force.folder / "home"
    return any(f"{table} (" in each for each in check_records(folder, force.clock).altered)


@pytest.mark.requirement("R17")
def test_nobody_is_stood_down_by_an_act_that_would_mark_an_edited_entry(ready: Force) -> None:
    edit(ready, "UPDATE watchlist_entries SET review_by = '2099-01-01' WHERE subject_id='S1'")
    with pytest.raises(Refused, match="altered outside overt: watchlist_entries"):
        ready.gate.stand_down(ready.actor, LIST, SubjectId("S1"), reason="arrested")
    assert found_altered(ready, "watchlist_entries")


@pytest.mark.requirement("R51")
def test_a_list_edited_to_name_the_key_of_another_does_not_take_it_along(ready: Force) -> None:
    other = new_key(ready)
    edit(ready, "UPDATE watchlists SET data_key_id = ?", other)
    with pytest.raises(Refused, match="altered outside overt: watchlists"):
        ready.gate.delete_watchlist(ready.actor, LIST)
    assert other in {each.name for each in (ready.folder / "home" / "keys" / "data").iterdir()}
    assert found_altered(ready, "watchlists")


@pytest.mark.requirement("R55")
def test_an_edited_entry_is_not_deleted_with_its_list_unnoticed(ready: Force) -> None:
    edit(ready, "UPDATE watchlist_entries SET subject_id = 'S9' WHERE subject_id = 'S1'")
    with pytest.raises(Refused, match="altered outside overt: watchlist_entries"):
        ready.gate.delete_watchlist(ready.actor, LIST)
    assert found_altered(ready, "watchlist_entries")
