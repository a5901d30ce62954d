"""What is probably wrong with a truth: people, times and names that the recordings do not bear out.

Found and reported, never silently scored. The labels of passages are held against the pictures of
the list as those of stills are (duplicates.py), each passage by all its looks fused.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from overt.assurance.duplicates import Picture, Side, Suspicion, alike_and_unlike
from overt.assurance.passage_scores import WatchedClip, listed_name
from overt.assurance.passages import PassageOutcome
from overt.assurance.scores import ScoreTable
from overt.assurance.truth import TruePassage
from overt.templates.fuse import fuse
from overt.units import Float32

NAMED = 5


def doubts_about_the_truth(clips: Sequence[WatchedClip]) -> Iterator[str]:
    late = [
        f"clip {clip.number}, passage {number} (from {passage.start:g} s of {clip.ends:.1f} s)"
        for clip in clips
        for number, passage in _passages(clip)
        if passage.start > clip.ends
    ]
    if late:
        yield (
            f"{_some(late)}: after the end of the recording. Nobody can be seen there, and they "
            "count as they stand. Mend the times, and measure again."
        )
    unknown = sorted(
        {
            str(passage.subject_id)
            for clip in clips
            for _, passage in _passages(clip)
            if passage.subject_id is not None and passage.subject_id not in clip.listed.subjects
        }
    )
    if unknown:
        yield (
            f"{_some(unknown)}: named in the truth and on no list. They count as strangers; where a "
            "name is only written otherwise than on the list, every rate is wrong by it."
        )


def suspected_labels(clips: Sequence[WatchedClip], whole: ScoreTable) -> tuple[Suspicion, ...]:
    """Whoever the truth leaves unnamed may pass twice: two of them are never one under two names."""
    pictures, vectors = _of_the_lists(clips)
    unnamed: set[str] = set()
    rows = [(clip, passage) for clip in clips for passage in clip.outcome.passages]
    for row, (clip, passage) in enumerate(rows):
        if (vector := _fused(clip, passage)) is None:
            continue
        subject, name = whole.probe_subjects[row], whole.probe_ids[row]
        pictures.append(Picture(name, subject, Side.PROBE, None))
        vectors.append(vector)
        if passage.passage.subject_id is None:
            unnamed.add(name)
    found = alike_and_unlike(pictures, np.stack(vectors)) if vectors else ()
    return tuple(each for each in found if not {each.picture.name, each.other.name} <= unnamed)


def _of_the_lists(clips: Sequence[WatchedClip]) -> tuple[list[Picture], list[Float32]]:
    lists = {id(clip.listed): clip.listed for clip in clips}.values()
    pictures: list[Picture] = []
    vectors: list[Float32] = []
    for listed in lists:
        gallery = listed.gallery
        for row, owner in enumerate(gallery.owners.tolist()):
            subject = gallery.subject_ids[owner]
            name = listed_name(subject, listed.file, several=len(lists) > 1)
            pictures.append(Picture(f"{listed.file}: {subject}", name, Side.LIST, None))
            vectors.append(gallery.vectors[row])
    return pictures, vectors


def _fused(clip: WatchedClip, passage: PassageOutcome) -> Float32 | None:
    looks = [look for look in clip.taken if look.track in passage.tracks]
    if not looks:
        return None
    fused = np.zeros_like(looks[0].vector)
    worth = np.array([look.worth for look in looks], np.float32)
    fuse(np.stack([look.vector for look in looks]), worth, fused)
    return fused


def _passages(clip: WatchedClip) -> Iterator[tuple[int, TruePassage]]:
    for number, outcome in enumerate(clip.outcome.passages, start=1):
        yield number, outcome.passage


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
