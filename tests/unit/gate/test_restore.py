"""A backup brings the records back, and neither what was deleted since nor what was denied."""

import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.fakes.installed import installed_home
from tests.fakes.lists_and_alerts import keep_alert, keep_deployment

from overt.audit.events import AuditEvent
from overt.audit.note import read_verifier
from overt.audit.verify import read_since, verify
from overt.errors import NotPermitted, Refused
from overt.gate.gate import Gate, open_gate
from overt.gate.restore import restore
from overt.identifiers import ActorId, AlertId
from overt.policy.access import Permission
from overt.records.schema import AlertRow, EvidenceRow
from overt.records.vault import Place
from overt.records.work import Reading
from overt.units import Clock, UtcTime

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
FAR = UtcTime(NOON + timedelta(days=900))
PROBE = b"\xff\xd8 a probe"


def _clock(hours: float = 0) -> Clock:
    return Clock(wall=(NOON + timedelta(hours=hours)).timestamp)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return installed_home(tmp_path / "home", UtcTime(NOON))


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Another disk, for backups."""
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


def _raise_alert(gate: Gate, *, dies: UtcTime = FAR) -> AlertId:
    with gate._as(gate.whoami(), Permission.ALERT_READ) as work:
        deployment = keep_deployment(work, dies=FAR, name=f"d-{work.now.timestamp()}")
        return keep_alert(work, deployment, dies=dies, subject="S1", evidence=PROBE)


@dataclass(frozen=True, slots=True)
class BackedUp:
    folder: Path
    """With a home and a disk."""
    alert: AlertId


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> BackedUp:
    folder = tmp_path_factory.mktemp("backed-up")
    (folder / "disk").mkdir()
    with open_gate(installed_home(folder / "home", UtcTime(NOON)), _clock()) as gate:
        raised = _raise_alert(gate)
        gate.back_up(gate.whoami(), folder / "disk" / "monday")
    return BackedUp(folder, raised)


@pytest.fixture
def alert(home: Path, disk: Path, backed_up: BackedUp) -> AlertId:
    """The alert of a home that was backed up to disk/monday."""
    shutil.rmtree(home)
    shutil.copytree(backed_up.folder / "home", home)
    shutil.copytree(backed_up.folder / "disk", disk, dirs_exist_ok=True)
    return backed_up.alert


def _lose(home: Path, *, all_but: str = "master.key") -> None:
    """A disk dies; of its keys only the one kept elsewhere is put back."""
    kept = (home / "keys" / all_but).read_bytes()
    shutil.rmtree(home)
    (home / "keys").mkdir(parents=True)
    (home / "keys" / all_but).write_bytes(kept)
    (home / "keys" / all_but).chmod(0o600)


def _alerts(gate: Gate) -> list[AlertId]:
    with Reading(gate._records) as reading:
        return list(reading.session.scalars(select(AlertRow.id)))


def _probe(gate: Gate, alert: AlertId) -> bytes:
    with gate._as(gate.whoami(), Permission.ALERT_READ) as work:
        work.audit(AuditEvent.ALERT_READ, alert=alert, justification="a test")
        row = work.session.scalars(select(EvidenceRow).where(EvidenceRow.alert_id == alert)).one()
        key = work.data_key(work.session.get_one(AlertRow, alert).data_key_id)
        return key.unseal(row.sealed, Place("alert_evidence", row.id, "probe"))


def test_a_lost_home_comes_back_with_what_it_sealed(home: Path, disk: Path, alert: AlertId) -> None:
    _lose(home)
    restore(home, disk / "monday", clock=_clock())
    with open_gate(home, _clock()) as gate:
        assert _alerts(gate) == [alert]
        assert _probe(gate, alert) == PROBE


@pytest.mark.usefixtures("alert")
def test_the_restored_log_goes_on_under_its_old_key(home: Path, disk: Path, tmp_path: Path) -> None:
    with open_gate(home, _clock()) as gate:
        key = read_verifier(gate.audit_key(gate.whoami()))
        since = read_since(gate.audit_checkpoint(gate.whoami()), key)
    _lose(home)
    restore(home, disk / "monday", clock=_clock())
    with open_gate(home, _clock()) as gate:
        done = gate.export_audit(gate.whoami(), tmp_path / "log")
        events = [line.event for line in gate.audit_lines(gate.whoami())]
    with done.file.open("rb") as file:
        assert verify(file, key, since).since == since
    assert "restored" in events


@pytest.mark.usefixtures("alert")
def test_a_backup_holds_no_key_that_opens_it(home: Path, disk: Path) -> None:
    secrets = [each.read_text().split()[-1].encode() for each in (home / "keys").glob("*.key")]
    with zipfile.ZipFile(disk / "monday") as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    whole += (disk / "overt.keys").read_bytes()
    assert not [secret for secret in secrets if secret[-20:] in whole]
    wrapped = [each.read_bytes() for each in (home / "keys" / "data").iterdir()]
    assert wrapped
    with zipfile.ZipFile(disk / "monday") as archive:
        assert not [each for each in wrapped if each in archive.read("overt.db")]


@pytest.mark.requirement("R51")
def test_what_was_deleted_after_the_backup_stays_deleted(home: Path, disk: Path) -> None:
    with open_gate(home, _clock()) as gate:
        kept = _raise_alert(gate)
        _raise_alert(gate, dies=UtcTime(NOON + timedelta(hours=1)))
        gate.back_up(gate.whoami(), disk / "monday")
    with open_gate(home, _clock(2)) as gate:  # expires on opening
        gate.back_up(gate.whoami(), disk / "tuesday")
    _lose(home)
    # Even a clock set back to before the deletion does not open the older backup's alert.
    assert restore(home, disk / "monday", clock=_clock()).lost_keys == 1
    with open_gate(home, _clock()) as gate:
        assert _alerts(gate) == [kept]


@pytest.mark.requirement("R51")
def test_what_came_due_since_the_backup_is_deleted_as_it_is_restored(
    home: Path, disk: Path
) -> None:
    with open_gate(home, _clock()) as gate:
        _raise_alert(gate, dies=UtcTime(NOON + timedelta(hours=1)))
        gate.back_up(gate.whoami(), disk / "monday")
    _lose(home)
    restore(home, disk / "monday", clock=_clock(2))
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        assert raw.execute("SELECT count(*) FROM alerts").fetchone() == (0,)


@pytest.mark.usefixtures("alert")
def test_newer_records_are_not_overwritten(home: Path, disk: Path) -> None:
    with open_gate(home, _clock()) as gate:
        _raise_alert(gate)
    with pytest.raises(Refused, match="is newer than the backup"):
        restore(home, disk / "monday", clock=_clock())
    with open_gate(home, _clock()) as gate:
        assert len(_alerts(gate)) == 2


def test_older_records_are(home: Path, disk: Path, tmp_path: Path, alert: AlertId) -> None:
    shutil.copytree(home, tmp_path / "older")
    with open_gate(home, _clock()) as gate:
        newer = _raise_alert(gate)
        gate.back_up(gate.whoami(), disk / "tuesday")
    restore(tmp_path / "older", disk / "tuesday", clock=_clock())
    with open_gate(tmp_path / "older", _clock()) as gate:
        assert set(_alerts(gate)) == {alert, newer}


@pytest.mark.usefixtures("alert")
def test_records_in_use_are_not_overwritten(home: Path, disk: Path) -> None:
    with (
        open_gate(home, _clock()),
        pytest.raises(Refused, match="another overt is using these records"),
    ):
        restore(home, disk / "monday", clock=_clock())


@pytest.mark.usefixtures("alert")
def test_records_of_another_installation_are_not_overwritten(
    home: Path, disk: Path, tmp_path: Path
) -> None:
    with open_gate(tmp_path / "other", _clock()):
        pass
    shutil.copy(home / "keys" / "master.key", tmp_path / "other" / "keys" / "master.key")
    with pytest.raises(Refused, match="cannot be read as an earlier state of this backup"):
        restore(tmp_path / "other", disk / "monday", clock=_clock())


@pytest.mark.usefixtures("alert")
def test_without_the_master_key_nothing_is_restored(home: Path, disk: Path) -> None:
    shutil.rmtree(home)
    with pytest.raises(Refused, match=r"master\.key: it is lost; put the key [0-9a-f]{16} back"):
        restore(home, disk / "monday", clock=_clock())
    assert not (home / "overt.db").exists()


@pytest.mark.usefixtures("alert")
def test_without_its_file_of_keys_nothing_is_restored(home: Path, disk: Path) -> None:
    (disk / "overt.keys").unlink()
    _lose(home)
    with pytest.raises(Refused, match=r"overt\.keys is not there"):
        restore(home, disk / "monday", clock=_clock())


def _altered(path: Path) -> None:
    """Write the archive anew with one alert's person changed."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    held["overt.db"] = held["overt.db"].replace(b"north", b"south")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def _noise(path: Path) -> None:
    path.write_bytes(b"noise" * 100)


