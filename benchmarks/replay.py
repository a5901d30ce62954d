"""Replay kept passages through overt's own rules about shots: who is alerted, when, at what cost.

Rhythm, choice of looks, fusing, search and the alert's rule are the program's; the networks ran
when the passage was made, and there is nobody else in the picture.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from benchmarks.passages import Passing

from overt.live.rhythm import Rhythm
from overt.matches.gallery import Gallery
from overt.matches.resemblance import KeptTemplates, resemblance
from overt.templates.template import Template
from overt.tracks.best_shots import GROWN, NO_SHOTS, ShotRules, choose, due, hopeful
from overt.units import Seconds

MIN_SHOTS: Final = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    named: str | None
    """Who the first alert was for."""
    after: float
    """Seconds from the first good look to the alert, or to the end."""
    encodes: int
    """Looks that were encoded until then."""
    hope: float
    """What the passage resembled last."""


def replay(passing: Passing, gallery: Gallery, rules: ShotRules) -> Outcome:
    shots, rhythm, encodes, taken_size = NO_SHOTS, Rhythm(), 0, 0.0
    dimension = passing.vectors.shape[1]
    vectors, weights = np.zeros((rules.slots, dimension), np.float32), np.zeros(rules.slots)
    kept = KeptTemplates(vectors, weights.astype(np.float32))
    fused = Template(gallery.model, np.zeros(dimension, np.float32))
    times = passing.at.astype(float).round(3).tolist()
    for row, moment in enumerate(times):
        at = Seconds(moment)
        if not rhythm.due(at, eager=hopeful(shots, rules)):
            continue
        nearer = passing.eye_distance[row] >= GROWN * taken_size
        if not nearer and not due(shots, at, rules):
            continue
        worth = float(passing.worth[row])
        slot = choose(shots, at, worth, rules)
        if slot is None:
            continue
        shots, encodes = shots.with_shot(slot, at, worth, rules), encodes + 1
        taken_size = float(passing.eye_distance[row])
        kept.vectors[slot], kept.weights[slot] = passing.vectors[row], worth
        found = resemblance(shots, kept, fused, gallery, rules)
        assert found is not None, "a list for measuring is not empty"
        assert found.match is not None, "everything is told while a rule is measured"
        shots = found.compared
        if found.match.similarity >= rules.threshold and found.shots >= MIN_SHOTS:
            return Outcome(found.match.subject_id, moment - times[0], encodes, shots.hope)
    return Outcome(None, times[-1] - times[0], encodes, shots.hope)
