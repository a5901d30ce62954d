"""What one passage has shown so far, and why it has led to no alert."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from overt.faces.quality import Rejection
from overt.identifiers import CameraId, PassageId
from overt.matches.match import Match
from overt.tracks.heading import Heading
from overt.tracks.passage import Standing
from overt.units import Seconds, UtcTime


@dataclass(frozen=True, slots=True)
class TrackEvidence:
    """The resemblance of a passage's shots, taken together, to the list."""

    passage: PassageId
    camera: CameraId
    match: Match
    shots: int
    """How many independent shots the match rests on."""
    list_size: int
    since: Seconds
    """When the passage began, on the source's clock."""
    captured_at: UtcTime
    """When the best of the shots was taken; likewise the time on the source's clock."""
    media_time: Seconds
    usable_at: Seconds | None = None
    """When the first look was good enough, on the source's clock."""
    heading: Heading = Heading.UNKNOWN
    """Which way the face has moved in the picture."""
    beside: frozenset[PassageId] = frozenset()
    """The other passages that were seen in the same picture as the last look."""


class Hold(Enum):
    """Why evidence was not, or not yet, enough; the value is what the summary says."""

    BELOW_THRESHOLD = "below_threshold"
    TOO_FEW_SHOTS = "too_few_shots"
    COOLDOWN = "cooldown"
    NOBODY_LISTED = "nobody_listed"
    """Everybody on the list was stood down."""


def why_not_matched(
    standing: Standing, rejections: Iterable[Rejection], hold: Hold | None
) -> str | None:
    """Name the one reason why an ended track raised no alert; None for a mere glimpse.

    What came nearest to an alert is the reason: the last hold, else the commonest rejection.
    """
    if standing is Standing.GLIMPSE:
        return None
    if standing is not Standing.PASSAGE:
        return str(standing.value)
    if hold is not None:
        return str(hold.value)
    counts = Counter(rejections)
    if not counts:
        return str(Hold.TOO_FEW_SHOTS.value)
    worst = max(counts, key=lambda reason: (counts[reason], reason.value))
    return f"quality:{worst.value}"
