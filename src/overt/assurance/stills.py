"""Measure identification with stills: every probe against everybody submitted to the list.

Exact products of templates, one matrix; a person is as alike as their most alike image. The same
picture of the same face on both sides would measure copying, so such probes are set aside and
told; so is every further copy of a picture among the probes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from overt.assurance.datasets import StillSet
from overt.assurance.scores import SEVERAL, ScoreTable
from overt.assurance.still_templates import (
    Outcome,
    Progress,
    Still,
    Templated,
    template_stills,
)
from overt.config.list_csv import FaceBox
from overt.errors import Refused
from overt.faces.quality import ENROLMENT, LIVE
from overt.identifiers import SubjectId
from overt.rates.unit import Unit
from overt.templates.load import Networks
from overt.units import Float32

AT_ONCE: Final = 1024
"""Probes that are compared in one product."""
DECIMALS: Final = 6
"""As the search tells scores (matches/decide.py)."""


@dataclass(frozen=True, slots=True)
class SamePicture:
    """One picture of one face that stands twice."""

    first: str
    second: str
    subjects: tuple[SubjectId, SubjectId]

    @property
    def one_person(self) -> bool:
        return self.subjects[0] == self.subjects[1]


@dataclass(frozen=True, slots=True, eq=False)
class StillMeasurement:
    gallery: Templated
    probes: Templated
    """Scored ones only, in the order of the table's rows."""
    table: ScoreTable
    on_both_sides: tuple[SamePicture, ...]
    """Set aside: gallery picture, then probe."""
    twice_in_gallery: tuple[SamePicture, ...]
    twice_in_probes: tuple[SamePicture, ...]
    """Set aside: the second of each."""


def measure_stills(
    gallery: StillSet, probes: StillSet, networks: Networks, progress: Progress
) -> StillMeasurement:
    """Make all templates and compare them; refused where there is nothing to compare."""
    require_measurable(gallery, probes)
    of = len(gallery.rows) + len(probes.rows)
    listed = template_stills(gallery, networks, ENROLMENT, lambda n, _: progress(n, of))
    begun = len(gallery.rows)
    seen = template_stills(probes, networks, LIVE, lambda n, _: progress(begun + n, of))
    both = tuple(_on_both_sides(listed.stills, seen.stills))
    twice = tuple(_twice(seen.stills))
    aside = {each.second for each in (*both, *twice)}
    kept = _only(seen, [i for i, s in enumerate(seen.stills) if probe_name(s) not in aside])
    return StillMeasurement(
        gallery=listed,
        probes=kept,
        table=table_of(listed, kept, probes.group_columns),
        on_both_sides=both,
        twice_in_gallery=tuple(_twice(listed.stills)),
        twice_in_probes=twice,
    )


def require_measurable(gallery: StillSet, probes: StillSet) -> None:
    people = len(gallery.subjects)
    if people < 2:
        raise Refused(
            f"{gallery.path.name}: row {gallery.rows[0].number}, column subject_id: "
            f"{people} subject on the list; identification needs at least two"
        )
    if len(probes.subjects) < 2:
        raise Refused(
            f"{probes.path.name}: row {probes.rows[0].number}, column subject_id: all probes are "
            "of one subject, which says nothing about others; bring probes of more people"
        )


def probe_name(still: Still) -> str:
    """How a report names a probe: as its CSV file does."""
    return f"row {still.row.number}: {still.row.image}"


def table_of(gallery: Templated, probes: Templated, group_columns: Sequence[str]) -> ScoreTable:
    """Compare every probe with every image, and keep the most alike image of each subject."""
    subjects = tuple(dict.fromkeys(still.row.subject_id for still in gallery.stills))
    outcomes = [still.outcome for still in probes.stills]
    usable = set(gallery.usable)
    enrolled = {gallery.stills[i].row.subject_id for i in usable}
    return ScoreTable(
        unit=Unit.STILL,
        probe_ids=tuple(probe_name(still) for still in probes.stills),
        probe_subjects=tuple(still.row.subject_id for still in probes.stills),
        gallery_subjects=subjects,
        scores=_scores(gallery, probes, subjects),
        not_detected=np.array([o is Outcome.NOT_DETECTED for o in outcomes], np.bool_),
        not_acquired=np.array([o is not Outcome.TEMPLATED for o in outcomes], np.bool_),
        not_enrolled=np.array([subject not in enrolled for subject in subjects], np.bool_),
        groups=_groups(probes.stills, group_columns),
    )


def _scores(gallery: Templated, probes: Templated, subjects: Sequence[SubjectId]) -> Float32:
    """(probes, subjects); -1 where nothing can be compared, which the table knows apart."""
    places = {subject: column for column, subject in enumerate(subjects)}
    usable = sorted(gallery.usable, key=lambda i: places[gallery.stills[i].row.subject_id])
    columns = np.array([places[gallery.stills[i].row.subject_id] for i in usable], np.intp)
    scores = np.full((len(probes.stills), len(subjects)), -1.0, np.float32)
    if not usable:
        return scores
    references = np.ascontiguousarray(gallery.vectors[usable].T)
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    for top in range(0, len(scores), AT_ONCE):
        products = probes.vectors[top : top + AT_ONCE] @ references
        best = np.maximum.reduceat(products, starts, axis=1)
        scores[top : top + AT_ONCE, columns[starts]] = np.round(best, DECIMALS)
    return scores


def _groups(
    probes: Sequence[Still], columns: Sequence[str]
) -> Mapping[SubjectId, Mapping[str, str]]:
    """What each subject's rows say of them, where they say anything."""
    told: dict[SubjectId, dict[str, str]] = {}
    for still in probes:
        of = told.setdefault(still.row.subject_id, {})
        for column, value in zip(columns, still.row.groups, strict=True):
            if value and of.setdefault(column, value) != value:
                of[column] = SEVERAL
    return told


_Picture = tuple[str, FaceBox | None]


def _picture(still: Still) -> _Picture:
    """Two faces of one group photograph are two pictures."""
    return still.sha256, still.row.face_box


def _on_both_sides(gallery: Sequence[Still], probes: Sequence[Still]) -> Iterator[SamePicture]:
    listed = {_picture(still): still for still in reversed(gallery)}
    for still in probes:
        if (same := listed.get(_picture(still))) is not None:
            yield _same(same, still)


def _twice(stills: Sequence[Still]) -> Iterator[SamePicture]:
    first: dict[_Picture, Still] = {}
    for still in stills:
        before = first.setdefault(_picture(still), still)
        if before is not still:
            yield _same(before, still)


def _same(first: Still, second: Still) -> SamePicture:
    subjects = (first.row.subject_id, second.row.subject_id)
    return SamePicture(probe_name(first), probe_name(second), subjects)


def _only(templated: Templated, kept: Sequence[int]) -> Templated:
    stills = tuple(templated.stills[i] for i in kept)
    return Templated(stills, templated.vectors[list(kept)])
