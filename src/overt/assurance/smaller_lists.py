"""Passages against lists shorter than the whole, drawn from the people submitted.

As with stills (list_size.py): for each size the people are dealt at random into as many disjoint
lists as they fill; a passage of somebody listed meets the one list that holds them, a stranger
meets one list with all their passages. The recordings are not watched again for every list: the
looks of the run at the nearest threshold are gone over by the flow's own rules (rescore.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from overt.assurance.list_size import SIZES
from overt.assurance.listed import EnrolledList
from overt.assurance.measured_watch import rules_at, shot_rules_at
from overt.assurance.passage_rates import Trial, together, trial_of
from overt.assurance.passage_scores import WatchedClip, listed_name
from overt.assurance.passages import PassageOutcome, retold
from overt.assurance.rescore import TakenLook, rescored
from overt.assurance.scores import ScoreTable
from overt.identifiers import PassageId, SubjectId
from overt.matches.gallery import Gallery, gallery_of
from overt.units import Seconds, Similarity

Runs = Mapping[float, Sequence[WatchedClip]]
"""The recordings as they were watched, by threshold."""


@dataclass(frozen=True, slots=True, eq=False)
class SmallerList:
    """Some of the people of one list, and the passages that meet it."""

    gallery: Gallery
    rows: frozenset[int]
    """Of the table of all passages."""


@dataclass(slots=True)
class SmallerLists:
    """The port Trials."""

    list_size: int
    drawn: Sequence[SmallerList]
    runs: Runs
    whole: ScoreTable
    """All passages against the whole list, for who is who."""
    _tried: dict[float, Trial] = field(default_factory=dict)

    @property
    def lists(self) -> int:
        return len(self.drawn)

    def at(self, threshold: Similarity) -> Trial:
        if threshold not in self._tried:
            clips = looked_at(self.runs, threshold)
            self._tried[threshold] = together(
                [self._try(each, clips, threshold) for each in self.drawn]
            )
        return self._tried[threshold]

    def _try(
        self, drawn: SmallerList, clips: Sequence[WatchedClip], threshold: Similarity
    ) -> Trial:
        wanted, first = set(drawn.rows), 0
        told: dict[int, PassageOutcome] = {}
        for clip in clips:
            rows = enumerate(clip.outcome.passages, first)
            told |= again(clip, {row: one for row, one in rows if row in wanted}, drawn, threshold)
            first += len(clip.outcome.passages)
        return trial_of(told, self.whole)


def whole_lists(clips: Sequence[WatchedClip]) -> list[SmallerList]:
    """Every list as it is, with the passages before its cameras."""
    drawn, first = [], 0
    for clip in clips:
        rows = range(first, first + len(clip.outcome.passages))
        drawn.append(SmallerList(clip.listed.gallery, frozenset(rows)))
        first = rows.stop
    return drawn


def sizes_of(lists: Sequence[EnrolledList], whole: int) -> tuple[int, ...]:
    """The usual sizes that the longest list fills and that are not the whole."""
    longest = max(len(each.subjects) for each in lists)
    return tuple(size for size in SIZES if size <= longest and size < whole)


@dataclass(frozen=True, slots=True, eq=False)
class Dealer:
    """Deals people, and the passages that meet them, into lists of one size."""

    clips: Sequence[WatchedClip]
    whole: ScoreTable
    size: int
    rng: np.random.Generator

    def lists(self) -> list[SmallerList]:
        """Of every list that is long enough; passages before the others are left out."""
        watched = {id(clip.listed): clip.listed for clip in self.clips}.values()
        dealt: list[SmallerList] = []
        for listed in watched:
            if len(listed.subjects) >= self.size:
                dealt += self._deal(listed, several=len(watched) > 1)
        return dealt

    def _deal(self, listed: EnrolledList, *, several: bool) -> list[SmallerList]:
        people, rows = sorted(listed.subjects), self._rows_of(listed)
        count = len(people) // self.size
        order = self.rng.permutation(len(people))[: count * self.size]
        list_of = self._strangers(rows, count)
        for place, person in enumerate(order.tolist()):
            name = listed_name(people[person], listed.file, several=several)
            list_of[name] = place // self.size
        return [
            SmallerList(
                narrowed(listed.gallery, [people[person] for person in drawn]),
                frozenset(r for r in rows if list_of.get(self.whole.probe_subjects[r]) == number),
            )
            for number, drawn in enumerate(order.reshape(count, self.size).tolist())
        ]

    def _rows_of(self, listed: EnrolledList) -> list[int]:
        owners = [clip.listed for clip in self.clips for _ in clip.outcome.passages]
        return [row for row, owner in enumerate(owners) if owner is listed]

    def _strangers(self, rows: Sequence[int], lists: int) -> dict[SubjectId, int]:
        """People are dealt, not passages."""
        whole = self.whole
        strangers = sorted({whole.probe_subjects[row] for row in rows if not whole.mated[row]})
        hands = self.rng.permutation(len(strangers)) % lists
        return dict(zip(strangers, hands.tolist(), strict=True))


def narrowed(gallery: Gallery, subjects: Sequence[SubjectId]) -> Gallery:
    """These people of the list; those who could not be enrolled have no template here either."""
    rows = [
        (subject, row)
        for subject in subjects
        if subject in gallery
        for row in range(*gallery.rows_of(gallery.positions[subject]).indices(len(gallery.vectors)))
    ]
    vectors = gallery.vectors[np.array([row for _, row in rows], np.intp)]
    return gallery_of(gallery.model, [subject for subject, _ in rows], vectors)


def again(
    clip: WatchedClip,
    passages: Mapping[int, PassageOutcome],
    drawn: SmallerList,
    threshold: Similarity,
) -> dict[int, PassageOutcome]:
    """These passages as they would have been told against the shorter list."""
    if not passages:
        return {}
    tracks = {track for one in passages.values() for track in one.tracks}
    told = rescored(
        (look for look in clip.taken if look.track in tracks),
        drawn.gallery,
        rules_at(threshold),
        shot_rules_at(threshold, drawn.gallery.model),
    )
    return {row: retold(one, told) for row, one in passages.items()}


def looked_at(runs: Runs, threshold: Similarity) -> Sequence[WatchedClip]:
    """The run at this threshold; where none was, the nearest with the looks of the others added.

    At each threshold the rule looks harder at whoever comes near it, and at leisure at whoever is
    over it; together the runs hold more of the looks that it would have taken at another.
    """
    base = runs[nearest(runs, threshold)]
    if threshold in runs:
        return base
    return [
        replace(clip, taken=_pooled(clip, [run[nth] for run in runs.values()]))
        for nth, clip in enumerate(base)
    ]


def _pooled(base: WatchedClip, runs: Sequence[WatchedClip]) -> tuple[TakenLook, ...]:
    """Of the same tracks, if they are tracks of the same passages; each look once, by time."""
    owner = _owners(base)
    looks: dict[tuple[Seconds, PassageId], TakenLook] = {}
    for run in (base, *runs):
        same = {track for track, passage in _owners(run).items() if owner.get(track) == passage}
        for look in run.taken:
            if look.track in same:
                looks.setdefault((look.at, look.track), look)
    return tuple(looks[key] for key in sorted(looks))


def _owners(clip: WatchedClip) -> dict[PassageId, int]:
    return {
        track: number
        for number, passage in enumerate(clip.outcome.passages)
        for track in passage.tracks
    }


def nearest(runs: Runs, threshold: Similarity) -> float:
    """Of two as near the lower: there the rule looked at whoever comes near this threshold."""
    return min(sorted(runs), key=lambda at: (abs(at - threshold), at))
