"""A full disk stops acts loudly and harms nothing; with room again, everything goes on.

Twice: on a small file system, where this account may mount one, and under a limit of the size of
any file, which every account may set: what is written beyond it fails as on a broken disk.
"""

import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select
from tests.fakes.lists_and_alerts import keep_alert, keep_deployment

from overt.audit.verify import verify
from overt.errors import Fault
from overt.gate.gate import Gate, open_gate
from overt.policy.access import Permission
from overt.records.schema import AlertRow, EvidenceRow
from overt.records.work import Reading
from overt.units import Clock, Seconds, later

PROBE = b"\xff\xd8" + bytes(20_000)


class Mounted:
    """A file system of three megabytes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        assert _mount(path, "size=3m") == 0

    def fill(self) -> None:
        (self.path / "filler").write_bytes(bytes(3 * 1024 * 1024 - 8192))

    def make_room(self) -> None:
        assert _mount(self.path, "remount,size=20m") == 0

    def close(self) -> None:
        subprocess.run(["umount", str(self.path)], check=True)


class Limited:
    """A folder in which no file grows beyond three megabytes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        self._set(3 * 1024 * 1024)

    def fill(self) -> None:
        self._set(8192)

    def make_room(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._limits)

    close = make_room

    def _set(self, size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, self._limits[1]))


def _mount(disk: Path, options: str) -> int:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def _may_mount() -> bool:
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        if _mount(Path(folder), "size=1m") != 0:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


DISKS: Final = [Limited, Mounted] if _may_mount() else [Limited]


@pytest.fixture(params=DISKS)
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Mounted | Limited]:
    (tmp_path / "disk").mkdir()
    disk = request.param(tmp_path / "disk")
    yield disk
    disk.close()


def _raise_until_full(gate: Gate, raised: list[str]) -> None:
    actor = gate.whoami()
    while len(raised) < 10_000:
        with gate._as(actor, Permission.ALERT_READ) as work:
            dies = later(work.now, Seconds(1e6))
            deployment = keep_deployment(work, dies=dies, name=f"d{len(raised)}")
            alert = keep_alert(work, deployment, dies=dies, subject="S1", evidence=PROBE)
        raised.append(alert)


def _counted(gate: Gate) -> tuple[int | None, int | None]:
    with Reading(gate._records) as reading:
        alerts = reading.session.scalar(select(func.count()).select_from(AlertRow))
        evidence = reading.session.scalar(select(func.count()).select_from(EvidenceRow))
    return alerts, evidence


def test_a_full_disk_is_a_fault_and_no_alert_is_half_kept(small_disk: Mounted | Limited) -> None:
    raised: list[str] = []
    with (
        open_gate(small_disk.path / "home", Clock()) as gate,
        pytest.raises(Fault, match=r"the records cannot be written: .*(full|I/O error)"),
    ):
        _raise_until_full(gate, raised)
    assert raised
    small_disk.make_room()
    with open_gate(small_disk.path / "home", Clock()) as gate:
        assert _counted(gate) == (len(raised), len(raised))
        done = gate.export_audit(gate.whoami(), small_disk.path / "log")
        with done.file.open("rb") as file:
            assert verify(file, gate._records.signer.verifier).lines == done.lines


def test_a_home_on_a_full_disk_is_a_fault(small_disk: Mounted | Limited) -> None:
    small_disk.fill()
    with pytest.raises(Fault, match="the records cannot be written"):
        open_gate(small_disk.path / "home", Clock())
