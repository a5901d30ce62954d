"""The references that probes are compared with: one matrix, each row a reference image.

Rows of one person lie together, so that the best of each person is one pass over the scores.
A gallery only ever narrows: `without` takes a person out at once, and nothing adds one, because
whatever widens a list needs a new signature (design §6).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from overt.errors import ModelMismatch
from overt.identifiers import ModelId, SubjectId
from overt.templates.template import Template
from overt.units import Float32

UNIT_TOLERANCE = 1e-3
"""How far from 1 the length of a reference may be: float16 storage moves it by 5e-4 at most."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One image of one person on the list, as a template."""

    subject_id: SubjectId
    template: Template


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Made by `make_gallery`. One thread searches it at a time: the score buffers are reused."""

    model: ModelId
    subject_ids: tuple[SubjectId, ...]
    """In list order, those stood down included: a position never changes its meaning."""
    vectors: Float32 = field(repr=False)
    """(rows, d) unit length, the rows of each subject together, in list order."""
    first_rows: npt.NDArray[np.intp] = field(repr=False)
    """(subjects,): where each subject's rows begin."""
    standing: npt.NDArray[np.bool_] = field(repr=False)
    """(subjects,): False for those stood down."""
    row_scores: Float32 = field(repr=False)
    """(rows,): written by each search; scores only, never a probe."""
    subject_scores: Float32 = field(repr=False)
    """(subjects,): likewise."""

    @property
    def size(self) -> int:
        """How many people a probe is compared with."""
        return int(np.count_nonzero(self.standing))

    def __len__(self) -> int:
        return self.size

    def __contains__(self, subject: object) -> bool:
        return subject in self.subject_ids and bool(
            self.standing[self.subject_ids.index(SubjectId(str(subject)))]
        )

    def rows_of(self, position: int) -> slice:
        """The rows of the subject at this position of the list."""
        ends = len(self.vectors)
        if position + 1 < len(self.first_rows):
            ends = int(self.first_rows[position + 1])
        return slice(int(self.first_rows[position]), ends)

    def without(self, subject: SubjectId) -> "Gallery":
        """Take a person out at once: their references are overwritten, in this gallery too.

        The matrix is shared, not copied. Somebody who is not on the list is not taken out.
        """
        if subject not in self:
            return self
        position = self.subject_ids.index(subject)
        standing = self.standing.copy()
        standing[position] = False
        self.vectors[self.rows_of(position)] = 0
        return replace(self, standing=standing)


def make_gallery(model: ModelId, references: Sequence[Reference]) -> Gallery:
    """Lay the references out for search; list order is that of each subject's first image."""
    for reference in references:
        if reference.template.model != model:
            raise ModelMismatch(probe=model, reference=reference.template.model)
    positions: dict[SubjectId, int] = {}
    for reference in references:
        positions.setdefault(reference.subject_id, len(positions))
    owners = np.array([positions[r.subject_id] for r in references], np.intp)
    order = np.argsort(owners, kind="stable")
    dimension = len(references[0].template.vector) if references else 0
    vectors = np.empty((len(references), dimension), np.float32)
    for row, source in enumerate(order):
        vectors[row] = references[source].template.vector
    return _laid_out(model, tuple(positions), vectors, owners[order])


def gallery_of(model: ModelId, subject_ids: Sequence[SubjectId], vectors: Float32) -> Gallery:
    """Make a gallery of the (n, d) templates of these subjects, taking the matrix over.

    The matrix is copied only where the rows of one subject do not lie together.
    """
    positions: dict[SubjectId, int] = {}
    owners = np.array([positions.setdefault(s, len(positions)) for s in subject_ids], np.intp)
    if len(owners) > 1 and bool(np.any(owners[1:] < owners[:-1])):
        order = np.argsort(owners, kind="stable")
        owners, vectors = owners[order], vectors[order]
    return _laid_out(model, tuple(positions), vectors, owners)


def _laid_out(
    model: ModelId,
    subject_ids: tuple[SubjectId, ...],
    vectors: Float32,
    owners: npt.NDArray[np.intp],
) -> Gallery:
    if vectors.ndim != 2 or len(vectors) != len(owners) or vectors.dtype != np.float32:
        raise ValueError(f"references do not line up: {vectors.shape} {vectors.dtype}")
    _require_unit(vectors)
    return Gallery(
        model=model,
        subject_ids=subject_ids,
        vectors=vectors,
        first_rows=np.flatnonzero(np.diff(owners, prepend=-1)),
        standing=np.ones(len(subject_ids), np.bool_),
        row_scores=np.zeros(len(vectors), np.float32),
        subject_scores=np.zeros(len(subject_ids), np.float32),
    )


def _require_unit(vectors: Float32) -> None:
    """Refuse NaN, infinities and lengths that would turn a cosine into something else."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    odd = np.flatnonzero(~(np.abs(lengths - 1) <= UNIT_TOLERANCE))
    if len(odd):
        raise ValueError(f"reference {int(odd[0])} is not of unit length")
