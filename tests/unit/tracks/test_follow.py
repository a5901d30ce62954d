import time

import numpy as np
import pytest
from tests.fakes.story import Ended, Path, Started, Story, Switched, faces_at, story

from overt.faces.faces import NO_FACES
from overt.tracks.follow import TrackBook, end_all, follow
from overt.units import Seconds

NOWHERE = np.zeros(0, np.bool_)


def test_a_face_unseen_for_longer_than_patience_ends_its_track() -> None:
    assert (
        story(patience=Seconds(2.0))
        .sees("A", at=0.0)
        .sees("A", at=0.5)
        .sees(at=2.4)  # hidden, within patience: nothing happens
        .sees(at=2.6)
        .tells()
    ) == [Started("A"), Ended("A", seen=2)]


def test_a_face_hidden_for_less_than_patience_keeps_its_track() -> None:
    assert (
        story().sees("A", at=0.0).sees("A", at=0.1).sees(at=0.6).sees("A", at=1.05).tells()
    ) == [Started("A")]


@pytest.mark.requirement("R35")
def test_a_face_that_comes_back_after_patience_is_a_new_track() -> None:
    assert story().sees("A", at=0.0).sees("A", at=1.2).tells() == [
        Started("A"),
        Ended("A", seen=1),
        Started("A"),
    ]


def test_a_walking_face_hidden_behind_somebody_is_found_where_its_motion_takes_it() -> None:
    told = story(jitter=0.02).walks("A", Path(x=100, vx=300))
    for frame in range(50):
        at = frame * 0.08
        told.sees(*(() if 1.2 < at < 2.0 else "A"), at=at)

    assert told.tells() == [Started("A")]


def test_a_face_far_from_where_motion_takes_it_is_somebody_else() -> None:
    told = story().walks("A", Path(x=100)).walks("B", Path(x=700))
    assert told.sees("A", at=0.0).sees("A", at=0.1).sees("B", at=0.2).tells() == [
        Started("A"),
        Started("B"),
    ]


def test_a_much_larger_face_in_the_same_place_is_somebody_else() -> None:
    told = story().walks("A", Path(size=40)).walks("B", Path(size=90))
    assert told.sees("A", at=0.0).sees("B", at=0.1).tells() == [Started("A"), Started("B")]


def test_a_small_face_that_walks_further_than_its_width_between_looks_keeps_its_track() -> None:
    told = story(jitter=0.03).walks("A", Path(x=50, size=40, vx=550))
    for frame in range(25):
        told.sees("A", at=frame * 0.08)  # 44 pixels a look: its boxes never overlap

    assert told.tells() == [Started("A")]


def test_uneven_and_skipped_frames_are_followed_by_their_times() -> None:
    told = story(jitter=0.02).walks("A", Path(x=50, vx=250, growth=15))
    for at in (0.0, 0.04, 0.08, 0.28, 0.32, 0.9, 0.94, 1.5, 1.7, 2.4):
        told.sees("A", at=at)

    assert told.tells() == [Started("A")]


@pytest.mark.parametrize("seed", range(5))
def test_crossing_paths_keep_their_tracks(seed: int) -> None:
    told = _two_who_cross(seed, hidden=(1.35, 1.65))

    assert told.tells() == [Started("A"), Started("B")]


@pytest.mark.parametrize("seed", range(5))
def test_crossing_paths_of_equal_faces_that_both_stay_visible_keep_their_tracks(seed: int) -> None:
    told = _two_who_cross(seed, size=60)

    assert told.tells() == [Started("A"), Started("B")]


