"""`overt assure calibrate`: from labelled stills or recordings to a calibration file, and its words."""

import os
from dataclasses import dataclass
from pathlib import Path

from overt.assurance.calibrate import (
    MadeCalibration,
    answers_of,
    calibration_of_stills,
    require_told,
)
from overt.assurance.calibrate_passages import calibration_of_passages
from overt.assurance.datasets import read_still_set
from overt.assurance.report_files import write_whole
from overt.assurance.report_tables import counted
from overt.assurance.stills import measure_stills
from overt.assurance.system import MeasuredSystem
from overt.assurance.truth import read_truth
from overt.assurance.video import Watcher
from overt.cli.answer import answer, remark
from overt.cli.progress_bar import progress_bar
from overt.errors import Refused
from overt.models.library import Pack
from overt.rates.calibration import Calibration
from overt.rates.calibration_file import write_calibration
from overt.rates.how_many import how_many, people
from overt.templates.load import load_networks
from overt.units import Clock, Pixels

THREADS = 2
"""As the live flow (live/camera.py): the last digits hang on it."""


@dataclass(frozen=True, slots=True)
class StillFiles:
    gallery: Path
    probes: Path

    def measure(self, asked: "Asked") -> MadeCalibration:
        sets = read_still_set(self.gallery), read_still_set(self.probes)
        system = asked.system()
        try:
            with progress_bar("measuring stills") as progress:
                measured = measure_stills(*sets, system.networks, progress)
        finally:
            system.networks.scrub()
        return calibration_of_stills(measured, system, asked.data)


@dataclass(frozen=True, slots=True)
class PassageFile:
    truth: Path
    min_eye_distance: Pixels

    def measure(self, asked: "Asked") -> MadeCalibration:
        clips = read_truth(self.truth)
        system = asked.system()
        with progress_bar("watching recordings") as progress:
            watcher = Watcher(clips, system.networks, self.min_eye_distance, Clock(), progress)
            try:
                return calibration_of_passages(watcher, system, asked.data)
            finally:
                watcher.forget()


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whatever files."""

    pack: Pack
    precision: str
    out: Path
    data: str

    def system(self) -> MeasuredSystem:
        networks = load_networks(
            self.pack, precision=self.precision, threads=THREADS, working_size=None
        )
        remark(f"pack {self.pack.manifest.name}, {self.pack.digest[:19]}, {networks.engine}")
        return MeasuredSystem(self.pack, networks)


def _require_place(out: Path) -> None:
    """Refuse before the long work where the file could not be written."""
    if not out.parent.is_dir():
        raise Refused(f"--out {out}: its folder does not exist; make it first")
    if out.is_dir():
        raise Refused(f"--out {out}: is a folder; name the file, as calibration-f32.json in it")
    if not os.access(out.parent, os.W_OK | os.X_OK):
        raise Refused(f"--out {out}: its folder may not be written to; name another")


def make_calibration(files: StillFiles | PassageFile, asked: Asked, *, as_json: bool) -> None:
    require_told(asked.data)
    _require_place(asked.out)
    made = files.measure(asked)
    for doubt in made.doubts:
        remark(f"warning: {doubt}")
    write_whole(asked.out.parent, {asked.out.name: write_calibration(made.calibration)})
    _tell(made, asked.out, as_json=as_json)


def _unseen(made: Calibration) -> str:
    return f", and {made.not_compared:,} that could not be compared" if made.not_compared else ""


def _tell(made: MadeCalibration, out: Path, *, as_json: bool) -> None:
    of, answers = made.calibration, answers_of(made.calibration)
    suspects = [each.as_json() for each in made.suspects]
    answer(
        {
            "calibration": str(out),
            "pack": of.pack_name,
            "pack_digest": of.pack,
            "precision": of.precision,
            "unit": of.unit.value,
            "people": of.people,
            "probes": of.probes,
            "not_compared": of.not_compared,
            "list_size": of.list_size,
            "targets": answers,
            "watched": made.watched,
            "warnings": made.doubts,
            "suspects": suspects,
        },
        [
            (
                f"{out}: {of.pack_name} {of.precision}, {people(of.people)} not listed "
                f"({how_many(of.probes, of.unit.value)}{_unseen(of)}), {people(of.list_size)} listed"
            ),
            *(f"  {each['says']}" for each in answers),
            *(
                f"  watched at {each['threshold']:g}: false alerts on {counted(each['fpir'])} "
                "of strangers"
                for each in made.watched
            ),
            *(f"suspected: {', '.join(map(str, each.values()))}" for each in suspects),
        ],
        as_json=as_json,
    )
