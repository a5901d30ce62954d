"""Tracks are given to the passages of the truth by their times and by the names they raised."""

from overt.assurance.passages import ClipOutcome, Failure, SeenTrack, assigned, judge_clip
from overt.assurance.truth import TruePassage
from overt.identifiers import CameraId, PassageId, SubjectId
from overt.tracks.passage import Standing
from overt.units import Seconds


def track(first: float, last: float, *, names: str = "", compared: bool = True) -> SeenTrack:
    alerted = {SubjectId(name): 0.6 for name in names.split()}
    return SeenTrack(
        id=PassageId(f"north-{first}"), first_seen=Seconds(first), last_seen=Seconds(last),
        standing=Standing.PASSAGE, compared=compared, best=alerted, alerted=alerted,
    )  # fmt: skip


def passage(start: float, end: float, subject: str | None = None) -> TruePassage:
    who = SubjectId(subject) if subject else None
    return TruePassage(who, Seconds(start), Seconds(end), CameraId("north"), {})


def judged(tracks: list[SeenTrack], truth: list[TruePassage]) -> ClipOutcome:
    return judge_clip(tracks, truth)


def test_people_one_after_the_other_are_told_apart_by_time() -> None:
    truth = [passage(1, 4), passage(6, 9)]
    assert assigned([track(6.2, 8.8), track(1.1, 3.9)], truth) == [1, 0]


def test_of_two_who_pass_at_once_the_one_who_was_named_gets_the_track_that_named_them() -> None:
    truth = [passage(1, 4), passage(1.2, 4.4, "S1")]
    assert assigned([track(1.0, 4.0, names="S1"), track(1.2, 4.4)], truth) == [1, 0]


def test_a_false_alert_stays_with_the_stranger_whose_passage_it_was() -> None:
    outcome = judged([track(1, 4, names="S1")], [passage(1, 4), passage(20, 24, "S1")])
    assert outcome.passages[0].alerted == {"S1": 0.6}
    assert not outcome.passages[1].alerted


def test_pieces_of_a_torn_track_belong_to_one_passage() -> None:
    outcome = judged([track(1, 2.4), track(2.6, 4)], [passage(1, 4, "S1")])
    assert len(outcome.passages[0].tracks) == 2


def test_who_was_never_tracked_is_a_failure_to_detect() -> None:
    outcome = judged([], [passage(1, 4, "S1")])
    assert outcome.passages[0].failure is Failure.NOT_DETECTED


def test_who_was_tracked_and_never_compared_is_a_failure_to_acquire() -> None:
    outcome = judged([track(1, 4, compared=False)], [passage(1, 4, "S1")])
    assert outcome.passages[0].failure is Failure.NOT_ACQUIRED


def test_alerts_outside_every_passage_are_counted_apart() -> None:
    outcome = judged([track(10, 12, names="S1")], [passage(1, 4, "S1")])
    assert (outcome.stray_tracks, outcome.stray_alerts) == (1, 1)
    assert not outcome.passages[0].alerted
