"""Following is unaffected by the order of faces within a frame."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.story import faces_at

from overt.faces.faces import Faces
from overt.tracks.follow import TrackBook, end_all, follow
from overt.tracks.track import EndedTrack
from overt.units import Seconds

Frames = list[tuple[float, list[tuple[int, int, int, float]], Random]]

face = st.tuples(
    st.integers(0, 1200), st.integers(0, 700), st.integers(10, 200), st.sampled_from([0.3, 0.9])
)
frames = st.lists(
    st.tuples(st.floats(0.01, 1.5), st.lists(face, max_size=5), st.randoms(use_true_random=False)),
    max_size=8,
)


def _faces(drawn: list[tuple[int, int, int, float]]) -> Faces:
    boxes = np.array([(x, y, x + s, y + s) for x, y, s, _ in drawn], np.float64).reshape(-1, 4)
    return faces_at(boxes, [score for *_, score in drawn])


@given(frames)
def test_the_order_of_faces_in_a_frame_does_not_matter(drawn: Frames) -> None:
    straight, shuffled, at = TrackBook(), TrackBook(), 0.0
    for gap, faces, chance in drawn:
        at += gap
        order = list(range(len(faces)))
        chance.shuffle(order)
        zone = np.array([x % 2 == 0 for x, *_ in faces], np.bool_)
        straight, told = follow(straight, _faces(faces), Seconds(at), in_zone=zone)
        shuffled, other = follow(
            shuffled, _faces([faces[k] for k in order]), Seconds(at), in_zone=zone[order]
        )
        # Two detections of one and the same box may change places.
        assert sorted((faces[k], told.tracks[k] or 0) for k in range(len(faces))) == sorted(
            (faces[k], other.tracks[row] or 0) for row, k in enumerate(order)
        )
        assert told.ended == other.ended
        assert straight.open_tracks == shuffled.open_tracks


@given(frames)
def test_every_clear_look_belongs_to_one_track_and_every_track_ends_once(drawn: Frames) -> None:
    book, at, looks = TrackBook(), 0.0, 0
    ended: list[EndedTrack] = []
    for gap, faces, _ in drawn:
        at += gap
        book, told = follow(book, _faces(faces), Seconds(at), in_zone=np.ones(len(faces), np.bool_))
        given_away = [track for track in told.tracks if track is not None]
        assert len(set(given_away)) == len(given_away)
        assert all(
            track is not None
            for (*_, score), track in zip(faces, told.tracks, strict=True)
            if score == 0.9
        )
        looks += len(given_away)
        ended += told.ended
    ended += end_all(book)[1]
    assert sum(track.looks.count for track in ended) == looks
    assert len({track.id for track in ended}) == len(ended)
