"""A list while it is being built: people are added and removed in place, nothing is copied.

`gallery` ends it. What a deployment runs on only narrows, and adding to it would widen it beyond
what was signed (design §6); so an enrolment that has become a gallery takes nobody any more. Whoever
was removed before leaves neither reference nor name.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from overt.identifiers import ModelId, SubjectId
from overt.matches.first_pass import FirstPass
from overt.matches.gallery import (
    VACANT,
    Gallery,
    Owners,
    first_pass_for,
    require_unit,
    room_of,
)
from overt.matches.vacancies import Vacancies
from overt.templates.template import Template, require_same_model
from overt.units import Float32

NOBODY: Final = SubjectId("")
"""In the place of a name that was removed, until places are numbered anew."""
FEW: Final = 64
"""So many empty places are not worth numbering anew before the list is handed over."""


@dataclass(slots=True, eq=False)
class Enrolment:
    """Made by `enrol`; room for so many references, whose memory is used as they come."""

    model: ModelId
    vectors: Float32 = field(repr=False)
    owners: Owners = field(repr=False)
    first_pass: FirstPass | None = field(repr=False)
    first_rows: "array[int]" = field(default_factory=lambda: array("q"), repr=False)
    row_counts: "array[int]" = field(default_factory=lambda: array("q"), repr=False)
    subject_ids: list[SubjectId] = field(default_factory=list, repr=False)
    """In the order of enrolment, NOBODY for those removed since."""
    positions: dict[SubjectId, int] = field(default_factory=dict, repr=False)
    ended: bool = False
    vacant: Vacancies = field(init=False)

    def __post_init__(self) -> None:
        self.vacant = Vacancies(len(self.vectors))

    def add(self, subject: SubjectId, templates: Sequence[Template]) -> None:
        """Put a person at the end of the list, with all their images."""
        self._require_open()
        if subject in self.positions:
            raise ValueError(f"{subject} is on the list already")
        if not templates:
            raise ValueError(f"{subject} has no image")
        for template in templates:
            require_same_model(template.model, self.model)
        vectors = np.stack([template.vector for template in templates])
        if vectors.shape[1:] != self.vectors.shape[1:] or vectors.dtype != np.float32:
            raise ValueError(f"references do not line up: {vectors.shape} {vectors.dtype}")
        require_unit(vectors)
        self._place(subject, vectors)

    def remove(self, subject: SubjectId) -> None:
        """Overwrite a person's references, drop their name and free their rows."""
        self._require_open()
        position = self.positions.pop(subject)
        first, count = self.first_rows[position], self.row_counts[position]
        rows = slice(first, first + count)
        self.vectors[rows] = 0
        self.owners[rows] = VACANT
        if self.first_pass is not None:
            self.first_pass.codes.clear(rows)
        self.vacant.give_back(first, count)
        self.subject_ids[position] = NOBODY
        if len(self.subject_ids) > FEW + 2 * len(self.positions):
            self._number_anew()

    def gallery(self) -> Gallery:
        """Hand the list over for search, in the same memory, and take nobody any more."""
        self._require_open()
        self.ended = True
        self._number_anew()
        rows = self.vacant.filled
        return Gallery(
            model=self.model,
            subject_ids=tuple(self.subject_ids),
            positions=self.positions,
            vectors=self.vectors[:rows],
            owners=self.owners[:rows],
            first_rows=np.array(self.first_rows, np.intp),
            row_counts=np.array(self.row_counts, np.intp),
            standing=np.ones(len(self.subject_ids), np.bool_),
            row_scores=np.zeros(rows, np.float32),
            room=room_of(self.vectors.shape[1]),
            first_pass=self.first_pass,
        )

    def _number_anew(self) -> None:
        """Close the places of those removed; the order of the others and their rows stay."""
        if len(self.subject_ids) == len(self.positions):
            return
        kept = list(self.positions.values())  # in the order of enrolment: nobody moves up
        numbers = np.full(len(self.subject_ids) + 1, VACANT, np.int32)  # the last one: VACANT's own
        numbers[kept] = np.arange(len(kept))
        owners = self.owners[: self.vacant.filled]
        owners[:] = numbers[owners]
        self.first_rows = array("q", [self.first_rows[k] for k in kept])
        self.row_counts = array("q", [self.row_counts[k] for k in kept])
        self.subject_ids = list(self.positions)
        self.positions = {name: number for number, name in enumerate(self.subject_ids)}

    def _place(self, subject: SubjectId, vectors: Float32) -> None:
        position, first = len(self.subject_ids), self._rows_for(len(vectors))
        rows = slice(first, first + len(vectors))
        self.vectors[rows] = vectors
        self.owners[rows] = position
        if self.first_pass is not None:
            self.first_pass.codes.write(first, vectors)
        self.first_rows.append(first)
        self.row_counts.append(len(vectors))
        self.subject_ids.append(subject)
        self.positions[subject] = position

    def _rows_for(self, count: int) -> int:
        """Where `count` vacant rows lie together."""
        first = self.vacant.take(count)
        if first is None:
            raise ValueError(
                f"the list has room for {len(self.vectors)} references, and none for "
                f"{count} more that lie together"
            )
        return first

    def _require_open(self) -> None:
        if self.ended:
            raise ValueError("the list is in use; adding to it needs a new list and signature")


def enrol(model: ModelId, dimension: int, room: int, *, threads: int = 1) -> Enrolment:
    """Begin a list with room for so many references; `threads` is what its searches may use."""
    return Enrolment(
        model=model,
        vectors=np.zeros((room, dimension), np.float32),
        owners=np.full(room, VACANT, np.int32),
        first_pass=first_pass_for(room, dimension, threads),
    )
