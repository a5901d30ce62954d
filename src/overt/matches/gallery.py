"""The references that probes are compared with: one matrix, each row a reference image.

Rows of one person lie together, and nothing is ever moved: a person's place on the list and
their rows stay what they are. A gallery only ever narrows: `without` takes a person out at once,
and nothing adds one, because whatever widens a list needs a new signature (design §6). Lists
are built by `Enrolment`, or at once by the functions here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from overt.errors import ModelMismatch
from overt.identifiers import ModelId, SubjectId
from overt.matches.codes import UNIT_TOLERANCE, Float64, room_for
from overt.matches.first_pass import SMALLEST, FirstPass
from overt.matches.scan import can_scan
from overt.templates.template import Template
from overt.units import Float32

Rows = npt.NDArray[np.intp]
Owners = npt.NDArray[np.int32]

VACANT: Final = -1
"""The owner of a row that nobody holds."""
ROWS_AT_ONCE: Final = 128


@dataclass(frozen=True, slots=True)
class Reference:
    """One image of one person on the list, as a template."""

    subject_id: SubjectId
    template: Template


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Float64 buffers of one list; whoever uses them overwrites them (R50)."""

    probe: Float64 = field(repr=False)
    rows: Float64 = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Made by `make_gallery`, `gallery_of` or `Enrolment`.

    One thread searches it at a time: the buffers are reused.
    """

    model: ModelId
    subject_ids: tuple[SubjectId, ...] = field(repr=False)
    """In list order, those stood down included: a position never changes its meaning."""
    positions: Mapping[SubjectId, int] = field(repr=False)
    vectors: Float32 = field(repr=False)
    """(rows, d) unit length, the rows of each subject together; zero where vacant."""
    owners: Owners = field(repr=False)
    """(rows,): the position of whose reference this is, or VACANT."""
    first_rows: Rows = field(repr=False)
    """(subjects,): where each subject's rows begin."""
    row_counts: Rows = field(repr=False)
    """(subjects,): how many there are."""
    standing: npt.NDArray[np.bool_] = field(repr=False)
    """(subjects,): False for those stood down."""
    row_scores: Float32 = field(repr=False)
    """(rows,): written by each search, then overwritten."""
    room: Room = field(repr=False)
    first_pass: FirstPass | None = field(repr=False)
    """None for lists that are searched faster without."""

    @property
    def size(self) -> int:
        """How many people a probe is compared with."""
        return int(np.count_nonzero(self.standing))

    def __len__(self) -> int:
        return self.size

    def __contains__(self, subject: object) -> bool:
        position = self.positions.get(SubjectId(str(subject)))
        return position is not None and bool(self.standing[position])

    def blocks(self) -> Iterator[npt.NDArray[Any]]:
        """Where templates lie, or what a comparison leaves of them."""
        yield from (self.vectors, self.row_scores, self.room.probe, self.room.rows)
        if self.first_pass is not None:
            yield from self.first_pass.blocks()

    def rows_of(self, position: int) -> slice:
        """The rows of the subject at this position of the list."""
        first = int(self.first_rows[position])
        return slice(first, first + int(self.row_counts[position]))

    def without(self, subject: SubjectId) -> "Gallery":
        """Take a person out at once: their references are overwritten, in this gallery too.

        The matrix is shared, not copied. Somebody who is not on the list is not taken out.
        """
        if subject not in self:
            return self
        position = self.positions[subject]
        standing = self.standing.copy()
        standing[position] = False
        rows = self.rows_of(position)
        self.owners[rows] = VACANT
        self.vectors[rows] = 0
        if self.first_pass is not None:
            self.first_pass.codes.clear(rows)
        return replace(self, standing=standing)

    def scrub(self) -> None:
        """Overwrite what searches left inside the first pass: scores of some references.

        The probe itself is overwritten by each search, before it returns.
        """
        if self.first_pass is not None:
            self.first_pass.scrub_inside()


def make_gallery(model: ModelId, references: Sequence[Reference]) -> Gallery:
    """Lay the references out for search; list order is that of each subject's first image."""
    for reference in references:
        if reference.template.model != model:
            raise ModelMismatch(probe=model, reference=reference.template.model)
    positions, owners = _positions([reference.subject_id for reference in references])
    order = np.argsort(owners, kind="stable")
    dimension = len(references[0].template.vector) if references else 0
    vectors = np.empty((len(references), dimension), np.float32)
    for row, source in enumerate(order):
        vectors[row] = references[source].template.vector
    return _laid_out(model, positions, vectors, owners[order], threads=1)


def gallery_of(
    model: ModelId, subject_ids: Sequence[SubjectId], vectors: Float32, *, threads: int = 1
) -> Gallery:
    """Make a gallery of the (n, d) templates of these subjects, taking the matrix over.

    The matrix is copied only where the rows of one subject do not lie together. `threads` is
    how many a search of a long list may use.
    """
    positions, owners = _positions(subject_ids)
    if len(owners) > 1 and bool(np.any(owners[1:] < owners[:-1])):
        order = np.argsort(owners, kind="stable")
        owners, vectors = owners[order], vectors[order]
    return _laid_out(model, positions, vectors, owners, threads=threads)


def require_unit(vectors: Float32) -> None:
    """Refuse NaN, infinities and lengths that would turn a cosine into something else."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    odd = np.flatnonzero(~(np.abs(lengths - 1) <= UNIT_TOLERANCE))
    if len(odd):
        raise ValueError(f"reference {int(odd[0])} is not of unit length")


def first_pass_for(rows: int, dimension: int, threads: int) -> FirstPass | None:
    """Reserve a first pass over so many rows, or None where it would not pay or not hold."""
    if rows * dimension < SMALLEST or not can_scan(dimension):
        return None
    return FirstPass(codes=room_for(rows, dimension), threads=threads)


def room_of(dimension: int) -> Room:
    return Room(probe=np.zeros(dimension), rows=np.zeros((ROWS_AT_ONCE, dimension)))


def _positions(subject_ids: Sequence[SubjectId]) -> tuple[dict[SubjectId, int], Owners]:
    positions: dict[SubjectId, int] = {}
    owners = [positions.setdefault(subject, len(positions)) for subject in subject_ids]
    return positions, np.array(owners, np.int32)


def _laid_out(
    model: ModelId,
    positions: Mapping[SubjectId, int],
    vectors: Float32,
    owners: Owners,
    *,
    threads: int,
) -> Gallery:
    if vectors.ndim != 2 or len(vectors) != len(owners) or vectors.dtype != np.float32:
        raise ValueError(f"references do not line up: {vectors.shape} {vectors.dtype}")
    require_unit(vectors)
    first_pass = first_pass_for(len(vectors), vectors.shape[1], threads)
    if first_pass is not None:
        first_pass.codes.write(0, vectors)
    return Gallery(
        model=model,
        subject_ids=tuple(positions),
        positions=positions,
        vectors=vectors,
        owners=owners,
        first_rows=np.flatnonzero(np.diff(owners, prepend=-1)),
        row_counts=np.bincount(owners, minlength=len(positions)),
        standing=np.ones(len(positions), np.bool_),
        row_scores=np.zeros(len(vectors), np.float32),
        room=room_of(vectors.shape[1]),
        first_pass=first_pass,
    )
