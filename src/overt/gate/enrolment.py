"""The images of a list, read ahead of the networks and enrolled one by one.

Reading and decoding wait for the disk and for Pillow; the networks need the processor. A few
images are read ahead, so that neither waits, and no more, so that memory stays bounded.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from overt.config.list_csv import ListRow, RowProblem
from overt.errors import Refused
from overt.frames.stills import read_still, still_contents
from overt.templates.enrol import Enrolled, enrol
from overt.templates.load import Networks
from overt.units import UInt8

READERS: Final = 2
READ_AHEAD: Final = 6
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
    for done, (row, reading) in enumerate(_read_ahead(rows, folder), start=1):
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


def _read_ahead(
    rows: Sequence[ListRow], folder: Path
) -> Iterator[tuple[ListRow, "Future[ReadImage]"]]:
    waiting: deque[tuple[ListRow, Future[ReadImage]]] = deque()
    with ThreadPoolExecutor(READERS, thread_name_prefix="read-image") as readers:
        for row in rows:
            waiting.append((row, readers.submit(read_image, folder, row.image)))
            if len(waiting) > READ_AHEAD:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
