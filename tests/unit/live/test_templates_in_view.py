"""Templates of the people in view live in one block, and nothing is left when a track ends."""

import numpy as np
import pytest

from overt.identifiers import ModelId, TrackId
from overt.live.templates_in_view import TemplatesInView
from overt.units import Float32

MODEL = ModelId("test@sha256:00/f32")
ANNE, BEN = TrackId(1), TrackId(2)


def unit(*values: float) -> Float32:
    vector = np.array(values, np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def in_view(people: int = 2) -> TemplatesInView:
    return TemplatesInView(MODEL, dimension=4, people=people, shots=3)


def test_the_shots_of_a_track_lie_in_their_places_and_empty_ones_weigh_nothing() -> None:
    view = in_view()
    view.keep(ANNE, 0, unit(1, 0, 0, 0), weight=1.0)
    view.keep(ANNE, 2, unit(0, 1, 0, 0), weight=0.5)
    assert np.array_equal(view.kept(ANNE).vectors[[0, 2]], [unit(1, 0, 0, 0), unit(0, 1, 0, 0)])
    assert view.kept(ANNE).weights.tolist() == [1.0, 0.0, 0.5]


def test_a_better_shot_takes_the_place_of_a_worse_one() -> None:
    view = in_view()
    view.keep(ANNE, 0, unit(1, 0, 0, 0), weight=1.0)
    view.keep(ANNE, 0, unit(0, 0, 1, 0), weight=1.0)
    assert np.array_equal(view.kept(ANNE).vectors[0], unit(0, 0, 1, 0))


@pytest.mark.requirement("R50")
def test_forgetting_a_track_overwrites_its_templates_where_they_stood() -> None:
    view = in_view()
    view.keep(ANNE, 0, unit(1, 2, 3, 4), weight=1.0)
    view.keep(BEN, 0, unit(4, 3, 2, 1), weight=1.0)
    view.fused.vector[:] = 1
    view.forget(ANNE)
    view.scrub()
    assert np.count_nonzero(view._vectors) == 4
    assert np.count_nonzero(view._fused) == 0
    view.forget_everybody()
    assert np.count_nonzero(view._vectors) == 0


def test_the_place_of_one_who_left_is_given_to_the_next() -> None:
    view = in_view(people=1)
    view.keep(ANNE, 0, unit(1, 0, 0, 0), weight=1.0)
    assert not view.has_room_for(BEN)
    view.forget(ANNE)
    assert view.has_room_for(BEN)


def test_forgetting_somebody_who_was_never_seen_is_nothing() -> None:
    view = in_view()
    view.forget(ANNE)
    assert len(view) == 0
