"""A key that is destroyed is gone from every copy of the database, and a crash only delays that."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.fakes.installed import installed_home
from tests.fakes.lists_and_alerts import keep_alert, keep_deployment

from overt.errors import Refused
from overt.gate.gate import Gate, open_gate
from overt.identifiers import KeyId
from overt.policy.access import Permission
from overt.records.key_folder import KeyFolder
from overt.records.records import PROGRAM
from overt.records.schema import DataKeyRow
from overt.records.vault import KeyKind
from overt.records.work import Reading, UnitOfWork
from overt.units import Clock, UtcTime

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def _clock(hours: float = 0.0) -> Clock:
    at = NOON + timedelta(hours=hours)
    return Clock(wall=at.timestamp, monotonic=lambda: 0.0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With an alert that dies after an hour."""
    with open_gate(installed_home(tmp_path / "home", UtcTime(NOON)), _clock()) as gate:
        dies = UtcTime(NOON + timedelta(hours=1))
        with gate._as(gate.whoami(), Permission.WATCHLIST_IMPORT) as work:
            deployment = keep_deployment(work, dies=UtcTime(NOON + timedelta(days=900)))
            keep_alert(work, deployment, dies=dies, subject="s1", evidence=b"\xff\xd8")
    return tmp_path / "home"


@pytest.fixture
def gate(home: Path) -> Iterator[Gate]:
    with open_gate(home, _clock()) as opened:
        yield opened


def _only_key(gate: Gate) -> KeyId:
    with Reading(gate._records) as reading:
        return reading.session.scalars(select(DataKeyRow.id)).one()


def test_no_key_is_in_the_database(gate: Gate, home: Path) -> None:
    wrapped = gate._records.keys.get(_only_key(gate))
    assert wrapped is not None
    assert all(wrapped not in each.read_bytes() for each in home.glob("overt.db*"))


@pytest.mark.requirement("R51")
def test_a_copy_of_the_database_opens_nothing_once_the_key_is_destroyed(
    home: Path, tmp_path: Path
) -> None:
    stolen = tmp_path / "stolen"
    shutil.copytree(home, stolen)  # all of it, but only the database is put back
    with open_gate(home, _clock(hours=2)):
        pass
    for file in stolen.glob("overt.db*"):
        shutil.copy(file, home)
    with (
        open_gate(home, _clock()) as gate,
        pytest.raises(Refused, match="was destroyed"),
        UnitOfWork(gate._records, PROGRAM) as work,
    ):
        work.data_key(_only_key(gate))


@pytest.mark.requirement("R52")
def test_a_crash_between_the_rows_and_the_files_is_ended_by_the_next_opening(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(KeyFolder, "shred", cut)
        with pytest.raises(PowerCut):
            open_gate(home, _clock(hours=2))
    assert len(list((home / "keys" / "data").iterdir())) == 1
    with open_gate(home, _clock(hours=2)):
        assert not list((home / "keys" / "data").iterdir())


def test_a_key_of_an_act_that_was_undone_is_not_kept(gate: Gate) -> None:
    before, during = gate._records.keys.ids(), set[KeyId]()

    def act() -> None:
        with UnitOfWork(gate._records, PROGRAM) as work:
            work.new_data_key(KeyKind.ALERT, 0)
            during.update(gate._records.keys.ids())
            raise Refused("something else was wrong")

    with pytest.raises(Refused, match="something else"):
        act()
    assert len(during) == len(before) + 1
    assert gate._records.keys.ids() == before


def test_a_key_that_a_crash_left_behind_is_nobodys_and_goes(home: Path) -> None:
    folder = home / "keys" / "data"
    KeyFolder(folder).put(KeyId("f" * 32), b"of an act that never was")
    (folder / ".half-named").write_bytes(b"likewise")
    before = {each.name for each in folder.iterdir()}
    with open_gate(home, _clock()) as gate:
        assert gate._records.keys.ids() == before - {"f" * 32, ".half-named"}
    assert {each.name for each in folder.iterdir()} == before - {"f" * 32, ".half-named"}


def test_a_file_is_overwritten_before_it_is_removed(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    folder.put(KeyId("a" * 32), b"a key that is wrapped")
    (tmp_path / "another-name").hardlink_to(tmp_path / ("a" * 32))
    folder.shred([KeyId("a" * 32)])
    assert folder.ids() == frozenset()
    left = (tmp_path / "another-name").read_bytes()
    assert len(left) == len(b"a key that is wrapped")
    assert left != b"a key that is wrapped"


def test_keys_of_older_records_move_out_of_the_database(home: Path) -> None:
    with open_gate(home, _clock()) as gate:
        key, keys = _only_key(gate), gate._records.keys
        wrapped = keys.get(key)
        with UnitOfWork(gate._records, PROGRAM) as work:
            work.session.execute(update(DataKeyRow).values(wrapped=wrapped))
            work.destroy_data_key(work.new_data_key(KeyKind.ALERT, 0).id)  # an act has its line
        keys.shred([key])
    with open_gate(home, _clock()) as gate:
        assert gate._records.keys.get(key) == wrapped
        with Reading(gate._records) as reading:
            assert not any(reading.session.scalars(select(DataKeyRow.wrapped)))
    assert wrapped is not None
    assert all(wrapped not in each.read_bytes() for each in home.glob("overt.db*"))
