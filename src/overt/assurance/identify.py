"""A whole measurement with stills: from two CSV files to the report."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from overt.assurance.datasets import StillSet
from overt.assurance.discard import (
    DISCARDED,
    FEWEST,
    MatedComparisons,
    error_versus_discard,
    mated_comparisons,
)
from overt.assurance.doubts import doubts_about_labels, doubts_about_names, doubts_about_people
from overt.assurance.duplicates import Picture, Side, Suspicion, alike_and_unlike
from overt.assurance.extrapolation import growth, growth_at_target, sizes_grown_to
from overt.assurance.list_size import ListSizeRates, rates_by_list_size
from overt.assurance.metrics import mate_ranks, mate_scores
from overt.assurance.quality import MEASURES
from overt.assurance.report import (
    FORMAT,
    LIMITS,
    METHOD,
    OF_STILLS,
    Ordered,
    ProbeLine,
    det_section,
    equality_section,
    failures_section,
    operating_section,
    probe_lines,
    thresholds_tested,
    told_of,
)
from overt.assurance.scores import ScoreTable
from overt.assurance.still_templates import Still
from overt.assurance.stills import SamePicture, StillMeasurement, probe_name
from overt.assurance.system import MeasuredSystem
from overt.assurance.validated import envelopes_as_json
from overt.config.canonical import canonical_json, digest_of
from overt.faces.quality import Quality
from overt.identifiers import SubjectId
from overt.rates.how_many import how_many, people
from overt.units import Similarity

TITLE: Final = "How often the faces on these pictures are mistaken"


@dataclass(frozen=True, slots=True)
class StillSets:
    gallery: StillSet
    probes: StillSet


def still_report(
    sets: StillSets, measured: StillMeasurement, system: MeasuredSystem, ordered: Ordered
) -> tuple[Mapping[str, object], list[ProbeLine]]:
    """The report and its probes; everything random follows from the seed."""
    table = measured.table
    operating = operating_section(table, ordered.threshold)
    suspects = suspects_of(measured)
    rates = rates_by_list_size(table, np.random.default_rng(ordered.seed))
    report: dict[str, object] = {
        "format": FORMAT,
        "title": TITLE,
        "unit": table.unit.value,
        "summary": _summary(table, operating),
        "warnings": [
            *_warnings(sets, measured),
            *doubts_about_people(table, ordered.threshold),
            *doubts_about_labels(suspects),
            *doubts_about_names((*table.gallery_subjects, *table.probe_subjects)),
        ],
        "command": ordered.line,
        "seed": ordered.seed,
        "rates": [each.as_json() for each in rates],
        "operating": operating,
        "failures": failures_section(table),
        "turned_away": {
            "list": _reasons(measured.gallery.stills),
            "probes": _reasons(measured.probes.stills),
        },
        "pictures_twice": {
            "on_both_sides": _pictures(measured.on_both_sides),
            "among_probes": _pictures(measured.twice_in_probes),
            "on_the_list": _pictures(measured.twice_in_gallery),
        },
        **_growth(table, ordered, rates),
        "equality": equality_section(
            [(at, table) for at in thresholds_tested(ordered.threshold, ordered.highest)],
            np.random.default_rng([ordered.seed, 3]),
        ),
        "validated": envelopes_as_json(_looks(measured)),
        "suspects": [each.as_json() for each in suspects],
        "det": det_section(table, ordered.threshold),
        "quality": _quality(measured, np.random.default_rng([ordered.seed, 6])),
        "method": [*METHOD, *OF_STILLS],
        "limits": list(LIMITS),
        "data": _data(sets, measured),
        "system": system.as_json(),
    }
    return report, probe_lines(table)


def _growth(
    table: ScoreTable, ordered: Ordered, rates: Iterable[ListSizeRates]
) -> Mapping[str, object]:
    """At the operating threshold, and at those that the FPIR targets took on the whole list."""
    sizes = sizes_grown_to(table.list_size)
    rng = np.random.default_rng([ordered.seed, 2])
    return {
        "growth": growth(table, ordered.threshold, sizes, rng).as_json(),
        "growth_at_targets": [
            growth_at_target(table, each, sizes, rng)
            for each in rates
            if each.list_size == table.list_size
        ],
    }


def _summary(table: ScoreTable, operating: Mapping[str, object]) -> list[str]:
    threshold = operating["threshold"]
    return [
        f"Measured against a list of {people(table.list_size)}, at threshold {threshold}.",
        told_of(
            _of(operating, "fpir"),
            of="pictures of strangers",
            what="would have raised a false alert",
        ),
        told_of(
            _of(operating, "fnir"),
            of="pictures of people on the list",
            what="would have been missed",
        ),
    ]


def _of(section: Mapping[str, object], key: str) -> Mapping[str, object]:
    told = section[key]
    assert isinstance(told, Mapping)
    return told


def _warnings(sets: StillSets, measured: StillMeasurement) -> list[str]:
    told = []
    if measured.on_both_sides:
        told.append(
            f"{how_many(len(measured.on_both_sides), 'probe')} set aside as the very picture that is "
            "on the list, because recognising a copy says nothing."
        )
    contrary = [
        each
        for each in (
            *measured.on_both_sides,
            *measured.twice_in_probes,
            *measured.twice_in_gallery,
        )
        if not each.one_person
    ]
    if contrary:
        told.append(
            f"{how_many(len(contrary), 'picture')} under two names: at least one label of each is wrong."
        )
    for name, stills in (("gallery", sets.gallery), ("probes", sets.probes)):
        if stills.set_aside:
            told.append(
                f"Columns of the {name} file with more than 20 values are no groups and were "
                f"set aside: {', '.join(stills.set_aside)}."
            )
    if not measured.table.mated.any():
        told.append("No probe is of anybody on the list: misses cannot be told.")
    if measured.table.mated.all():
        told.append("Every probe is of somebody on the list: false alarms cannot be told.")
    return told


def _reasons(stills: Iterable[Still]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for still in stills:
        if still.quality is None:
            counts["no_face"] += 1
        else:
            counts.update(reason.value for reason in still.quality.reasons)
    return dict(sorted(counts.items()))


def _pictures(found: Iterable[SamePicture]) -> list[Mapping[str, object]]:
    return [
        {"first": each.first, "second": each.second, "subjects": list(each.subjects)}
        for each in found
    ]


def _quality(measured: StillMeasurement, rng: np.random.Generator) -> Mapping[str, object]:
    told = error_versus_discard(_mated_comparisons(measured), rng)
    if told is None:
        return {
            "curves": [],
            "why_not": f"insufficient data: it takes {FEWEST} mated probes that were compared.",
        }
    return {
        "threshold": None if told.threshold is None else round(told.threshold, 6),
        "starting_fnir": told.starting.as_json(),
        "comparisons": told.comparisons,
        "shares": list(DISCARDED),
        "measures": dict(MEASURES),
        "curves": [curve.as_json() for curve in told.curves],
    }


def _looks(measured: StillMeasurement) -> list[Quality]:
    """How the probes that were compared looked."""
    stills = (measured.probes.stills[i] for i in measured.probes.usable)
    return [still.quality for still in stills if still.quality is not None]


def suspects_of(measured: StillMeasurement) -> tuple[Suspicion, ...]:
    """Labels that are probably wrong, by the templates of all pictures."""
    sides = ((Side.LIST, measured.gallery), (Side.PROBE, measured.probes))
    pictures = [
        Picture(probe_name(each.stills[i]), each.stills[i].row.subject_id, side, None)
        for side, each in sides
        for i in each.usable
    ]
    vectors = np.concatenate([each.vectors[each.usable] for _, each in sides])
    return alike_and_unlike(pictures, vectors) if pictures else ()


def _mated_comparisons(measured: StillMeasurement) -> MatedComparisons:
    """Mated probes that were compared, each with the best picture of its subject."""
    table = measured.table
    references: dict[SubjectId, Mapping[str, float]] = {}
    for i in measured.gallery.usable:
        still = measured.gallery.stills[i]
        before = references.setdefault(still.row.subject_id, still.measures)
        if still.measures["unified"] > before["unified"]:
            references[still.row.subject_id] = still.measures
    own = np.where(mate_ranks(table) == 1, mate_scores(table), np.float32(-np.inf))
    rows = np.flatnonzero(table.mated)
    kept = [
        (nth, row)
        for nth, row in enumerate(rows.tolist())
        if not table.not_acquired[row] and table.probe_subjects[row] in references
    ]
    return mated_comparisons(
        own=own[[nth for nth, _ in kept]].astype(np.float32),
        subjects=[table.probe_subjects[row] for _, row in kept],
        probe=[measured.probes.stills[row].measures for _, row in kept],
        reference=[references[table.probe_subjects[row]] for _, row in kept],
    )


def _data(sets: StillSets, measured: StillMeasurement) -> Mapping[str, object]:
    return {
        "digest": data_digest(measured),
        "gallery": {
            "file": sets.gallery.path.name,
            "pictures": len(measured.gallery.stills),
            "subjects": measured.table.list_size,
            "other_faces_ignored": sum(still.others for still in measured.gallery.stills),
        },
        "probes": {
            "file": sets.probes.path.name,
            "pictures": len(sets.probes.rows),
            "scored": len(measured.probes.stills),
            "subjects": len(sets.probes.subjects),
            "mated": int(measured.table.mated.sum()),
            "non_mated": int((~measured.table.mated).sum()),
            "other_faces_ignored": sum(still.others for still in measured.probes.stills),
        },
        "group_columns": list(sets.probes.group_columns),
    }


def data_digest(measured: StillMeasurement) -> str:
    """Of everything that was measured: pictures, boxes, labels and sides."""
    sides = (("gallery", measured.gallery), ("probe", measured.probes))
    return digest_of(
        canonical_json(
            [
                [side, still.row.subject_id, still.sha256, str(still.row.face_box)]
                for side, templated in sides
                for still in templated.stills
            ]
        )
    )


def threshold_or_floor(threshold: float | None, system: MeasuredSystem) -> Similarity:
    if threshold is not None:
        return Similarity(threshold)
    return Similarity(system.pack.manifest.threshold_floor)
