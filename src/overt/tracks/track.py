"""A track: one face followed through one camera's picture, from its first look to its last.

It holds when and how large it was seen, never what the face looks like.
"""

from dataclasses import dataclass

from overt.identifiers import TrackId
from overt.units import Pixels, Seconds


@dataclass(frozen=True, slots=True)
class Looks:
    """What was seen of a face so far."""

    first_seen: Seconds
    last_seen: Seconds
    count: int
    in_zone: int
    """How many of the looks had the centre of the box in the zone of recognition."""
    largest_eye_distance: Pixels
    """Of the looks in the zone; 0 if there was none."""


@dataclass(frozen=True, slots=True)
class OpenTrack:
    id: TrackId
    looks: Looks


@dataclass(frozen=True, slots=True)
class EndedTrack:
    """Whoever is told overwrites every buffer of this track (R50)."""

    id: TrackId
    looks: Looks
