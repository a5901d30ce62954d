"""Whoever reads the disk itself, block by block, after a purge finds nothing that was destroyed."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.fakes.authority import Hands
from tests.fakes.lists_and_alerts import keep_alert, keep_deployment, keep_watchlist

from overt.gate.gate import open_gate
from overt.policy.access import Permission
from overt.records.key_folder import KeyFolder
from overt.records.schema import EvidenceRow, ImageRow
from overt.records.work import Reading
from overt.units import UtcTime

pytestmark = [pytest.mark.root, pytest.mark.requirement("R52")]
HOUR = timedelta(hours=1)
ALERTS = 60


@dataclass(slots=True)
class Disk:
    """A file system in a file; what was ever written to it can be read there."""

    image: Path
    folder: Path

    def run(self, *command: str | Path) -> int:
        said = subprocess.run(list(map(str, command)), check=False, capture_output=True)
        return said.returncode

    def bytes_after_unmounting(self) -> bytes:
        assert self.run("umount", self.folder) == 0
        return self.image.read_bytes()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk.img", tmp_path / "disk")
    made.folder.mkdir()
    with made.image.open("wb") as file:
        file.truncate(48 << 20)
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system of its own")
    assert made.run("mkfs.ext4", "-q", "-F", made.image) == 0
    if made.run("mount", "-o", "loop", made.image, made.folder):
        pytest.skip("no right to mount a file system of our own here")
    yield made
    made.run("umount", made.folder)


def planted(home: Path, hands: Hands) -> dict[str, list[bytes]]:
    """A list and alerts that die within the hour; give what is to be looked for, by what it is."""
    told: dict[str, list[bytes]] = {"in the open": [], "sealed": [], "keys": []}
    with open_gate(home, hands.clock()) as gate:
        dies = UtcTime(gate._clock.now() + HOUR)
        with gate._as(gate.whoami(), Permission.WATCHLIST_IMPORT) as work:
            deployment = keep_deployment(work, dies=UtcTime(dies + 900 * HOUR))
            for _ in range(ALERTS):
                subject = f"S-{secrets.token_hex(16)}"
                told["in the open"].append(subject.encode())
                shot = secrets.token_bytes(6000)
                keep_alert(work, deployment, dies=dies, subject=subject, evidence=shot)
            subject = f"S-{secrets.token_hex(16)}"
            told["in the open"].append(subject.encode())
            keep_watchlist(work, dies=dies, subject=subject, image=secrets.token_bytes(9000))
        with Reading(gate._records) as reading:
            for table in (EvidenceRow, ImageRow):
                told["sealed"] += reading.session.scalars(select(table.sealed)).all()
        folder = KeyFolder.of(gate._records.home)
        told["keys"] += [wrapped for key in folder.ids() if (wrapped := folder.get(key))]
    return told


def test_neither_ids_nor_ciphertext_nor_keys_are_left_in_any_block(disk: Disk) -> None:
    hands = Hands()
    told = planted(disk.folder / "home", hands)
    assert len(told["keys"]) == ALERTS + 1
    hands.forward(HOUR)
    with open_gate(disk.folder / "home", hands.clock()) as gate:
        assert gate.purge(gate.whoami()).alarms == ()
    left = disk.bytes_after_unmounting()
    assert {what: sum(each[:64] in left for each in some) for what, some in told.items()} == {
        "in the open": 0, "sealed": 0, "keys": 0,
    }  # fmt: skip
