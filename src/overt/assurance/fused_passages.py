"""Each passage compared with everybody on the list, by the looks that were taken of it.

The live rule names whom a passage resembles most. How near it comes to everybody else, which
growth and calibrations need, it does not say; so here the looks of each track are fused for each
person on the list as the rule fuses them for the most alike (matches/resemblance.py):
(1) all of them, by their worth;
(2) the two most alike that are far enough apart, and others for as long as one more raises it.
(3) Whoever the rule itself told of a passage resembles it at least as much as it said.
The rule takes looks one after another and stops when a matter is settled; here all that were taken
count, so the table may show somewhat more than the rule tells, and never less.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from overt.assurance.passage_scores import WatchedClip
from overt.assurance.passages import PassageOutcome
from overt.assurance.rescore import TakenLook
from overt.assurance.scores import RESEMBLES_NOBODY, ScoreTable
from overt.matches.gallery import Gallery
from overt.tracks.best_shots import EVIDENCE_APART
from overt.units import Float32

Float64 = npt.NDArray[np.float64]
MIN_SHOTS = 2
TINY = 1e-12


def fused_table(clips: Sequence[WatchedClip], whole: ScoreTable) -> ScoreTable:
    """The table of one run whose clips share one list; `whole` is what the rule told in it."""
    place = {subject: column for column, subject in enumerate(whole.gallery_subjects)}
    gallery = clips[0].listed.gallery
    columns = [place[subject] for subject in gallery.subject_ids]
    scores = np.full(whole.scores.shape, RESEMBLES_NOBODY, np.float32)
    passages = [(clip, passage) for clip in clips for passage in clip.outcome.passages]
    for row, (clip, passage) in enumerate(passages):
        for looks in _tracks(clip, passage):
            scores[row, columns] = np.maximum(scores[row, columns], fused(looks, gallery))
    return replace(whole, scores=np.maximum(scores, whole.scores))  # (3)


def one_list(clips: Iterable[WatchedClip]) -> bool:
    """Several lists are no sample of one longer list."""
    return len({id(clip.listed) for clip in clips}) == 1


def stronger(one: ScoreTable, other: ScoreTable) -> ScoreTable:
    """The same passages by the looks of two runs: whatever either showed counts."""
    return replace(
        one,
        scores=np.maximum(one.scores, other.scores),
        not_detected=one.not_detected & other.not_detected,
        not_acquired=one.not_acquired & other.not_acquired,
    )


def _tracks(clip: WatchedClip, passage: PassageOutcome) -> list[list[TakenLook]]:
    """A track is fused with no other, not even of the same passage: the rule does not know."""
    of = [[look for look in clip.taken if look.track == track] for track in passage.tracks]
    return [looks for looks in of if len(looks) >= MIN_SHOTS]


def fused(looks: Sequence[TakenLook], gallery: Gallery) -> Float32:
    """How much one track resembles each person, in the gallery's order."""
    shots = [
        (vector, look)
        for look in looks
        for vector in (look.vector, look.second)
        if vector is not None
    ]
    vectors = np.stack([vector for vector, _ in shots])
    alike = np.maximum.reduceat(vectors @ gallery.vectors.T, gallery.first_rows, axis=1)
    worth = np.array([look.worth for _, look in shots], np.float32)
    among = vectors @ vectors.T
    by_all = (worth @ alike) / np.sqrt(max(float(worth @ among @ worth), TINY))  # (1)
    vectors.fill(0)
    at = np.array([look.at for _, look in shots])
    apart = np.abs(at[:, None] - at)
    few = _by_few(alike, among, apart)
    return np.asarray(np.maximum(by_all, few), np.float32) if _enough(apart) else few


def _enough(apart: Float64) -> bool:
    """Two looks of one instant are no evidence, however alike."""
    return bool((apart >= EVIDENCE_APART).any())


def _by_few(alike: Float32, among: Float32, apart: Float64) -> Float32:
    """(2), for every person at once; minus infinity where no two looks are far enough apart."""
    people = np.arange(alike.shape[1])
    best = np.full(len(people), RESEMBLES_NOBODY, np.float32)
    chosen = np.zeros(alike.shape, np.float32)
    for one in range(len(alike)):
        length = np.sqrt(np.maximum(among[one, one] + among.diagonal() + 2 * among[one], TINY))
        pairs = np.where(apart[one] >= EVIDENCE_APART, 1.0, np.nan)[:, None]
        together = (alike[one] + alike) / length[:, None] * pairs
        together = np.nan_to_num(together, nan=-np.inf)
        other = together.argmax(axis=0)
        more = together[other, people] > best
        best = np.where(more, together[other, people], best)
        chosen[:, more] = 0
        chosen[one, more] = chosen[other[more], people[more]] = 1
    for _ in range(len(alike) - MIN_SHOTS):
        # One more look for each person: the one that raises it most, where one does.
        shared = among @ chosen
        squares = (chosen * shared).sum(axis=0) + 2 * shared + among.diagonal()[:, None]
        tried = ((chosen * alike).sum(axis=0) + alike) / np.sqrt(np.maximum(squares, TINY))
        tried = np.where(chosen > 0, -np.inf, tried)
        next_one = tried.argmax(axis=0)
        more = (tried[next_one, people] > best) & np.isfinite(best)
        if not more.any():
            break
        best = np.where(more, tried[next_one, people], best)
        chosen[next_one[more], people[more]] = 1
    return np.asarray(best, np.float32)
