"""What counts as a passage, the unit of every rate and of "faces seen" (design §5, R31)."""

from enum import Enum
from typing import Final

from overt.identifiers import CameraId, PassageId, TrackId
from overt.tracks.track import Looks
from overt.units import Pixels

LOOKS_OF_A_PASSAGE: Final = 3


class Standing(Enum):
    """What a track is, judged by all that was seen of it so far."""

    PASSAGE = "passage"
    TOO_SMALL = "too_small"
    """In the zone, but its eyes were never far enough apart there."""
    OUT_OF_ZONE = "out_of_zone"
    """Seen often enough, but not in the zone."""
    GLIMPSE = "glimpse"
    """Fewer than three looks: as likely a flaw of the detector as a person."""


def standing(looks: Looks, min_eye_distance: Pixels) -> Standing:
    if looks.count < LOOKS_OF_A_PASSAGE:
        return Standing.GLIMPSE
    if looks.in_zone < LOOKS_OF_A_PASSAGE:
        return Standing.OUT_OF_ZONE
    if looks.largest_eye_distance < min_eye_distance:
        return Standing.TOO_SMALL
    return Standing.PASSAGE


def passage_id(camera: CameraId, track: TrackId, restarts: int = 0) -> PassageId:
    """Name a passage. A process that starts again numbers its tracks from 1 again."""
    return PassageId(f"{camera}-{restarts}.{track}" if restarts else f"{camera}-{track}")
