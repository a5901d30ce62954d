"""A full disk stops acts loudly and harms nothing; with room again, everything goes on."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or _mount(disk, "size=3m").returncode:
        pytest.skip("no right to mount a small file system here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def _mount(disk: Path, options: str) -> subprocess.CompletedProcess[bytes]:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    return subprocess.run(command, check=False, capture_output=True)


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


@pytest.mark.root
def test_a_full_disk_is_a_fault_and_no_alert_is_half_kept(small_disk: Path) -> None:
    raised: list[str] = []
    with (
        open_gate(small_disk / "home", Clock()) as gate,
        pytest.raises(Fault, match=r"the records cannot be written: .*(full|I/O error)"),
    ):
        _raise_until_full(gate, raised)
    assert raised
    assert _mount(small_disk, "remount,size=20m").returncode == 0
    with open_gate(small_disk / "home", Clock()) as gate:
        assert _counted(gate) == (len(raised), len(raised))
        done = gate.export_audit(gate.whoami(), small_disk / "log")
        with done.file.open("rb") as file:
            assert verify(file, gate._records.signer.verifier).lines == done.lines


@pytest.mark.root
def test_a_home_on_a_full_disk_is_a_fault(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(3 * 1024 * 1024 - 8192))
    with pytest.raises(Fault, match="the records cannot be written"):
        open_gate(small_disk / "home", Clock())
