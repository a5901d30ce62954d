"""From the stills of a CSV file to templates, at the speed of the networks, with every failure.

Images are read ahead by threads while the networks run. An image that cannot be read refuses
the whole measurement, naming row and column, because a rate without it would be another rate;
a face that is not found or not good enough is a failure, and is counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from overt.assurance.datasets import FACE_BOX, StillRow, StillSet, refusal_of
from overt.assurance.quality import measures_of
from overt.config.list_csv import RowProblem
from overt.errors import Refused
from overt.faces.central_face import central_face
from overt.faces.faces import Face
from overt.faces.quality import Quality, QualityRules, assess, face_region
from overt.faces.square_picture import SquarePicture
from overt.frames.read_ahead import read_ahead
from overt.frames.stills import read_still, still_contents
from overt.templates.load import Networks
from overt.units import Float32, UInt8

AT_ONCE: Final = 8
"""Faces that are encoded together."""
Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


class Outcome(Enum):
    """What became of a still; the value is what reports say."""

    TEMPLATED = "templated"
    NOT_DETECTED = "failure to detect"
    NOT_ACQUIRED = "failure to acquire"
    """A face was found, and the quality rules turned it away."""


@dataclass(frozen=True, slots=True)
class Still:
    """One row, measured."""

    row: StillRow
    sha256: str
    """Of the file."""
    outcome: Outcome
    quality: Quality | None
    """None where no face was found."""
    measures: Mapping[str, float]
    """Of its quality (quality.py); empty where no face was found."""
    others: int
    """Faces beside the one that is meant."""


@dataclass(frozen=True, slots=True, eq=False)
class Templated:
    """All stills of a set; row i of `vectors` belongs to still i, zeros where it failed."""

    stills: tuple[Still, ...]
    vectors: Float32 = field(repr=False)

    @property
    def usable(self) -> list[int]:
        return [i for i, each in enumerate(self.stills) if each.outcome is Outcome.TEMPLATED]


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    sha256: str
    pixels: UInt8


def template_stills(
    stills: StillSet, networks: Networks, rules: QualityRules, progress: Progress
) -> Templated:
    """Make a template of every still whose face is found and good enough."""
    batch = _Batch(networks, np.zeros((len(stills.rows), networks.encoder.dimension), np.float32))
    measured: list[Still] = []
    problems: list[RowProblem] = []
    readings = read_ahead(stills.rows, lambda row: _read(stills.folder, row.image))
    for done, (row, reading) in enumerate(readings, start=1):
        try:
            read = reading.result()
        except Refused as refusal:
            problems.append(RowProblem(row.number, "image", str(refusal)))
            continue
        if outside := _outside(row, read.pixels):
            problems.append(RowProblem(row.number, FACE_BOX, outside))
        if not problems:  # after the first, the others are only read, to name them all at once
            measured.append(_measured(row, read, batch, rules, at=done - 1))
        progress(done, len(stills.rows))
    if problems:
        raise refusal_of(stills.path.name, problems)
    batch.encode()
    return Templated(tuple(measured), batch.vectors)


@dataclass(slots=True)
class _Batch:
    """Aligned faces that wait for the encoder."""

    networks: Networks
    vectors: Float32
    places: list[int] = field(default_factory=list)
    chips: UInt8 = field(init=False)

    def __post_init__(self) -> None:
        self.chips = np.zeros((AT_ONCE, *self.networks.encoder.chip_size, 3), np.uint8)

    def add(self, pixels: UInt8, face: Face, at: int) -> None:
        self.networks.encoder.align(pixels, face.landmarks, self.chips[len(self.places)])
        self.places.append(at)
        if len(self.places) == AT_ONCE:
            self.encode()

    def encode(self) -> None:
        many = len(self.places)
        made = np.zeros((many, self.vectors.shape[1]), np.float32)
        self.networks.encoder.encode(self.chips[:many], made)
        self.vectors[self.places] = made
        self.chips.fill(0)
        self.places.clear()


def _outside(row: StillRow, pixels: UInt8) -> str:
    """Why the face in the box cannot be meant, if it cannot: its middle is not in the picture."""
    box, (height, width) = row.face_box, pixels.shape[:2]
    if box is None or (box.x + box.width / 2 < width and box.y + box.height / 2 < height):
        return ""
    return f"lies outside the picture, which is {width} x {height} pixels; measure it again"


def _measured(row: StillRow, read: _Read, batch: _Batch, rules: QualityRules, *, at: int) -> Still:
    height, width = read.pixels.shape[:2]
    faces = batch.networks.detector.find(SquarePicture(read.pixels))
    chosen = central_face(faces, row.face_box, width=width, height=height)
    if chosen is None:
        return Still(row, read.sha256, Outcome.NOT_DETECTED, None, {}, len(faces))
    crop = face_region(read.pixels, chosen.face.box)
    quality = assess(chosen.face, crop, rules)
    outcome = Outcome.TEMPLATED if quality.good_enough else Outcome.NOT_ACQUIRED
    if outcome is Outcome.TEMPLATED:
        batch.add(read.pixels, chosen.face, at)
    measures = measures_of(chosen.face, crop, quality)
    return Still(row, read.sha256, outcome, quality, measures, len(chosen.others))


def _read(folder: Path, image: str) -> _Read:
    path = (folder / image).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Refused("leads out of the CSV file's folder by a link; keep images below it")
    contents = still_contents(path, image)
    return _Read(sha256(contents).hexdigest(), read_still(contents, name=image))
