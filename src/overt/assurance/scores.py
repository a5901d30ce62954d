"""All that was measured in one test: every probe against every person submitted to the list.

The terms are those of ISO/IEC 19795-1: a probe is mated where its subject is among those
submitted to the list, whether or not they could be enrolled. Whoever could not be enrolled, and
whatever probe had no usable face, resembles nobody: a score of minus infinity, and a miss where
there was a mate.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from overt.identifiers import SubjectId
from overt.rates.unit import Unit
from overt.units import Float32

Flags = npt.NDArray[np.bool_]
Columns = npt.NDArray[np.intp]
Groups = Mapping[SubjectId, Mapping[str, str]]
"""For each subject, what they said of themselves: column -> value."""
NO_MATE = -1
RESEMBLES_NOBODY = np.float32(-np.inf)
SEVERAL = "several"
"""The group of somebody of whom different things are said, as of age over the years."""


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """Row i is probe i; column j is subject j of the list, at their most alike image."""

    unit: Unit
    probe_ids: tuple[str, ...]
    """Names the image or the passage in reports."""
    probe_subjects: tuple[SubjectId, ...]
    gallery_subjects: tuple[SubjectId, ...]
    """Everybody submitted, once each: the list size."""
    scores: Float32
    not_detected: Flags
    """No face was found in the probe."""
    not_acquired: Flags
    """A face was found or not, and none could be templated; includes `not_detected`."""
    not_enrolled: Flags
    """No image of this subject of the list could be templated."""
    groups: Groups = field(default_factory=dict)
    shortest_list: int | None = None
    """Where probes met several lists, each its own: the people on the shortest. None for one."""
    mates: Columns = field(init=False)
    """For each probe the column of its subject, NO_MATE if they were not submitted."""

    def __post_init__(self) -> None:
        self._check_shapes()
        place = {subject: column for column, subject in enumerate(self.gallery_subjects)}
        mates = [place.get(subject, NO_MATE) for subject in self.probe_subjects]
        scores = np.array(self.scores, np.float32)
        scores[self.not_acquired, :] = RESEMBLES_NOBODY
        scores[:, self.not_enrolled] = RESEMBLES_NOBODY
        object.__setattr__(self, "scores", scores)
        object.__setattr__(self, "mates", np.array(mates, np.intp))
        for array in (self.scores, self.mates):
            array.setflags(write=False)

    def _check_shapes(self) -> None:
        probes, size = len(self.probe_ids), len(self.gallery_subjects)
        if self.scores.shape != (probes, size) or len(self.probe_subjects) != probes:
            raise ValueError(f"scores of shape {self.scores.shape} for {probes} x {size}")
        for flags, length in (
            (self.not_detected, probes),
            (self.not_acquired, probes),
            (self.not_enrolled, size),
        ):
            if flags.shape != (length,) or flags.dtype != np.bool_:
                raise ValueError(f"{flags.shape} flags of {flags.dtype} for {length} rows")
        if len(set(self.gallery_subjects)) != size:
            raise ValueError("a subject stands twice on the list: one column for each")
        if np.isnan(self.scores).any():
            raise ValueError("a score is not a number")
        if (self.not_detected & ~self.not_acquired).any():
            raise ValueError("a probe without a face was acquired")

    @property
    def list_size(self) -> int:
        """Subjects submitted; failures to enrol are among them."""
        return len(self.gallery_subjects)

    @property
    def list_met(self) -> int:
        """The most people that every probe met: what rates and evidence may claim."""
        return self.list_size if self.shortest_list is None else self.shortest_list

    @property
    def mated(self) -> Flags:
        return np.not_equal(self.mates, NO_MATE)

    @property
    def compared(self) -> Flags:
        """Probes with a face that was compared with at least one face of the list."""
        return ~self.not_acquired & bool((~self.not_enrolled).any())

    def group_of(self, probe: int, column: str) -> str:
        """What the probe's subject said of themselves, "" where they did not."""
        return self.groups.get(self.probe_subjects[probe], {}).get(column, "")

    def against(self, columns: Columns) -> "ScoreTable":
        """The same probes against a list of these subjects only.

        Probes whose subject is on the full list and not on this one are left out: they were
        mated, and a subject never stands on both sides of one test.
        """
        kept = {self.gallery_subjects[column] for column in columns}
        on_full_list = set(self.gallery_subjects)
        rows = np.array(
            [
                row
                for row, subject in enumerate(self.probe_subjects)
                if subject in kept or subject not in on_full_list
            ],
            np.intp,
        )
        return self.part(rows, columns)

    def part(self, rows: Columns, columns: Columns) -> "ScoreTable":
        """Some probes against some of the list; whoever is off the list is no mate any more."""
        return replace(
            self,
            probe_ids=tuple(self.probe_ids[row] for row in rows),
            probe_subjects=tuple(self.probe_subjects[row] for row in rows),
            gallery_subjects=tuple(self.gallery_subjects[column] for column in columns),
            scores=self.scores[np.ix_(rows, columns)],
            not_detected=self.not_detected[rows],
            not_acquired=self.not_acquired[rows],
            not_enrolled=self.not_enrolled[columns],
            shortest_list=None,
        )

    def without(self, probes: Collection[str], subjects: Collection[SubjectId]) -> "ScoreTable":
        """Set suspected probes, and everything of suspected subjects, aside."""
        rows = [
            row
            for row, (probe, subject) in enumerate(
                zip(self.probe_ids, self.probe_subjects, strict=True)
            )
            if probe not in probes and subject not in subjects
        ]
        columns = [
            column
            for column, subject in enumerate(self.gallery_subjects)
            if subject not in subjects
        ]
        return self.part(np.array(rows, np.intp), np.array(columns, np.intp))
