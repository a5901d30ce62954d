"""A folder of images as a camera: each image a frame, in the order of their names.

Numbers in names count as numbers, so `frame-9` comes before `frame-10`. A folder has no clock:
its frames are taken to be 1/25 s apart. Images that cannot be read are counted and left out;
files of other kinds are not looked at.
"""

import re
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Final

from overt.errors import Refused
from overt.frames.frame import SourceCounts
from overt.frames.pace import Pace
from overt.frames.picture import StillPicture
from overt.frames.stills import SUFFIXES, read_still
from overt.frames.waiting_source import FROM_THE_START, Reel, Shot, WaitingSource
from overt.units import Clock, Seconds

FRAME_DURATION: Final = Seconds(1 / 25)


def folder_source(
    folder: Path, *, clock: Clock, pace: Pace, resume_from: Seconds = FROM_THE_START
) -> WaitingSource:
    def open_reel(counts: SourceCounts) -> Reel:
        return Reel(FRAME_DURATION, _shots(_images(folder), counts, clock))

    return WaitingSource(open_reel, clock=clock, pace=pace, resume_from=resume_from)


def image_source(path: Path, *, clock: Clock, pace: Pace) -> WaitingSource:
    """One image as a recording of one frame."""

    def open_reel(counts: SourceCounts) -> Reel:
        read_still(path, name=path.name)  # refuse now what nobody can look at
        return Reel(FRAME_DURATION, _shots([path], counts, clock))

    return WaitingSource(open_reel, clock=clock, pace=pace)


def _images(folder: Path) -> Sequence[Path]:
    try:
        # A folder may be listed but not entered: looking at an entry finds that out.
        images = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file()]
    except PermissionError:
        raise Refused(
            f"the folder {folder.name} cannot be read: no permission; grant read and search access"
        ) from None
    except OSError as trouble:
        raise Refused(f"the folder {folder.name} cannot be read: {trouble.strerror}") from None
    if not images:
        raise Refused(f"the folder {folder.name} holds no images ({', '.join(sorted(SUFFIXES))})")
    return sorted(images, key=_natural)


def _natural(path: Path) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", path.name)
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p]


def _shots(
    images: Sequence[Path], counts: SourceCounts, clock: Clock
) -> Generator[Shot, None, None]:
    for number, path in enumerate(images):
        try:
            picture = StillPicture(read_still(path, name=path.name))
        except Refused:
            counts.corrupt += 1
            continue
        yield Shot(number * FRAME_DURATION, picture, clock.monotonic())
