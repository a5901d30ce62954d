"""Labels that are probably wrong: found and reported, never silently scored.

(1) The same file twice (by digest): under two names, or on both sides of the test.
(2) Two people's pictures far more alike than different people's: above a bound that fewer than one
    pair in a hundred such collections would reach, if the highest scores fall off as they do among
    the rest (an exponential tail from the upper part of all pairs).
(3) A picture that is almost the same picture as another of its subject: it measures copying.
(4) A picture unlike all others of its own subject: no more alike than 19 in 20 pairs of strangers.

Suspicion is not proof: twins and look-alikes are found by (2), a bad photograph by (4).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from math import log

import numpy as np
import numpy.typing as npt

from overt.identifiers import Digest, SubjectId
from overt.units import Float32

Float64 = npt.NDArray[np.float64]
EXPECTED_BY_CHANCE = 0.01
STRANGERS_QUANTILE = 0.95
ALMOST_THE_SAME = 0.995
MOST_ROWS = 1_500
"""Strangers' similarities are learnt from at most so many pictures, evenly taken, against all."""
BLOCK_ROWS = 512
TAIL_SHARE = 1e-3
FEWEST_IN_TAIL = 30


class Side(Enum):
    LIST = "list"
    PROBE = "probe"


class Kind(Enum):
    SAME_FILE_TWO_PEOPLE = "the same file under two subjects"
    SAME_FILE_BOTH_SIDES = "the same file on the list and as a probe"
    ALMOST_SAME_PICTURE = "almost the same picture on the list and as a probe"
    TWO_PEOPLE_ALIKE = "two subjects far more alike than strangers: one person twice?"
    UNLIKE_ITS_SUBJECT = "unlike every other picture of its subject: mislabelled?"


@dataclass(frozen=True, slots=True)
class Picture:
    """One image or passage of the test."""

    name: str
    subject: SubjectId
    side: Side
    digest: Digest | None
    """None for passages, which are no file of their own."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Two pictures that do not go with their labels."""

    kind: Kind
    picture: Picture
    other: Picture
    """For a picture unlike its subject: the one of that subject it resembles most."""
    similarity: float | None
    bound: float | None
    rather: SubjectId | None = None
    """Another subject it resembles as if it were theirs."""

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind.name.lower(),
            "says": self.kind.value,
            "subject": self.picture.subject,
            "picture": self.picture.name,
            "other_subject": self.other.subject,
            "other_picture": self.other.name,
            "similarity": self.similarity,
            "bound": self.bound,
            "rather": self.rather,
        }


@dataclass(frozen=True, slots=True)
class Bounds:
    """What strangers' pictures show, and what is one picture twice."""

    duplicate: float
    unlike: float
    same: float


def same_files(pictures: Sequence[Picture]) -> tuple[Suspicion, ...]:
    """Step (1); needs no template."""
    by_digest: dict[Digest, list[Picture]] = defaultdict(list)
    for picture in pictures:
        if picture.digest:
            by_digest[picture.digest].append(picture)
    found = []
    for digest in sorted(by_digest):
        for one, other in combinations(by_digest[digest], 2):
            if one.subject != other.subject:
                found.append(Suspicion(Kind.SAME_FILE_TWO_PEOPLE, one, other, None, None))
            elif one.side is not other.side:
                found.append(Suspicion(Kind.SAME_FILE_BOTH_SIDES, one, other, None, None))
    return tuple(found)


def alike_and_unlike(
    pictures: Sequence[Picture], vectors: Float32, *, almost_the_same: float = ALMOST_THE_SAME
) -> tuple[Suspicion, ...]:
    """Steps (2) to (4); row i is the unit template of picture i, and all pictures have one."""
    if len(pictures) != len(vectors):
        raise ValueError(f"{len(pictures)} pictures and {len(vectors)} templates")
    bounds = bounds_of(pictures, vectors, almost_the_same)
    if bounds is None:
        return ()
    subjects = _numbers(pictures)
    found, own_best = [], {}
    for top, scores in _blocks(vectors):
        rows = np.arange(top, top + len(scores))
        own = subjects[rows][:, np.newaxis] == subjects[np.newaxis, :]
        scores[np.arange(len(rows)), rows] = -np.inf  # nobody with themselves
        own_scores = np.where(own, scores, -np.inf)
        others = np.where(own, -np.inf, scores)
        for row, best, rival in zip(rows, own_scores, others, strict=True):
            if np.isfinite(best).any():
                own_best[int(row)] = (int(best.argmax()), float(best.max()), int(rival.argmax()))
        found += list(_alike(pictures, top, scores, own, bounds))
        rivals = others.max(axis=1, initial=-np.inf)
        found += list(_unlike(pictures, own_best, rows, rivals, bounds))
    return tuple(sorted(found, key=_order))


