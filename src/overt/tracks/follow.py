"""Follow faces from frame to frame, within one camera's picture and no further (R35).

The rule, in the order of the marks in the code:
(1) The order in which a detector names faces means nothing: faces are sorted by where they are.
(2) A track not seen for longer than patience has ended.
(3) Every other track is expected where its motion takes it.
(4) Clearly seen faces are paired first; dim ones may only continue a track that is left over.
(5) A clearly seen face that belongs to no track starts one.
Time is the source's own clock, so uneven and skipped frames are followed as they come.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from overt.faces.faces import Faces
from overt.identifiers import TrackId
from overt.tracks.motion import (
    NO_MOTION,
    Float64,
    Motion,
    corrected,
    joined,
    measured,
    predicted,
    started,
)
from overt.tracks.pairing import paired
from overt.tracks.tally import NOBODY, Bools, Ints, Tally, looked_at, with_new
from overt.tracks.track import EndedTrack, OpenTrack
from overt.units import Seconds

PATIENCE: Final = Seconds(1.0)
"""A face absent for longer starts a new passage (design §5)."""
START: Final = Seconds(0.0)
FIRST: Final = TrackId(1)


@dataclass(frozen=True, slots=True)
class TrackRules:
    patience: Seconds = PATIENCE
    clear_score: float = 0.6
    """The detector's score from which a face may start a track."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackBook:
    """Everybody in the picture of one camera, at the time of the last frame."""

    rules: TrackRules = TrackRules()
    at: Seconds = START
    next_id: TrackId = FIRST
    motion: Motion = NO_MOTION
    tally: Tally = NOBODY

    def __len__(self) -> int:
        return len(self.tally.ids)

    @property
    def open_tracks(self) -> tuple[OpenTrack, ...]:
        """In the order in which they were first seen."""
        return tuple(
            OpenTrack(TrackId(int(number)), self.tally.looks(row))
            for row, number in enumerate(self.tally.ids)
        )

    def track(self, number: TrackId) -> OpenTrack:
        """Look an open track up; ValueError if there is none of this number."""
        return OpenTrack(number, self.tally.looks(self.tally.ids.tolist().index(number)))


@dataclass(frozen=True, slots=True)
class Following:
    """The news of one frame."""

    tracks: tuple[TrackId | None, ...]
    """Whose each face is, row by row; None for a dim face that continues nobody's track."""
    started: tuple[TrackId, ...]
    ended: tuple[EndedTrack, ...]


def follow(
    book: TrackBook, faces: Faces, at: Seconds, *, in_zone: Bools
) -> tuple[TrackBook, Following]:
    """Enter the faces of one frame; `in_zone` says for each whether its centre is in the zone.

    An empty frame is entered too: it is how tracks end. Raises ValueError if time runs back.
    """
    if at < book.at:
        raise ValueError(f"time runs back: {at} after {book.at}")
    order = np.lexsort((*faces.boxes.T, faces.scores))  # (1)
    boxes = measured(faces.boxes[order])
    clear = faces.scores[order] >= book.rules.clear_score
    eyes = faces.eye_distances[order]
    zone = in_zone[order]

    book, ended = _without_the_gone(book, at)  # (2)
    motion = predicted(book.motion, at - book.at)  # (3)
    rows, columns = _paired_in_two_stages(motion, boxes, clear)  # (4)
    motion = _with_looks(motion, rows, boxes[columns])
    tally = looked_at(book.tally, rows, at, zone=zone[columns], eyes=eyes[columns])

    new = np.setdiff1d(np.flatnonzero(clear), columns)  # (5)
    ids = np.arange(book.next_id, book.next_id + len(new))
    owners = np.zeros(len(faces), np.intp)
    owners[order[columns]] = tally.ids[rows]
    owners[order[new]] = ids
    book = replace(
        book,
        at=at,
        next_id=TrackId(book.next_id + len(new)),
        motion=joined(motion, started(boxes[new])),
        tally=with_new(tally, ids, at, zone=zone[new], eyes=eyes[new]),
    )
    return book, Following(
        tracks=tuple(TrackId(int(owner)) if owner else None for owner in owners),
        started=tuple(TrackId(int(number)) for number in ids),
        ended=ended,
    )


def end_all(book: TrackBook) -> tuple[TrackBook, tuple[EndedTrack, ...]]:
    """The deployment closes or the camera is lost: every track ends now."""
    empty = replace(book, motion=NO_MOTION, tally=NOBODY)
    return empty, tuple(EndedTrack(t.id, t.looks) for t in book.open_tracks)


def _without_the_gone(book: TrackBook, at: Seconds) -> tuple[TrackBook, tuple[EndedTrack, ...]]:
    gone = at - book.tally.last_seen > book.rules.patience
    if not gone.any():
        return book, ()
    ended = tuple(
        EndedTrack(TrackId(int(book.tally.ids[row])), book.tally.looks(row))
        for row in np.flatnonzero(gone).tolist()
    )
    stay = np.flatnonzero(~gone)
    return replace(book, motion=book.motion.rows(stay), tally=book.tally.rows(stay)), ended


def _paired_in_two_stages(motion: Motion, boxes: Float64, clear: Bools) -> tuple[Ints, Ints]:
    bright, dim = np.flatnonzero(clear), np.flatnonzero(~clear)
    rows, columns = paired(motion, boxes[bright])
    columns = bright[columns]
    if not len(dim):
        return rows, columns
    left = np.setdiff1d(np.arange(len(motion.box)), rows)
    dim_rows, dim_columns = paired(motion.rows(left), boxes[dim])
    return np.concatenate([rows, left[dim_rows]]), np.concatenate([columns, dim[dim_columns]])


def _with_looks(motion: Motion, rows: Ints, seen: Float64) -> Motion:
    better = corrected(motion.rows(rows), seen)
    box, speed, doubt = motion.box.copy(), motion.speed.copy(), motion.doubt.copy()
    box[rows], speed[rows], doubt[rows] = better.box, better.speed, better.doubt
    return Motion(box, speed, doubt)
