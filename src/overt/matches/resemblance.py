"""How much a passage resembles the list: by all its shots, or by the few that are most alike.

(1) All shots are fused, by their worth, and compared with the whole list.
(2) For the person found, the few independent shots that resemble them most are fused and
    compared with the whole list again. Fusing all averages good looks with poor ones; the plain
    rule, the best single look, rests on one coincidence.
(3) The stronger of the two counts, with the number of shots that it rests on.
False alerts are measured for the rule as a whole: 18 in 2,860 passages of strangers near the
threshold against lists of 100, where the best single look of all gives 16 (cosine 0.50).
"""

from dataclasses import dataclass

import numpy as np

from overt.identifiers import SubjectId
from overt.matches.gallery import Gallery
from overt.matches.match import Match
from overt.matches.search import search
from overt.templates.fuse import fuse
from overt.templates.template import Template
from overt.tracks.best_shots import DEFAULT_RULES, ShotRules, Shots, independent, most_alike
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
    match: Match
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
    fuse(templates.vectors, templates.weights, fused.vector)  # (1)
    whole = search(fused, gallery)
    if whole is None:
        return None
    likeness = likeness_to(whole.subject_id, templates.vectors, gallery)
    compared = shots.compared(likeness.tolist(), whole.similarity)
    by_all = Resemblance(whole, independent(shots, rules), compared)

    chosen = most_alike(compared, rules)  # (2)
    if not chosen:
        return by_all
    weights = np.zeros_like(templates.weights)
    for shot in chosen:
        weights[shot.slot] = templates.weights[shot.slot]
    fuse(templates.vectors, weights, fused.vector)
    strongest = search(fused, gallery)
    if strongest is None or strongest.similarity <= whole.similarity:  # (3)
        return by_all
    hopes = shots.compared(likeness.tolist(), strongest.similarity)
    return Resemblance(strongest, len(chosen), hopes)


def likeness_to(subject: SubjectId, vectors: Float32, gallery: Gallery) -> Float32:
    """How much each of the (n, d) templates resembles this person's most alike reference."""
    rows = gallery.rows_of(gallery.subject_ids.index(subject))
    likeness = np.full(len(vectors), -1.0, np.float32)
    # One reference at a time: a product of two matrices would copy the templates into BLAS's
    # own memory, a product with one vector reads them where they lie (R50).
    for reference in gallery.vectors[rows]:
        np.maximum(likeness, np.matmul(vectors, reference), out=likeness)
    return likeness
