"""Make a calibration from a score table: the tails of people who were not on the list.

`overt.rates.calibration` finds thresholds in it. Scores are kept down to where half of the people
would raise an alert against the full list; a threshold that could be lower (for a short list and
a lax target) stays there, and keeps its target all the same. People and probes that were never
compared are counted apart: no threshold may rest on them.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from overt.assurance.metrics import highest_non_mated
from overt.assurance.scores import ScoreTable
from overt.identifiers import Digest, PackName
from overt.rates.calibration import NO_SCORE, Calibration, Tail, rounded_up
from overt.units import Float32, Similarity

MOST_ALERTS = 0.5
"""No deployment runs where every second passer-by alerts: scores below that are not kept."""


@dataclass(frozen=True, slots=True)
class MeasuredWith:
    """What a calibration is bound to."""

    pack_name: PackName
    pack: Digest
    precision: str
    measured_on: str


def calibrate(
    table: ScoreTable, measured_with: MeasuredWith, *, most_alerts: float = MOST_ALERTS
) -> Calibration:
    """Keep the scores of non-mated probes that any usable threshold could depend on."""
    strangers = np.flatnonzero(~table.mated & table.compared)
    people = Counter(table.probe_subjects[row] for row in strangers)
    floor = _floor(highest_non_mated(table), most_alerts)
    tails = [
        _tail(table.scores[row], floor, people[table.probe_subjects[row]]) for row in strangers
    ]
    return Calibration(
        pack_name=measured_with.pack_name,
        pack=measured_with.pack,
        precision=measured_with.precision,
        unit=table.unit,
        measured_on=measured_with.measured_on,
        list_size=table.list_size,
        people=len(people),
        probes=len(strangers),
        tail_floor=floor,
        # Ordered by their scores, so that nothing tells which probe a tail was of.
        tails=tuple(sorted((tail for tail in tails if tail), key=lambda tail: tail.scores)),
        not_compared=int(np.count_nonzero(~table.mated & ~table.compared)),
    )


def _floor(tops: Float32, most_alerts: float) -> Similarity:
    """The score that this share of the probes reach at their highest."""
    usable = tops[np.isfinite(tops)]
    if not len(usable):
        return NO_SCORE
    return Similarity(max(rounded_up(float(np.quantile(usable, 1 - most_alerts))), NO_SCORE))


def _tail(scores: Float32, floor: float, of_person: int) -> Tail | None:
    kept = sorted((rounded_up(float(s)) for s in scores[scores >= floor]), reverse=True)
    return Tail(of_person, tuple(kept)) if kept else None
