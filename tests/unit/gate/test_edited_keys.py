"""An insider who may only edit the database destroys no key of what lives, and closes nothing."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.fakes.planted_alerts import (
    DEPLOYMENT,
    NOON,
    Hands,
    PlantedRecords,
    an_alert,
    planted_records,
)

from overt.errors import Refused
from overt.gate.destruction import Purged, destroyed_keys
from overt.gate.gate import open_gate
from overt.gate.records_check import check_records
from overt.identifiers import AlertId, KeyId
from overt.records.schema import AlertRow
from overt.records.work import Reading, UnitOfWork
from overt.units import UtcTime


def _edit(home: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        assert raw.execute(statement, values).rowcount > 0
        raw.commit()


def _key_of(planted: PlantedRecords, alert: str) -> KeyId:
    with Reading(planted.gate._records) as reading:
        return reading.session.scalars(
            select(AlertRow.data_key_id).where(AlertRow.id == alert)
        ).one()


def _key_files(home: Path) -> set[str]:
    return {each.name for each in (home / "keys" / "data").iterdir()}


def _purge(home: Path, hands: Hands, after: timedelta = timedelta()) -> Purged:
    hands.at += after.total_seconds()
    with open_gate(home, hands.clock()) as gate:
        return gate.purge(gate.whoami())


def _destroy(work: UnitOfWork, alert: str) -> None:
    row = work.session.get_one(AlertRow, alert)
    work.session.delete(row)
    work.session.flush()
    work.destroy_data_key(row.data_key_id)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.requirement("R52")
def test_an_open_deployment_edited_to_closed_is_not_noted_as_purged(home: Path) -> None:
    planted = planted_records(home, profile="uk-police-2026")
    planted.gate.__exit__(None, None, None)
    _edit(home, "UPDATE deployments SET state = 'closed', profile = 'consent'")
    purged = _purge(home, planted.hands)
    assert any("deployments" in each and "altered" in each for each in purged.alarms)
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        told = raw.execute("SELECT count(*) FROM audit WHERE event = 'deployment-purged'")
        assert told.fetchone() == (0,)
    assert any("deployments" in each for each in check_records(home, planted.hands.clock()).altered)


@pytest.mark.requirement("R52")
def test_what_is_due_goes_although_somebody_edited_a_deployment(home: Path) -> None:
    planted = planted_records(home)
    planted.plant(an_alert(1))
    planted.gate.__exit__(None, None, None)
    _edit(home, "UPDATE deployments SET state = 'closed'")
    assert _purge(home, planted.hands, timedelta(days=2)).rows["alerts"] == 1


@pytest.mark.requirement("R17")
def test_an_edited_deployment_is_not_closed_and_so_keeps_showing_the_edit(home: Path) -> None:
    planted = planted_records(home, profile="uk-police-2026")
    _edit(home, "UPDATE deployments SET profile = 'consent', watchlist_digest = 'sha256:1'")
    gate = planted.gate
    with pytest.raises(Refused, match="altered outside overt: deployments"):
        gate.close_deployment(gate.whoami(), DEPLOYMENT, reason="done")
    gate.__exit__(None, None, None)
    assert any("deployments" in each for each in check_records(home, planted.hands.clock()).altered)


@pytest.mark.requirement("R51")
def test_a_key_that_only_its_row_says_is_destroyed_outlives_the_destruction_of_another(
    home: Path,
) -> None:
    planted = planted_records(home)
    planted.plant(an_alert(1))
    planted.plant(an_alert(2))
    key, other = _key_of(planted, "a-1"), _key_of(planted, "a-2")
    _edit(home, "UPDATE data_keys SET destroyed_at = made_at WHERE id = ?", key)
    planted.change(lambda work: _destroy(work, "a-2"))
    purged = _purge_of(planted)
    assert key in _key_files(home)
    assert other not in _key_files(home)
    assert any("data_keys" in each for each in purged.alarms)


@pytest.mark.requirement("R51")
def test_a_key_that_its_row_says_is_destroyed_is_destroyed_when_its_alert_is_due(
    home: Path,
) -> None:
    planted = planted_records(home)
    planted.plant(an_alert(1))
    key = _key_of(planted, "a-1")
    planted.gate.__exit__(None, None, None)
    _edit(
        home, "UPDATE data_keys SET destroyed_at = made_at, delete_after = made_at WHERE id=?", key
    )
    _purge(home, planted.hands, timedelta(days=2))
    assert key not in _key_files(home)
    with open_gate(home, planted.hands.clock()) as gate, Reading(gate._records) as reading:
        assert key in destroyed_keys(reading)


@pytest.mark.requirement("R51")
def test_an_alert_edited_to_name_the_key_of_another_does_not_lose_its_own(home: Path) -> None:
    planted = planted_records(home)
    planted.plant(an_alert(1))
    for number in (2, 3):
        early = UtcTime(NOON - timedelta(hours=23, minutes=50))
        planted.plant(an_alert(number, raised_at=early))
    keys = [_key_of(planted, f"a-{number}") for number in (1, 2, 3)]
    planted.gate.__exit__(None, None, None)
    _edit(home, "UPDATE alerts SET data_key_id = ? WHERE id = 'a-1'", keys[1])
    purged = _purge(home, planted.hands, timedelta(hours=1))
    assert purged.rows["alerts"] == 2
    assert keys[0] in _key_files(home)
    assert keys[2] not in _key_files(home)  # what is honestly due still goes
    assert any("alerts (a-1)" in each for each in purged.alarms)


@pytest.mark.requirement("R51")
def test_a_due_alert_edited_to_name_the_key_of_another_does_not_take_it_along(home: Path) -> None:
    planted = planted_records(home)
    planted.plant(an_alert(1))
    planted.plant(an_alert(2, raised_at=UtcTime(NOON - timedelta(hours=23, minutes=50))))
    first, second = _key_of(planted, "a-1"), _key_of(planted, "a-2")
    planted.gate.__exit__(None, None, None)
    _edit(
        home,
        "UPDATE alerts SET data_key_id = CASE id WHEN 'a-1' THEN ? ELSE ? END",
        second, first,
    )  # fmt: skip
    _purge(home, planted.hands, timedelta(hours=1))
    assert first in _key_files(home)


@pytest.mark.requirement("R51")
def test_a_key_whose_row_was_taken_away_is_not_shredded_as_nobodys(home: Path) -> None:
    planted = planted_records(home)
    planted.plant(an_alert(1))
    key = _key_of(planted, AlertId("a-1"))
    planted.gate.__exit__(None, None, None)
    _edit(home, "DELETE FROM data_keys WHERE id = ?", key)
    _edit(home, "DELETE FROM row_marks WHERE name = 'data_keys' AND key LIKE ?", f"%{key}%")
    assert any("data_keys" in each for each in _purge(home, planted.hands).alarms)
    assert key in _key_files(home)


def _purge_of(planted: PlantedRecords) -> Purged:
    with planted.gate as gate:
        return gate.purge(gate.whoami())


@pytest.mark.requirement("R51")
def test_the_file_of_a_destroyed_key_that_is_copied_back_is_destroyed_again_and_told_of_once(
    home: Path,
) -> None:
    planted = planted_records(home)
    planted.plant(an_alert(1))
    planted.plant(an_alert(2))
    key, other = _key_of(planted, "a-1"), _key_of(planted, "a-2")
    file = home / "keys" / "data" / other
    copied = file.read_bytes()
    planted.change(lambda work: _destroy(work, "a-2"))
    _purge_of(planted)
    assert not file.exists()

    with open_gate(home, planted.hands.clock()) as gate:
        file.write_bytes(copied)
        for _ in range(2):
            raised = gate.purge(gate.whoami()).alarms
            told = [each for each in raised if f"CAME BACK: the file of {other}" in each]
            assert len(told) == 1
            assert other not in _key_files(home)
            assert key in _key_files(home)
