"""Make the calibrations that ship, from the labelled faces of OVERT_TEST_DATA.

    python -m benchmarks.calibrate open dlib [--precision f32]
    python -m benchmarks.calibrate open --passages 1600 [--listed 200 --list-size 1200 --seed 12]

The list is LFW's roles `enrol` and `distractor`, the strangers are `nonmated_probe`: one picture
of each person, nobody on both sides. Writes src/overt/models/packs/PACK/calibration-PRECISION.json.
With --passages that many strangers, and some people of the list, walk up to a composed camera
(benchmarks.compose) and the live rule watches them: calibration-passages-PRECISION.json. Broken
off, it goes on where it stopped when it is started again (benchmarks.strangers, --kept).
A precision that this processor lacks is refused, not imitated.
"""

import argparse
import csv
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from benchmarks.compose import folders
from benchmarks.strangers import Cast, Watching, composed, write_at_once

from overt.assurance.calibrate import answers_of
from overt.assurance.calibrate_passages import settled
from overt.assurance.metrics import share
from overt.assurance.passage_rates import trial_of
from overt.assurance.report_tables import counted
from overt.assurance.scores import ScoreTable
from overt.assurance.system import MeasuredSystem
from overt.assurance.truth import read_truth
from overt.cli import assure
from overt.cli.calibration import THREADS
from overt.gate.calibration_files import calibration_file, passages_file
from overt.identifiers import PackName
from overt.models.library import find_pack
from overt.rates.calibration_file import write_calibration
from overt.templates.load import load_networks

PACKS: Final = Path(__file__).parent.parent / "src" / "overt" / "models" / "packs"
LISTED: Final = ("enrol", "distractor")
STRANGERS: Final = ("nonmated_probe",)
DATA: Final = (
    "LFW, deep funneled, 250x250: press photographs of public figures, 2002 to 2004, cropped and "
    "centred, about three quarters men; {listed} people on the list, {strangers} strangers, one "
    "picture each. A street camera gives other rates."
)
DATA_OF_PASSAGES: Final = (
    "LFW, deep funneled, 250x250: press photographs of public figures, 2002 to 2004, about three "
    "quarters men; heads cut from them and composed into {clips} clips of people who walk up to a "
    "camera (1280x720, 25 frames a second, eyes 22 to 62 pixels apart, up to three at once), "
    "{strangers} strangers and {listed} people of the list, one passage each, seed {seed}; "
    "{list_size} people on the list. The people are real and the street is not: a street camera "
    "gives other rates."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packs", nargs="+")
    parser.add_argument("--precision", default="f32")
    parser.add_argument("--passages", type=int, metavar="STRANGERS")
    parser.add_argument("--listed", type=int, default=200)
    parser.add_argument("--list-size", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--kept", type=Path, default=Path("build/calibrate"))
    parser.add_argument("--out", type=Path, default=PACKS, help="PACK/ below it gets the file")
    given = parser.parse_args()
    data = Path(os.environ.get("OVERT_TEST_DATA", "../shared/data"))
    if given.passages is None:
        of_stills(given.packs, given.precision, data, given.out)
        return
    began = monotonic()

    def say(what: str) -> None:
        print(f"{monotonic() - began:7.0f} s  {what}", file=sys.stderr, flush=True)

    cast = Cast(given.passages, given.listed, given.list_size, given.seed)
    clips = read_truth(composed(cast, data, given.kept, say))
    for pack in given.packs:
        watching = Watching(clips, system_of(pack, given.precision), given.kept / "watched", say)
        of_passages(watching, cast, given.out / pack / passages_file(given.precision))


def system_of(pack: str, precision: str) -> MeasuredSystem:
    found = find_pack(PackName(pack), search=folders())
    networks = load_networks(found, precision=precision, threads=THREADS, working_size=None)
    return MeasuredSystem(found, networks)


def of_passages(watching: Watching, cast: Cast, file: Path) -> None:
    """Watch and write; what was watched already is read."""
    clips, system = watching.clips, watching.system
    passed = [passage for clip in clips for passage in clip.passages]
    listed = sum(passage.subject_id is not None for passage in passed)
    told = DATA_OF_PASSAGES.format(
        clips=len(clips), strangers=f"{len(passed) - listed:,}", listed=f"{listed:,}",
        seed=cast.seed, list_size=f"{cast.list_size:,}",
    )  # fmt: skip
    try:
        table, made = settled(watching.table_at, system, told)
        lines = list(_told(watching, table))
    finally:
        watching.forget()
        system.networks.scrub()
    write_at_once(file, write_calibration(made))
    print(
        f"{file}: {made.people:,} strangers compared, {made.not_compared:,} not; list {made.list_size:,}"
    )
    for answer in answers_of(made):
        print(f"  {answer['says']}")
    print("\n".join(lines), flush=True)


def _told(watching: Watching, table: ScoreTable) -> Iterator[str]:
    """What the rule itself did at each threshold that was watched."""
    for threshold in sorted(watching.watched):
        passages = [each for clip in watching.clips_at(threshold) for each in clip.outcome.passages]
        trial = trial_of(dict(enumerate(passages)), table)
        yield (
            f"  watched at {threshold:.6f}: false alerts on {counted(share(trial.wrong).as_json())} of "
            f"strangers, {counted(share(trial.lost).as_json())} of the people on the list missed"
        )


def of_stills(packs: Iterable[str], precision: str, data: Path, out: Path) -> None:
    with TemporaryDirectory() as folder:
        listed = laid_out(data, Path(folder), "gallery.csv", LISTED)
        strangers = laid_out(data, Path(folder), "probes.csv", STRANGERS)
        for pack in packs:
            assure.calibrate(
                gallery=Path(folder) / "gallery.csv",
                probes=Path(folder) / "probes.csv",
                out=out / pack / calibration_file(precision),
                data=DATA.format(listed=f"{listed:,}", strangers=f"{strangers:,}"),
                pack=pack,
                precision=precision,
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
