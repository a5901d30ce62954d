"""The images of a list, read ahead of the networks and enrolled one by one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from overt.config.list_csv import ListRow, RowProblem
from overt.errors import Refused
from overt.frames.read_ahead import read_ahead
from overt.frames.stills import read_still, still_contents
from overt.templates.enrol import Enrolled, enrol
from overt.templates.load import Networks
from overt.units import UInt8

AHEAD: Final = 6
"""Pictures of a list may be large."""
Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadImage:
    contents: bytes
    sha256: str
    pixels: UInt8


@dataclass(frozen=True, slots=True, eq=False)
class EnrolledRow:
    row: ListRow
    sha256: str
    enrolled: Enrolled


def read_image(folder: Path, image: str) -> ReadImage:
    """Read a file below the folder, following no link out of it."""
    path = (folder / image).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Refused("leads out of the list's folder by a link; keep images below it")
    contents = still_contents(path, "the image")
    return ReadImage(contents, sha256(contents).hexdigest(), read_still(contents))


def enrolled_rows(
    rows: Sequence[ListRow], folder: Path, networks: Networks, progress: Progress
) -> Iterator[EnrolledRow | RowProblem]:
    """Enrol every row in order; a row whose image will not do is a problem with its reason."""
    seen: dict[str, int] = {}
    readings = read_ahead(rows, lambda row: read_image(folder, row.image), ahead=AHEAD)
    for done, (row, reading) in enumerate(readings, start=1):
        try:
            image = reading.result()
            _once(seen, image.sha256, row)
            enrolled = enrol(image.contents, image.pixels, row.face_box, networks)
            yield EnrolledRow(row, image.sha256, enrolled)
        except Refused as refusal:
            yield RowProblem(row.number, "image", str(refusal))
        progress(done, len(rows))


def _once(seen: dict[str, int], image: str, row: ListRow) -> None:
    before = seen.setdefault(image, row.number)
    if before != row.number and row.face_box is None:
        raise Refused(f"the same image as row {before}; bring another")
