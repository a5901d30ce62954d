"""What counts as a passage, the unit of every rate and of "faces seen" (design §5, R31)."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, assert_never

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


@dataclass(frozen=True, slots=True)
class PassageCounts:
    """Ended tracks by what they were."""

    passages: int = 0
    too_small: int = 0
    out_of_zone: int = 0
    glimpses: int = 0

    def with_one(self, ended: Standing) -> "PassageCounts":
        match ended:
            case Standing.PASSAGE:
                return replace(self, passages=self.passages + 1)
            case Standing.TOO_SMALL:
                return replace(self, too_small=self.too_small + 1)
            case Standing.OUT_OF_ZONE:
                return replace(self, out_of_zone=self.out_of_zone + 1)
            case Standing.GLIMPSE:
                return replace(self, glimpses=self.glimpses + 1)
        assert_never(ended)
