"""From the address in a deployment to the source that reads it, or a refusal."""

from pathlib import Path
from typing import Final

from overt.errors import Refused
from overt.frames.addresses import redact_address, scheme_of
from overt.frames.file_source import file_source
from overt.frames.folder_source import folder_source, image_source
from overt.frames.frame import FrameSource
from overt.frames.pace import Pace
from overt.frames.stills import SUFFIXES
from overt.units import Clock

__all__ = ["Pace", "open_source", "redact_address"]

SUPPORTED: Final = "a video file, a folder of images"
ANIMATIONS: Final = frozenset({".gif", ".webp"})
"""Suffixes of stills whose files may hold a film."""


def open_source(address: str, *, clock: Clock, pace: Pace, base: Path) -> FrameSource:
    """Return the source for an address; a path is relative to `base`, a live one to nothing.

    Nothing live is opened yet: a camera that is not there is the source's news, not a refusal.
    """
    scheme = scheme_of(address)
    if scheme is not None:
        raise Refused(f"a source with {scheme}:// is not supported; use {SUPPORTED}")
    return _recording(base / address, clock=clock, pace=pace)


def _recording(path: Path, *, clock: Clock, pace: Pace) -> FrameSource:
    try:
        path.stat()
    except PermissionError:
        raise Refused(f"{path.name} cannot be read: no permission; grant read access") from None
    except (OSError, ValueError):  # ValueError: a null character in the path
        raise Refused(f"{path.name} does not exist; check the path in `source`") from None
    if path.is_dir():
        return folder_source(path, clock=clock, pace=pace)
    if path.suffix.lower() in SUFFIXES - ANIMATIONS:
        return image_source(path, clock=clock, pace=pace)
    return file_source(path, clock=clock, pace=pace)