def bounds_of(
    pictures: Sequence[Picture], vectors: Float32, almost_the_same: float = ALMOST_THE_SAME
) -> Bounds | None:
    """How alike different people's pictures are; None with too few pairs to know."""
    subjects = _numbers(pictures)
    step = max(1, len(vectors) // MOST_ROWS)
    rows = np.arange(0, len(vectors), step)
    strangers = []
    for start in range(0, len(rows), BLOCK_ROWS):
        part = rows[start : start + BLOCK_ROWS]
        scores = vectors[part] @ vectors.T
        different = subjects[part][:, np.newaxis] != subjects[np.newaxis, :]
        strangers.append(scores[different])
    all_scores = np.concatenate(strangers) if strangers else np.zeros(0, np.float32)
    if len(all_scores) < 2 * FEWEST_IN_TAIL:
        return None
    people = len(vectors)
    return Bounds(
        duplicate=_far_beyond(all_scores.astype(np.float64), people * (people - 1) / 2),
        unlike=float(np.quantile(all_scores, STRANGERS_QUANTILE)),
        same=almost_the_same,
    )


def _far_beyond(scores: Float64, pairs: float) -> float:
    """The score that `EXPECTED_BY_CHANCE` of the pairs of strangers reach.

    The slope of the tail is taken from the median excess, which a few duplicates do not move.
    """
    share = min(0.2, max(TAIL_SHARE, 2 * FEWEST_IN_TAIL / len(scores)))
    start = float(np.quantile(scores, 1 - share))
    excess = float(np.median(scores[scores >= start])) - start
    return start + excess / log(2) * log(pairs * share / EXPECTED_BY_CHANCE)


def _alike(
    pictures: Sequence[Picture],
    top: int,
    scores: Float32,
    own: npt.NDArray[np.bool_],
    bounds: Bounds,
) -> Iterator[Suspicion]:
    least = min(bounds.duplicate, bounds.same)
    for row, column in np.argwhere(scores >= least):
        one, other, score = pictures[top + row], pictures[column], float(scores[row, column])
        if column <= top + row:  # each pair once
            continue
        if own[row, column]:
            if one.side is not other.side and score >= bounds.same:
                yield Suspicion(Kind.ALMOST_SAME_PICTURE, one, other, score, bounds.same)
        elif score >= bounds.duplicate:
            yield Suspicion(Kind.TWO_PEOPLE_ALIKE, one, other, score, bounds.duplicate)


def _unlike(
    pictures: Sequence[Picture],
    own_best: dict[int, tuple[int, float, int]],
    rows: npt.NDArray[np.intp],
    rivals: Float32,
    bounds: Bounds,
) -> Iterator[Suspicion]:
    for row, rival_score in zip(rows.tolist(), rivals.tolist(), strict=True):
        if row not in own_best:
            continue
        mate, score, rival = own_best[row]
        if score <= bounds.unlike:
            rather = pictures[rival].subject if rival_score >= bounds.duplicate else None
            yield Suspicion(
                Kind.UNLIKE_ITS_SUBJECT,
                pictures[row],
                pictures[mate],
                score,
                bounds.unlike,
                rather,
            )


def _blocks(vectors: Float32) -> Iterator[tuple[int, Float32]]:
    for top in range(0, len(vectors), BLOCK_ROWS):
        yield top, np.asarray(vectors[top : top + BLOCK_ROWS] @ vectors.T, np.float32)


def _numbers(pictures: Sequence[Picture]) -> npt.NDArray[np.intp]:
    place = {name: i for i, name in enumerate(sorted({p.subject for p in pictures}))}
    return np.array([place[picture.subject] for picture in pictures], np.intp)


def _order(found: Suspicion) -> tuple[str, float, str, str]:
    return (
        found.kind.name,
        -(found.similarity or 0.0),
        found.picture.name,
        found.other.name,
    )
