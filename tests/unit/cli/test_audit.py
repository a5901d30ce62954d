"""`overt audit` and `overt backup` end with one message and the status that design §6 gives."""

import json
import shutil
import sqlite3
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.installed import BEGAN, installed_home

from overt.cli.audit import verify_file
from overt.errors import Refused
from overt.gate.gate import open_gate
from overt.units import Clock

Overt = Callable[..., Answer]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return installed_home(tmp_path / "home", BEGAN)


@dataclass(frozen=True)
class HandedOver:
    """What an auditor gets: a file and a key."""

    log: Path
    key: str


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> HandedOver:
    folder = tmp_path_factory.mktemp("handed-over")
    with open_gate(folder / "home", Clock()) as gate:
        actor = gate.whoami()
        gate.export_audit(actor, folder / "log")
        return HandedOver(folder / "log", gate.audit_key(actor))


@pytest.fixture
def overt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Overt:
    line = CommandLine(monkeypatch, capsys)

    def run(home: Path, *words: str | Path) -> Answer:
        monkeypatch.setenv("OVERT_HOME", str(home))
        return line.run(*words)

    return run


def _told(done: Answer) -> dict[str, object]:
    """The one JSON object on the one line of standard output."""
    assert done.status == 0, done.err
    assert done.out.count("\n") == 1
    told = json.loads(done.out)
    assert isinstance(told, dict)
    return told


def test_an_export_is_verified_by_somebody_without_the_records(
    overt: Overt, handed_over: HandedOver, tmp_path: Path
) -> None:
    (tmp_path / "log.pub").write_text(f"{handed_over.key}\n")
    nowhere = tmp_path / "nowhere"
    told = _told(
        overt(nowhere, "audit", "verify", handed_over.log, "--key", tmp_path / "log.pub",
               "--since", handed_over.log, "--json")
    )  # fmt: skip
    assert (told["verified"], told["lines"], told["since"]) == (True, 3, 3)
    assert not nowhere.exists()


def test_a_tampered_export_is_status_1_with_the_line(
    overt: Overt, handed_over: HandedOver, tmp_path: Path
) -> None:
    lines = handed_over.log.read_bytes().splitlines(keepends=True)
    (tmp_path / "log").write_bytes(b"".join([lines[0], lines[2], lines[1], *lines[3:]]))
    done = overt(tmp_path, "audit", "verify", tmp_path / "log", "--key", handed_over.key)
    assert (done.status, done.out) == (1, "")
    assert done.err == f"refused: {tmp_path}/log: line 2: its seq is 2; 1 is next\n"


def test_a_file_without_newlines_is_refused_without_being_read_whole(
    handed_over: HandedOver, tmp_path: Path
) -> None:
    with (tmp_path / "endless").open("wb") as endless:
        endless.truncate(400_000_000)
    tracemalloc.start()
    with pytest.raises(Refused, match="line 1"):
        verify_file(tmp_path / "endless", handed_over.key)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000


@pytest.mark.parametrize(
    ("file", "key"),
    [("no such file", "KEY"), ("log", "no such key"), ("log", "a+b+c"), (".", "KEY")],
)
def test_a_missing_file_or_key_is_refused_in_one_message(
    handed_over: HandedOver, file: str, key: str
) -> None:
    with pytest.raises(Refused, match=r"cannot be read|written name\+hash\+base64"):
        verify_file(handed_over.log.parent / file, key.replace("KEY", handed_over.key))


def test_the_log_is_shown_as_one_object_or_as_sentences(overt: Overt, home: Path) -> None:
    told = _told(overt(home, "audit", "show", "--json"))
    assert isinstance(told["lines"], list)
    assert [line["event"] for line in told["lines"]] == ["installed", "bootstrapped", "audit-read"]
    shown = overt(home, "audit", "show", "--last", "1").out.splitlines()
    assert len(shown) == 1
    assert "audit-read" in shown[0]


def test_a_lost_master_key_is_status_1_and_names_the_file(overt: Overt, home: Path) -> None:
    overt(home, "audit", "show")
    (home / "keys" / "master.key").unlink()
    done = overt(home, "audit", "show")
    assert done.status == 1
    assert done.err.startswith(f"refused: the master key {home}/keys/master.key: it is lost")
    assert done.err.count("\n") == 1


@pytest.mark.requirement("R68")
@pytest.mark.parametrize("name", ["master.key", "log.key"])
def test_a_key_that_others_may_read_is_refused_with_how_to_close_it(
    overt: Overt, home: Path, name: str
) -> None:
    overt(home, "audit", "show")
    (home / "keys" / name).chmod(0o640)
    done = overt(home, "audit", "show")
    assert done.status == 1
    assert f"close it with chmod 600 {home}/keys/{name}\n" in done.err
    (home / "keys" / name).chmod(0o600)
    assert overt(home, "audit", "show").status == 0


@pytest.mark.requirement("R57")
def test_records_are_checked_and_whatever_was_altered_is_named(overt: Overt, home: Path) -> None:
    overt(home, "audit", "show")
    assert _told(overt(home, "audit", "check", "--json"))["altered"] == []
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        raw.execute(
            "INSERT INTO actor_roles SELECT actor_id, 'operator', granted_at, audit_id, delete_after "
            "FROM actor_roles LIMIT 1"
        )
        raw.commit()
    done = overt(home, "audit", "check")
    assert done.status == 1
    assert "operator) was put in" in done.out
    assert "altered outside overt" in done.err
    refused = overt(home, "audit", "show")
    assert refused.status == 1
    assert "operator) was put in" in refused.err


def test_a_backup_is_restored_to_a_home_that_has_only_the_master_key(
    overt: Overt, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "disk").mkdir()
    _told(overt(home, "backup", tmp_path / "disk" / "monday", "--json"))
    anew = tmp_path / "anew"
    (anew / "keys").mkdir(parents=True)
    shutil.copy(home / "keys" / "master.key", anew / "keys" / "master.key")
    told = _told(overt(anew, "restore", tmp_path / "disk" / "monday", "--json"))
    assert (told["restored"], told["lost_keys"]) == (True, 0)


def test_a_backup_to_no_folder_is_status_1(overt: Overt, home: Path, tmp_path: Path) -> None:
    done = overt(home, "backup", tmp_path / "no" / "monday")
    assert done.status == 1
    assert done.err == f"refused: there is no folder {tmp_path}/no\n"
