"""A truth that the recordings do not bear out is said before any figure is read."""

from dataclasses import replace

import numpy as np
from tests.fakes.watched_clips import clip_of, face, listed

from overt.assurance.passage_doubts import doubts_about_the_truth, suspected_labels
from overt.assurance.passage_scores import WatchedClip, passage_table
from overt.units import Float32, Seconds


def seen(number: int) -> Float32:
    """Somebody as a camera sees them: like their picture, and no copy of it."""
    near = face(number) + 0.4 * face(2_000 + number)
    return np.asarray(near / np.linalg.norm(near), np.float32)


def street(*more: tuple[int | None, Float32]) -> WatchedClip:
    return clip_of([*((number, seen(number)) for number in range(10, 40)), *more], listed(60))


def suspects(clip: WatchedClip) -> list[tuple[str, str]]:
    told = suspected_labels([clip], passage_table([clip], alerts_only=False))
    return [(each.picture.name, each.other.name) for each in told]


def test_right_labels_raise_no_doubt() -> None:
    clip = street((None, seen(500)), (None, seen(500)))
    assert suspects(clip) == []  # whoever is unnamed may pass twice
    assert list(doubts_about_the_truth([clip])) == []


def test_two_passages_with_their_names_exchanged_are_named() -> None:
    found = suspects(street((1, seen(2)), (2, seen(1))))
    assert {"clip 1, passage 31", "clip 1, passage 32"} <= {name for pair in found for name in pair}


def test_somebody_listed_among_the_strangers_is_named() -> None:
    assert ("list.csv: P3", "clip 1, passage 31") in suspects(street((None, seen(3))))


def test_a_passage_after_the_end_of_its_recording_is_said() -> None:
    told = list(doubts_about_the_truth([replace(street(), ends=Seconds(285.0))]))
    assert len(told) == 1
    assert told[0].startswith("clip 1, passage 30 (from 290 s of 285.0 s): after the end")


def test_a_name_that_is_on_no_list_is_said() -> None:
    (told,) = doubts_about_the_truth([street((77, seen(77)))])
    assert told.startswith("P77: named in the truth and on no list")
