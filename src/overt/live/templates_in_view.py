"""The templates of the people in view: one block of memory, overwritten as tracks end (R50).

Nothing here is ever copied: a track's templates live in its row of one array that exists as long
as the camera's process, and forgetting fills the row with zeros.
"""

from dataclasses import dataclass, field

import numpy as np

from overt.identifiers import ModelId, TrackId
from overt.matches.resemblance import KeptTemplates
from overt.templates.template import Template
from overt.units import Float32


@dataclass(slots=True)
class TemplatesInView:
    """Room for `people` tracks with `shots` templates each, of one model."""

    model: ModelId
    dimension: int
    people: int = 256
    shots: int = 8
    _vectors: Float32 = field(init=False, repr=False)
    _weights: Float32 = field(init=False)
    _fused: Float32 = field(init=False, repr=False)
    _row: dict[TrackId, int] = field(default_factory=dict)
    _free: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._vectors = np.zeros((self.people, self.shots, self.dimension), np.float32)
        self._weights = np.zeros((self.people, self.shots), np.float32)
        self._fused = np.zeros(self.dimension, np.float32)
        self._free = list(range(self.people))[::-1]

    def has_room_for(self, track: TrackId) -> bool:
        """False where more people are in view than there is room for: they are not compared."""
        return track in self._row or bool(self._free)

    def keep(self, track: TrackId, place: int, vector: Float32, *, weight: float) -> None:
        """Copy one shot's template into the track's row, over what stood at that place."""
        if track not in self._row:
            self._row[track] = self._free.pop()
        row = self._row[track]
        self._vectors[row, place] = vector
        self._weights[row, place] = weight

    def kept(self, track: TrackId) -> KeptTemplates:
        """Show the track's row where it lies; empty places weigh nothing."""
        row = self._row[track]
        return KeptTemplates(self._vectors[row], self._weights[row])

    @property
    def fused(self) -> Template:
        """Room for a track's shots fused into one, until `scrub`."""
        return Template(self.model, self._fused)

    def blocks(self) -> tuple[Float32, Float32]:
        """Where templates lie."""
        return self._vectors, self._fused

    def forget(self, track: TrackId) -> None:
        row = self._row.pop(track, None)
        if row is not None:
            self._vectors[row].fill(0)
            self._weights[row].fill(0)
            self._free.append(row)

    def scrub(self) -> None:
        """Overwrite what the last comparison left."""
        self._fused.fill(0)

    def forget_everybody(self) -> None:
        for track in tuple(self._row):
            self.forget(track)
        self.scrub()

    def __len__(self) -> int:
        return len(self._row)