def _empty(path: Path) -> None:
    with zipfile.ZipFile(path, "w"):
        pass


@pytest.mark.usefixtures("alert")
@pytest.mark.parametrize("damage", [_altered, _cut, _noise, _empty, Path.unlink])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_changes(
    home: Path, disk: Path, damage: Callable[[Path], None]
) -> None:
    before = (home / "overt.db").read_bytes()
    damage(disk / "monday")
    with pytest.raises(Refused, match="monday"):
        restore(home, disk / "monday", clock=_clock())
    assert (home / "overt.db").read_bytes() == before


@pytest.mark.usefixtures("alert")
@pytest.mark.parametrize("keys", [b"", b"{}", b"noise\n", b'{"format":"overt-backup-keys-1"}\n'])
def test_a_file_of_keys_that_is_none_is_refused(home: Path, disk: Path, keys: bytes) -> None:
    (disk / "overt.keys").write_bytes(keys)
    with pytest.raises(Refused, match="no file of keys"):
        restore(home, disk / "monday", clock=_clock())


@pytest.mark.usefixtures("alert")
def test_an_account_that_may_not_back_up_may_not_restore(
    home: Path, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lose(home)
    monkeypatch.setattr("overt.gate.restore.account", lambda: ActorId("a-stranger"))
    with pytest.raises(NotPermitted, match="may not back up and restore"):
        restore(home, disk / "monday", clock=_clock())
    assert not (home / "overt.db").exists()


# --- making one


@pytest.fixture
def gate(home: Path) -> Iterator[Gate]:
    with open_gate(home, _clock()) as opened:
        yield opened


def test_a_backup_within_the_home_is_refused(gate: Gate, home: Path) -> None:
    with pytest.raises(Refused, match="lies within OVERT_HOME"):
        gate.back_up(gate.whoami(), home / "backup")


def test_a_backup_under_the_name_of_the_keys_is_refused(gate: Gate, disk: Path) -> None:
    with pytest.raises(Refused, match="name the backup otherwise"):
        gate.back_up(gate.whoami(), disk / "overt.keys")


def test_a_backup_beside_another_installations_is_refused(
    gate: Gate, disk: Path, tmp_path: Path
) -> None:
    with open_gate(tmp_path / "other", _clock()) as other:
        other.back_up(other.whoami(), disk / "other")
    with pytest.raises(Refused, match="belongs to another installation"):
        gate.back_up(gate.whoami(), disk / "ours")


def test_a_backup_leaves_no_copy_in_the_home(gate: Gate, home: Path, disk: Path) -> None:
    gate.back_up(gate.whoami(), disk / "monday")
    assert list((home / "aside").iterdir()) == []


def test_what_a_killed_backup_left_is_cleared_when_the_records_open(home: Path) -> None:
    with open_gate(home, _clock()):
        (home / "aside" / "half").mkdir()
        with open_gate(home, _clock()):
            assert (home / "aside" / "half").exists()  # it may belong to the other
    with open_gate(home, _clock()):
        assert not (home / "aside" / "half").exists()


@pytest.mark.parametrize("at", range(0, 400, 7))
def test_a_backup_with_a_damaged_byte_is_restored_exactly_or_refused(
    home: Path, disk: Path, alert: AlertId, at: int
) -> None:
    content = bytearray((disk / "monday").read_bytes())
    content[at] ^= 0xFF
    (disk / "damaged").write_bytes(content)
    shutil.move(home / "overt.db", disk / "moved.db")
    try:
        restore(home, disk / "damaged", clock=_clock())
    except Refused:
        assert not (home / "overt.db").exists()
    else:
        with open_gate(home, _clock()) as gate, Reading(gate._records) as reading:
            assert reading.session.get(AlertRow, alert) is not None
