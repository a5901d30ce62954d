"""How false alerts of passages go on to grow with lists longer than the data.

The live rule names whom a passage resembles most; how many others on the list it comes near, which
a model of growth needs, it does not say. So for growth alone the looks of each passage are fused
into one template and compared with everybody on the list, and the model of stills is fitted to it
(extrapolation.py). The report says so, and shows how far it is from what was watched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from overt.assurance.extrapolation import growth
from overt.assurance.passage_scores import WatchedClip
from overt.assurance.passages import PassageOutcome
from overt.assurance.scores import RESEMBLES_NOBODY, ScoreTable
from overt.matches.gallery import Gallery
from overt.tracks.best_shots import EVIDENCE_APART
from overt.units import Float32, Similarity

OF = (
    "Each passage compared with everybody by all its looks fused, or by the two that together are "
    "most alike: the live rule itself does not tell how many people a passage comes near, and takes "
    "looks one after another, so it may alert on somewhat fewer."
)
MIN_SHOTS = 2
TINY = 1e-6
MOST_LOOKS = 16
"""The best of a passage, as many as the rule keeps."""


def growth_of_passages(
    clips: Sequence[WatchedClip],
    whole: ScoreTable,
    threshold: Similarity,
    sizes: tuple[int, ...],
    rng: np.random.Generator,
) -> Mapping[str, Any] | None:
    """None where several lists were used: they are no sample of one longer list."""
    if len({id(clip.listed) for clip in clips}) > 1:
        return None
    table = replace(whole, scores=_fused_scores(clips, whole))
    return {**growth(table, threshold, sizes, rng).as_json(), "of": OF}


def _fused_scores(clips: Sequence[WatchedClip], whole: ScoreTable) -> Float32:
    place = {subject: column for column, subject in enumerate(whole.gallery_subjects)}
    gallery = clips[0].listed.gallery
    columns = [place[subject] for subject in gallery.subject_ids]
    scores = np.full(whole.scores.shape, RESEMBLES_NOBODY, np.float32)
    passages = [(clip, passage) for clip in clips for passage in clip.outcome.passages]
    for row, (clip, passage) in enumerate(passages):
        told = _compared(clip, passage, gallery)
        if told is not None:
            scores[row, columns] = told
    return scores


def _compared(clip: WatchedClip, passage: PassageOutcome, gallery: Gallery) -> Float32 | None:
    looks = [look for look in clip.taken if look.track in passage.tracks]
    if len(looks) < MIN_SHOTS:
        return None
    looks = sorted(looks, key=lambda look: (-look.worth, look.at))[:MOST_LOOKS]
    vectors = np.stack([look.vector for look in looks])
    alike = np.maximum.reduceat(vectors @ gallery.vectors.T, gallery.first_rows, axis=1)
    worth = np.array([look.worth for look in looks], np.float32)
    strongest = worth @ alike / _length(worth @ vectors)
    for one, other in combinations(range(len(looks)), 2):
        if abs(looks[one].at - looks[other].at) >= EVIDENCE_APART:
            together = (alike[one] + alike[other]) / _length(vectors[one] + vectors[other])
            np.maximum(strongest, together, out=strongest)
    vectors.fill(0)
    return np.asarray(strongest, np.float32)


def _length(vector: Float32) -> float:
    return max(float(np.linalg.norm(vector)), TINY)
