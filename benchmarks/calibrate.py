"""Make the calibrations that ship, from the labelled faces of OVERT_TEST_DATA.

    python -m benchmarks.calibrate open dlib [--precision f32]

The list is LFW's roles `enrol` and `distractor`, the strangers are `nonmated_probe`: one picture
of each person, nobody on both sides. Writes src/overt/models/packs/PACK/calibration-PRECISION.json.
A precision that this processor lacks is refused, not imitated.
"""

import argparse
import csv
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from overt.cli import assure
from overt.gate.calibration_files import calibration_file

PACKS: Final = Path(__file__).parent.parent / "src" / "overt" / "models" / "packs"
LISTED: Final = ("enrol", "distractor")
STRANGERS: Final = ("nonmated_probe",)
DATA: Final = (
    "LFW, deep funneled, 250x250: press photographs of public figures, 2002 to 2004, cropped and "
    "centred, about three quarters men; {listed} people on the list, {strangers} strangers, one "
    "picture each. A street camera gives other rates."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packs", nargs="+")
    parser.add_argument("--precision", default="f32")
    given = parser.parse_args()
    data = Path(os.environ.get("OVERT_TEST_DATA", "../shared/data"))
    with TemporaryDirectory() as folder:
        listed = laid_out(data, Path(folder), "gallery.csv", LISTED)
        strangers = laid_out(data, Path(folder), "probes.csv", STRANGERS)
        for pack in given.packs:
            assure.calibrate(
                gallery=Path(folder) / "gallery.csv",
                probes=Path(folder) / "probes.csv",
                out=PACKS / pack / calibration_file(given.precision),
                data=DATA.format(listed=f"{listed:,}", strangers=f"{strangers:,}"),
                pack=pack,
                precision=given.precision,
            )
            sys.stdout.flush()


def laid_out(data: Path, folder: Path, name: str, roles: Iterable[str]) -> int:
    """Copy the pictures of these roles and write their CSV file; how many there are."""
    with (data / "index.csv").open(encoding="utf-8") as index:
        rows = [
            row for row in csv.DictReader(index) if row["set"] == "lfw" and row["role"] in roles
        ]
    for row in rows:
        _copy(row, data, folder)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["subject_id", "image"])
        writer.writerows([row["subject_id"], row["path"]] for row in rows)
    return len(rows)


def _copy(row: Mapping[str, str], data: Path, folder: Path) -> None:
    target = folder / row["path"]
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(data / row["path"], target)


if __name__ == "__main__":
    main()
