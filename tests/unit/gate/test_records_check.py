"""Whatever is done to the records outside overt is found, and named."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete
from tests.fakes.authority import LIST, Force
from tests.fakes.meddling import without_triggers
from tests.fakes.planted_alerts import PlantedRecords, an_alert, planted_records

from overt.audit.events import AuditEvent
from overt.decisions.states import Judgement
from overt.errors import Fault
from overt.gate.gate import open_gate
from overt.gate.records_check import RecordsChecked, check_records
from overt.policy.access import Permission
from overt.records.guard import AlteredRecords
from overt.records.schema import EntryRow, ImageRow, TemplateRow, WatchlistRow
from overt.records.work import Reading

pytestmark = pytest.mark.requirement("R57")


def edit(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        raw.execute("PRAGMA foreign_keys = ON")
        for statement in statements:
            assert raw.execute(statement).rowcount > 0
        raw.commit()


def checked(force: Force) -> RecordsChecked:
    return check_records(force.folder / "home", force.hands.clock())


def test_records_that_nobody_touched_are_as_overt_left_them(ready: Force) -> None:
    ready.open()
    told = checked(ready)
    assert told.altered == ()
    assert told.rows > 20


def test_what_goes_with_a_list_by_cascade_goes_with_its_marks(ready: Force) -> None:
    with ready.gate._as(ready.actor, Permission.WATCHLIST_DELETE) as work:
        work.audit(AuditEvent.WATCHLIST_DELETED)
        work.session.execute(delete(WatchlistRow))
    with Reading(ready.gate._records) as reading:
        for gone in (EntryRow, ImageRow, TemplateRow):
            assert reading.session.query(gone).count() == 0
    assert checked(ready).altered == ()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE watchlists SET imported_at = '2099-01-01T00:00:00.000Z'", "watchlists"),
        ("UPDATE deployments SET closes_at = '2099-01-01T00:00:00.000Z'", "deployments"),
        ("UPDATE officer_keys SET name = 'Eve'", "officer_keys"),
        ("UPDATE watchlist_entries SET delete_after = '2099'", "watchlist_entries"),
        ("UPDATE watchlist_images SET quality = '{}'", "watchlist_images"),
        ("UPDATE templates SET sealed = X'01'", "templates"),
        ("UPDATE data_keys SET destroyed_at = NULL, made_at = '2099'", "data_keys"),
        ("UPDATE row_marks SET mark = X'00' WHERE name = 'actors'", "actors"),
    ],
)
def test_a_row_that_was_altered_is_named(ready: Force, statement: str, named: str) -> None:
    edit(ready.folder / "home", statement)
    told = checked(ready).altered
    assert all(each.startswith(named) for each in told)
    assert any(each.endswith("was altered") for each in told)


def test_a_row_that_was_put_in_or_taken_away_is_named(ready: Force) -> None:
    edit(
        ready.folder / "home",
        "INSERT INTO actors SELECT 'eve', added_at, audit_id, delete_after FROM actors LIMIT 1",
        "DELETE FROM templates WHERE rowid = 1",
    )
    told = checked(ready).altered
    assert "actors (eve) was put in" in told
    template = next(each for each in told if each.startswith("templates"))
    assert template.endswith("was taken away")


def test_a_row_that_was_taken_away_with_its_mark_is_missed(ready: Force) -> None:
    edit(
        ready.folder / "home",
        "DELETE FROM row_marks WHERE name = 'manifests'",
        "DELETE FROM manifests",
    )
    assert checked(ready).altered == (
        "manifests: rows were taken away or put back together with their marks",
    )


def test_an_old_state_put_back_with_its_marks_is_found(ready: Force) -> None:
    database = ready.folder / "home" / "overt.db"
    with closing(sqlite3.connect(database)) as raw:
        kept = raw.execute("SELECT key, mark FROM row_marks WHERE name = 'officer_keys'").fetchone()
        row = raw.execute("SELECT state, revoked_at FROM officer_keys").fetchone()
    ready.gate.revoke_officer_key(ready.actor, ready.key.with_name("officer.pub"))
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("UPDATE officer_keys SET state = ?, revoked_at = ?", row)
        raw.execute("UPDATE row_marks SET mark = ? WHERE key = ?", kept[::-1])
        raw.commit()
    assert checked(ready).altered == (
        "officer_keys: rows were taken away or put back together with their marks",
    )


def test_the_tallies_cannot_be_set_back_alone(ready: Force) -> None:
    database = ready.folder / "home" / "overt.db"
    with closing(sqlite3.connect(database)) as raw:
        before = raw.execute("SELECT tallies FROM tree_state").fetchone()
    ready.gate.watchlists(ready.actor)
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("UPDATE tree_state SET tallies = ?", before)
        raw.commit()
    with pytest.raises(Fault, match="altered outside overt"):
        ready.gate.watchlists(ready.actor)


@pytest.mark.requirement("R55")
def test_a_line_altered_in_the_middle_is_named(ready: Force) -> None:
    with without_triggers(ready.folder / "home" / "overt.db") as raw:
        raw.execute("UPDATE audit SET line = X'7b7d' WHERE seq = 2")
    told = checked(ready).altered
    assert "audit (2) was altered" in told
    assert "audit: its lines are not those that were signed" in told


@pytest.mark.requirement("R68")
def test_a_role_counts_only_if_overt_granted_it(ready: Force) -> None:
    edit(
        ready.folder / "home",
        "INSERT INTO actor_roles SELECT actor_id, 'auditor', granted_at, audit_id, delete_after "
        "FROM actor_roles LIMIT 1",
    )
    with pytest.raises(AlteredRecords, match=r"auditor\) was put in"):
        ready.gate.whoami()


@pytest.mark.requirement("R17")
def test_an_old_list_made_to_look_new_is_not_used(ready: Force) -> None:
    edit(ready.folder / "home", "UPDATE watchlists SET imported_at = '2026-11-30T11:59:59.000Z'")
    with pytest.raises(AlteredRecords, match="watchlists"):
        ready.open()
    assert "watchlists" in ready.last("refused")["reason"]


def test_a_list_whose_entries_were_altered_is_not_shown(ready: Force) -> None:
    edit(ready.folder / "home", "UPDATE watchlist_entries SET category = 'another'")
    with pytest.raises(AlteredRecords, match="watchlist_entries"):
        ready.gate.watchlist(ready.actor, LIST)


def test_a_template_moved_to_another_entry_finds_nobody(ready: Force) -> None:
    opened = ready.open()
    one, other = (f"(SELECT id FROM watchlist_images LIMIT 1 OFFSET {place})" for place in (0, 1))
    edit(
        ready.folder / "home",
        f"UPDATE templates SET model = 'aside' WHERE image_id = {other}",
        f"UPDATE templates SET image_id = {other} WHERE image_id = {one}",
    )
    with pytest.raises(Fault, match=r"templates .* was altered outside overt"):
        ready.gate.live_list(opened.actor, opened)


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[PlantedRecords]:
    records = planted_records(tmp_path / "home")
    with records.gate:
        alert = records.plant(an_alert(1))
        records.plant(an_alert(2))
        records.gate.examine_alert(records.gate.whoami(), alert)
        records.gate.decide(
            records.gate.whoami(), alert, Judgement.POSSIBLE_MATCH, reason="the same scar"
        )
        yield records


@pytest.mark.requirement("R46")
@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM alerts WHERE id = 'a-2'", r"alerts \(a-2\) was taken away"),
        ("UPDATE alerts SET similarity = 0.99 WHERE id = 'a-1'", r"alerts \(a-1\) was altered"),
        ("UPDATE decisions SET by = 'eve'", "decisions .* was altered"),
        ("DELETE FROM decisions", "decisions .* was taken away"),
    ],
)
def test_alerts_that_were_altered_are_neither_shown_nor_judged(
    reviewed: PlantedRecords, tmp_path: Path, statement: str, named: str
) -> None:
    edit(tmp_path / "home", statement)
    actor = reviewed.gate.whoami()
    with pytest.raises(AlteredRecords, match=named):
        reviewed.gate.alerts(actor)
    with pytest.raises(AlteredRecords, match=named):
        reviewed.gate.examine_alert(actor, an_alert(1).id)
    with pytest.raises(AlteredRecords, match=named):
        reviewed.gate.stop_alert(actor, an_alert(1).id, reason="doubt")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alert_evidence SET alert_id = 'a-1', revision = 1 WHERE alert_id = 'a-2'",
        "DELETE FROM alert_evidence WHERE kind = 'scene'",
    ],
)
def test_evidence_that_was_moved_or_taken_away_is_not_shown(
    reviewed: PlantedRecords, tmp_path: Path, statement: str
) -> None:
    edit(tmp_path / "home", statement)
    with pytest.raises(AlteredRecords, match="alert_evidence"):
        reviewed.gate.examine_alert(reviewed.gate.whoami(), an_alert(2).id)


def test_an_alert_sent_to_its_death_by_hand_is_named_in_the_log(
    reviewed: PlantedRecords, tmp_path: Path
) -> None:
    edit(tmp_path / "home", "UPDATE alerts SET delete_after = '2026-11-01T00:00:00.000Z'")
    with open_gate(tmp_path / "home", reviewed.hands.clock()) as gate:
        lines = gate.audit_lines(gate.whoami())
    told = [line.detail["what"] for line in lines if line.event == "row-altered"]
    assert "alerts (a-1) was altered" in told
