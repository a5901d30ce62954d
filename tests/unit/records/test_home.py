"""OVERT_HOME is closed to other accounts, and takes over nobody's folder."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from overt.errors import Fault, Refused
from overt.gate.gate import open_gate
from overt.records.home import Home, Lock, unwritable, write_private
from overt.records.whole_file import whole_file
from overt.units import Clock


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def loose_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("loose_umask")
def test_every_folder_is_0700_and_every_file_0600(tmp_path: Path) -> None:
    with open_gate(tmp_path / "home", Clock()) as gate:
        gate.whoami()
        found = list((tmp_path / "home").rglob("*"))
        assert {_mode(each) for each in found if each.is_dir()} == {0o700}
        assert {_mode(each) for each in found if each.is_file()} == {0o600}
        assert {"overt.db", "overt.db-wal", "master.key", "log.key"} <= {e.name for e in found}


def test_an_empty_folder_that_others_can_read_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Home(tmp_path).prepare()
    assert _mode(tmp_path) == 0o700


def test_a_folder_of_other_files_that_others_can_read_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    tmp_path.chmod(0o755)
    with pytest.raises(Refused, match=r"not overt's \(thesis.txt\)"):
        Home(tmp_path).prepare()
    assert _mode(tmp_path) == 0o755


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(Refused, match="OVERT_HOME"):
        Home(tmp_path / "home").prepare()


AS_NOBODY = """
import os, sys
from pathlib import Path
from overt.errors import Refused
from overt.gate.gate import open_gate
from overt.units import Clock
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    open_gate(Path(sys.argv[1]), Clock())
except Refused as refusal:
    print(f"refused: {refusal}")
"""


@pytest.mark.parametrize("inside", ["", "home"])
def test_a_folder_without_rights_is_one_clear_refusal(tmp_path: Path, inside: str) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500 if os.geteuid() else 0o755)
    for folder in tmp_path.parents:  # so that only the folder itself is in the way
        if folder.stat().st_uid == 0 and not _mode(folder) & 0o001:
            folder.chmod(_mode(folder) | 0o011)
    tmp_path.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(locked / inside)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("refused: OVERT_HOME: ")
    assert "cannot be written by this account" in done.stdout


def test_a_full_disk_is_a_fault_and_missing_rights_are_a_refusal() -> None:
    assert isinstance(unwritable(Path("x"), OSError(28, "No space left on device")), Fault)
    assert isinstance(unwritable(Path("x"), PermissionError(13, "Permission denied")), Refused)


def test_a_private_file_is_whole_or_not_there(tmp_path: Path) -> None:
    write_private(tmp_path / "key", b"secret")
    assert (tmp_path / "key").read_bytes() == b"secret"
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_a_private_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="cannot be written"):
        write_private(tmp_path / "no folder" / "key", b"secret")


def _fail_half_way(file: BinaryIO) -> None:
    file.write(b"half of")
    raise ZeroDivisionError


def test_a_file_is_replaced_only_when_its_successor_is_whole(tmp_path: Path) -> None:
    (tmp_path / "export").write_bytes(b"before")
    with pytest.raises(ZeroDivisionError), whole_file(tmp_path / "export") as file:
        _fail_half_way(file)
    assert (tmp_path / "export").read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["export"]


def test_a_file_where_none_can_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written"), whole_file(tmp_path / "no" / "file"):
        pass


def test_a_lock_that_is_shared_is_not_taken_alone(tmp_path: Path) -> None:
    one, two = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    one.shared()
    assert not two.alone_at_once()
    one.release()
    assert two.alone_at_once()
    two.release()
