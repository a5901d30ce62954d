"""An import that is killed at any instant leaves the whole list or nothing of it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.fakes.authority import LIST, Hands, a_force, models_folder, picture
from tests.fakes.lists import list_csv, row

from overt.gate.gate import Gate
from overt.records.schema import AuditRow
from overt.records.tables import HOLDS
from overt.records.work import Reading

IMAGES = 12
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    models_folder(tmp_path)
    (tmp_path / "list").mkdir()
    for i in range(IMAGES):
        (tmp_path / "list" / f"{i}.png").write_bytes(picture(i))
    rows = (row(subject_id=f"S{i}", image=f"{i}.png") for i in range(IMAGES))
    (tmp_path / "list" / "list.csv").write_bytes(list_csv(*rows))
    with a_force(tmp_path, Hands()):
        pass  # the installation is there before the import
    return tmp_path


def import_until(folder: Path, progress: int, then: float) -> None:
    """Kill the import `then` seconds after it told of this many images."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.importing", str(folder)],
        cwd=ROOT,
        env={**os.environ, "OVERT_MODELS": str(folder / "models")},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.split()[0] == str(progress):
                break
        time.sleep(then)
        process.kill()


def rows_left(gate: Gate) -> dict[str, int]:
    with Reading(gate._records) as reading:
        tables = [t for t in AuditRow.metadata.sorted_tables if t.name in HOLDS]
        counts = {t.name: len(reading.session.execute(t.select()).all()) for t in tables}
    lists = (
        "watchlists",
        "watchlist_entries",
        "watchlist_images",
        "templates",
        "manifests",
        "data_keys",
    )
    return {name: counts[name] for name in lists if counts[name]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("progress", "then"),
    [(1, 0.0), (IMAGES // 2, 0.0), (IMAGES, 0.0), (IMAGES, 0.01), (IMAGES, 0.03), (IMAGES, 0.1)],
)
def test_a_killed_import_leaves_the_whole_list_or_nothing(
    folder: Path, progress: int, then: float
) -> None:
    before = {path.name for path in (folder / "home").iterdir()}
    import_until(folder, progress, then)
    with a_force(folder, Hands()) as force:
        left = rows_left(force.gate)
        if left:
            view = force.gate.watchlist(force.actor, LIST)
            assert len(view.entries) == IMAGES
            assert left["watchlist_images"] == left["templates"] == left["manifests"] == IMAGES
            assert left["data_keys"] == 1
    left_files = {path.name for path in (folder / "home").iterdir()}
    assert left_files - before <= {"overt.db-wal", "overt.db-shm"}
