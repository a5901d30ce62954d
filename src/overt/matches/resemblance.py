"""How much a passage resembles the list: by all its shots, or by the few that are most alike.

(1) All shots are fused, by their worth, and compared with the whole list; the newest is compared
    with it alone.
(2) For whoever one of the two resembles most, shots are fused for as long as another one makes
    the track resemble them more, and compared with the whole list again. Each counts the same:
    that they resemble the person says more than their quality. Fusing all averages good looks
    with poor ones, and with those of somebody else where people pass close behind one another and
    a track goes over; the plain rule, the best single look, rests on one coincidence. So at
    least as many are fused as an alert needs, far enough apart to be evidence of their own.
(3) The strongest counts, with the number of shots that it rests on.
(4) What there is to hope for is the newest look's own resemblance too: a second like it settles it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from overt.identifiers import SubjectId
from overt.matches.gallery import Gallery
from overt.matches.match import Match
from overt.matches.search import nearest, search
from overt.templates.fuse import fuse
from overt.templates.template import Template
from overt.tracks.best_shots import DEFAULT_RULES, Shot, ShotRules, Shots, independent
from overt.units import Float32


@dataclass(frozen=True, slots=True, eq=False)
class KeptTemplates:
    """Row i of each array belongs to slot i of a track; empty slots weigh nothing."""

    vectors: Float32
    """(slots, d)."""
    weights: Float32
    """(slots,)."""


@dataclass(frozen=True, slots=True)
class Resemblance:
    match: Match | None
    """None where it is too little to be told (`ShotRules.told_from`)."""
    shots: int
    """How many independent shots it rests on."""
    compared: Shots
    """The track's shots with what was learnt of each."""


def resemblance(
    shots: Shots,
    templates: KeptTemplates,
    fused: Template,
    gallery: Gallery,
    rules: ShotRules = DEFAULT_RULES,
) -> Resemblance | None:
    """Compare a track with the list; None only if nobody is on it.

    `fused` is working memory of the caller, who overwrites it afterwards (R50).
    """
    track = _Track(shots, templates, fused, gallery)
    whole, alone = track.by_all(), track.by_the_newest()  # (1)
    if whole is None or alone is None:
        return None
    strongest, compared = whole, track.compared_with(whole[0])
    rests_on: tuple[Shot, ...] = ()
    for person in dict.fromkeys((whole[0], alone[0])):
        likely = compared if person == whole[0] else track.compared_with(person)
        chosen = track.strongest_together(likely, rules)  # (2)
        few = track.by(chosen) if chosen else whole
        if few[1] > strongest[1]:  # (3)
            strongest, rests_on, compared = few, chosen, likely
    hope = max(strongest[1], alone[1])  # (4)
    match = track.told(rests_on) if strongest[1] >= rules.told_from else None
    count = independent(rests_on or shots.kept, rules)
    return Resemblance(match, count, replace(compared, hope=hope))


Likely = tuple[SubjectId, float]
"""Whom, and how much; in float32."""


def likeness(found: Likely) -> float:
    return found[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Track:
    shots: Shots
    templates: KeptTemplates
    fused: Template
    gallery: Gallery

    def by_all(self) -> Likely | None:
        self._fuse(())
        return nearest(self.fused, self.gallery)

    def by_the_newest(self) -> Likely | None:
        newest = max(shot.at for shot in self.shots.kept)
        seen = [shot.slot for shot in self.shots.kept if shot.at == newest]
        found = [
            nearest(Template(self.fused.model, self.templates.vectors[slot]), self.gallery)
            for slot in seen
        ]
        return max((each for each in found if each is not None), key=likeness, default=None)

    def by(self, chosen: Sequence[Shot]) -> Likely:
        self._fuse(chosen)
        found = nearest(self.fused, self.gallery)
        assert found is not None, "somebody was found a moment ago"
        return found

    def told(self, chosen: Sequence[Shot]) -> Match | None:
        """What may be told: exact, with the runner-up."""
        self._fuse(chosen)
        return search(self.fused, self.gallery)

    def compared_with(self, person: SubjectId) -> Shots:
        likeness = likeness_to(person, self.templates.vectors, self.gallery)
        return self.shots.compared(likeness.tolist(), -1.0)

    def strongest_together(self, compared: Shots, rules: ShotRules) -> tuple[Shot, ...]:
        """Choose shots, the most alike first, for as long as they are needed or another helps."""
        left, chosen = list(compared.kept), list[Shot]()
        together, alike, strength = np.zeros_like(self.fused.vector), 0.0, -1.0
        vectors = self.templates.vectors
        while left:
            enough = independent(chosen, rules) >= rules.few
            tried = left if enough else [s for s in left if not s.shares_flaws(chosen, rules)]
            if not tried:
                break
            slots = [shot.slot for shot in tried]
            sums = alike + np.array([shot.likeness for shot in tried])
            squares = float(together @ together) + 1 + 2 * (vectors @ together)[slots]
            fused = sums / np.sqrt(np.maximum(squares, 1e-12))
            best = int(fused.argmax())
            if enough and fused[best] <= strength:
                break
            shot, strength = tried[best], float(fused[best])
            chosen.append(shot)
            left.remove(shot)
            together += vectors[shot.slot]
            alike = float(sums[best])
        together.fill(0)
        return tuple(chosen) if independent(chosen, rules) >= rules.few else ()

    def _fuse(self, chosen: Sequence[Shot]) -> None:
        """All of them where nothing was chosen."""
        weights = self.templates.weights
        if chosen:
            weights = np.zeros_like(weights)
            for shot in chosen:
                weights[shot.slot] = 1.0
        fuse(self.templates.vectors, weights, self.fused.vector)


def likeness_to(subject: SubjectId, vectors: Float32, gallery: Gallery) -> Float32:
    """How much each of the (n, d) templates resembles this person's most alike reference."""
    rows = gallery.rows_of(gallery.positions[subject])
    likeness = np.full(len(vectors), -1.0, np.float32)
    # One reference at a time: a product of two matrices would copy the templates into BLAS's
    # own memory, a product with one vector reads them where they lie (R50).
    for reference in gallery.vectors[rows]:
        np.maximum(likeness, np.matmul(vectors, reference), out=likeness)
    return likeness