def test_a_crowd_with_dropouts_keeps_its_tracks() -> None:
    rng = np.random.default_rng(3)
    told = story(jitter=0.03)
    names = [chr(65 + k) for k in range(20)]
    for k, name in enumerate(names):
        told.walks(
            name,
            Path(
                x=60 + 60 * (k % 10) * 2,
                y=200 + 220 * (k // 10),
                size=40 + 2 * k,
                vx=float(rng.uniform(-15, 15)),
                vy=float(rng.uniform(-10, 10)),
                growth=8,
            ),
        )
    for frame in range(100):
        told.sees(*(name for name in names if rng.random() > 0.05), at=frame * 0.04)

    assert [news for news in told.tells() if not isinstance(news, Started)] == []
    assert len(told.tells()) == len(names)


def test_a_dim_face_continues_a_track() -> None:
    told = story().sees("A", at=0.0).sees_dimly("A", at=0.5).sees("A", at=1.2)
    assert told.tells() == [Started("A")]


def test_a_dim_face_starts_no_track() -> None:
    assert story().sees_dimly("A", at=0.0).sees_dimly("A", at=0.1).tells() == []


def test_a_clear_face_is_paired_before_a_dim_one_that_is_nearer() -> None:
    book, _ = follow(TrackBook(), faces_at(_box(400), [0.9]), Seconds(0.0), in_zone=_inside(1))

    _, following = follow(
        book,
        faces_at(np.concatenate([_box(401), _box(420)]), [0.2, 0.9]),
        Seconds(0.1),
        in_zone=_inside(2),
    )

    assert following.tracks == (None, 1)


def test_looks_in_and_out_of_the_zone_are_counted_apart() -> None:
    ended = (
        story()
        .walks("A", Path(size=60, growth=20))
        .sees("A", at=0.0)
        .sees("A", at=0.5)
        .sees_outside("A", at=1.0)
        .sees(at=2.5)
        .ended()
    )

    looks = ended[0].looks
    assert (looks.count, looks.in_zone, looks.first_seen, looks.last_seen) == (3, 2, 0.0, 1.0)
    assert looks.largest_eye_distance == pytest.approx(0.46 * 70, abs=0.1)  # at 0.5 s, not at 1


def test_every_open_track_ends_when_the_book_is_closed() -> None:
    _, _, book = story().sees("A", "B", at=0.0).play()

    closed, ended = end_all(book)

    assert (len(closed), [track.id for track in ended]) == (0, [1, 2])


def test_numbers_are_not_used_again_after_the_book_is_closed() -> None:
    _, _, book = story().sees("A", at=0.0).play()
    closed, _ = end_all(book)

    _, following = follow(closed, faces_at(_box(100), [0.9]), Seconds(0.1), in_zone=_inside(1))

    assert following.started == (2,)


def test_time_never_runs_back() -> None:
    book, _ = follow(TrackBook(), NO_FACES, Seconds(2.0), in_zone=NOWHERE)
    with pytest.raises(ValueError, match="time runs back"):
        follow(book, NO_FACES, Seconds(1.9), in_zone=NOWHERE)


def test_twenty_faces_are_followed_in_well_under_the_time_of_a_frame() -> None:
    boxes = np.concatenate([_box(60 * k) for k in range(20)])
    faces, inside, book = faces_at(boxes, [0.9] * 20), _inside(20), TrackBook()
    took = []
    for frame in range(200):
        before = time.process_time()
        book, _ = follow(book, faces, Seconds(frame * 0.04), in_zone=inside)
        took.append(time.process_time() - before)

    assert np.median(took) < 0.005  # 0.3 ms on an idle machine; the bound is for a busy one


def _two_who_cross(
    seed: int, *, size: float = 80.0, hidden: tuple[float, float] = (9.0, 9.0)
) -> Story:
    """B, as near or nearer, passes in front of A at 1.5 s."""
    told = (
        story(jitter=0.02, seed=seed)
        .walks("A", Path(x=200, size=60, vx=130))
        .walks("B", Path(x=590, y=306, size=size, vx=-130))
    )
    for frame in range(40):
        at = frame * 0.08
        told.sees(*("B" if hidden[0] < at < hidden[1] else "AB"), at=at)
    return told


def _box(x: float) -> np.ndarray:
    return np.array([[x, 300.0, x + 60, 360.0]])


def _inside(n: int) -> np.ndarray:
    return np.ones(n, np.bool_)


def test_the_story_notices_a_switch() -> None:
    told = story().walks("A", Path(x=400)).walks("B", Path(x=410))
    assert told.sees("A", at=0.0).sees("B", at=0.1).tells() == [Started("A"), Switched("A", "B")]
