"""From the address in a deployment to the source that reads it, or a refusal."""

import re
from pathlib import Path
from typing import Final

import numpy as np

from overt.errors import Refused
from overt.frames.addresses import redact_address, scheme_of
from overt.frames.file_source import file_source
from overt.frames.folder_source import folder_source, image_source
from overt.frames.frame import FrameSource
from overt.frames.lines import (
    HTTP_SCHEMES,
    RTSP_SCHEMES,
    Line,
    http_line,
    rtsp_line,
    webcam_line,
)
from overt.frames.live_source import LiveSource
from overt.frames.pace import Pace
from overt.frames.stills import SUFFIXES
from overt.frames.waiting_source import FROM_THE_START
from overt.units import Clock, Seconds

__all__ = ["Pace", "open_source", "redact_address"]

SUPPORTED: Final = (
    "a video file, a folder of images, /dev/videoN, rtsp://, rtsps://, http:// or https://"
)
WEBCAM: Final = re.compile(r"/dev/video\d+")
ANIMATIONS: Final = frozenset({".gif", ".webp"})
"""Suffixes of stills whose files may hold a film."""


def open_source(
    address: str,
    *,
    clock: Clock,
    pace: Pace,
    base: Path,
    resume_from: Seconds = FROM_THE_START,
) -> FrameSource:
    """Return the source for an address; a path is relative to `base`, a live one to nothing.

    `resume_from` is for recordings: a live camera is always at now.

    Nothing live is opened yet: a camera that is not there is the source's news, not a refusal.
    """
    line = _line(address)
    if line is not None:
        return LiveSource(line, clock=clock, chance=np.random.default_rng())
    return _recording(base / address, clock=clock, pace=pace, resume_from=resume_from)


def _line(address: str) -> Line | None:
    scheme = scheme_of(address)
    if scheme in RTSP_SCHEMES:
        return rtsp_line(address)
    if scheme in HTTP_SCHEMES:
        return http_line(address)
    if scheme is not None:
        raise Refused(f"a source with {scheme}:// is not supported; use {SUPPORTED}")
    return webcam_line(address) if WEBCAM.fullmatch(address) else None


def _recording(path: Path, *, clock: Clock, pace: Pace, resume_from: Seconds) -> FrameSource:
    try:
        path.stat()
    except PermissionError:
        raise Refused(f"{path.name} cannot be read: no permission; grant read access") from None
    except (OSError, ValueError):  # ValueError: a null character in the path
        raise Refused(f"{path.name} does not exist; check the path in `source`") from None
    if path.is_dir():
        return folder_source(path, clock=clock, pace=pace, resume_from=resume_from)
    if path.suffix.lower() in SUFFIXES - ANIMATIONS:
        return image_source(path, clock=clock, pace=pace)
    return file_source(path, clock=clock, pace=pace, resume_from=resume_from)
