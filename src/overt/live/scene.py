"""One frame that was looked at, and whose each face is; the picture is forgotten with its looks."""

from dataclasses import dataclass

import numpy as np

from overt.faces.faces import Faces
from overt.frames.frame import Frame
from overt.identifiers import TrackId
from overt.tracks.follow import Following
from overt.tracks.motion import Motion
from overt.tracks.tally import Bools
from overt.units import Float32


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    frame: Frame
    faces: Faces
    in_zone: Bools
    """(n,): whether the centre of each face is in the zone of recognition."""
    following: Following
    """Whose each face is, and who has gone."""
    motion: Motion
    """Where every open track is, seen in this frame or not."""

    @property
    def tracks(self) -> tuple[TrackId | None, ...]:
        return self.following.tracks

    def hidden_boxes(self, row: int) -> Float32:
        """Every face but this one: those seen here and those whose tracks go on unseen (R44)."""
        seen = np.delete(self.faces.boxes, row, axis=0)
        box = self.motion.box
        expected = np.concatenate([box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2], 1)
        x, y = self.faces.boxes[row, :2] / 2 + self.faces.boxes[row, 2:] / 2
        shown = (
            (expected[:, 0] < x)
            & (x < expected[:, 2])
            & (expected[:, 1] < y)
            & (y < expected[:, 3])
        )
        return np.concatenate([seen, expected[~shown].astype(np.float32)])

    def forget(self) -> None:
        """Overwrite what was converted of the picture (R50)."""
        self.frame.picture.forget()
