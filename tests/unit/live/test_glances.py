"""One look ahead, no more, and nothing of it stays."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event, get_ident

import numpy as np
import pytest
from tests.fakes.networks import FakeDetector, face_at
from tests.fakes.sources import frame, frames

from overt.errors import Refused
from overt.faces.faces import NO_FACES, Faces
from overt.frames.frame import CameraLost, Frame, Picture, Sight, Silence
from overt.live.glances import glances
from overt.units import Seconds, UInt8

PATIENCE = 10.0


def grey() -> UInt8:
    return np.full((40, 60, 3), 90, np.uint8)


def never() -> bool:
    return False


@dataclass
class PromptedDetector:
    """Says when it looks, and finds nobody until it may."""

    looks: Event = field(default_factory=Event)
    may_find: Event = field(default_factory=Event)
    threads: list[int] = field(default_factory=list)

    def find(self, picture: Picture) -> Faces:
        assert picture.width == 60
        self.threads.append(get_ident())
        self.looks.set()
        assert self.may_find.wait(PATIENCE)
        return NO_FACES

    def scrub(self) -> None:
        """Hold nothing."""


def test_every_sight_comes_in_its_order_with_the_faces_of_the_frames_that_were_due() -> None:
    lost = CameraLost("it ended the stream")
    shown: list[Sight] = [*frames([grey()] * 4), Silence(Seconds(0.6)), lost]
    seen = list(glances(shown, FakeDetector([face_at(30, 20)] * 2), never))
    assert [glance.sight for glance in seen] == shown
    assert [glance.faces is not None for glance in seen] == [True, False, True, False, False, False]
    assert [len(glance.faces) for glance in seen if glance.faces is not None] == [1, 1]


def test_hope_asks_for_the_frame_after_the_next() -> None:
    answers = iter([False, True, True, False, False])
    seen = list(glances(frames([grey()] * 5), FakeDetector(), lambda: next(answers)))
    # Frame 1 is decided before anybody was asked; the second answer comes with frame 1.
    assert [glance.faces is not None for glance in seen] == [True, False, True, True, True]


def test_a_silence_between_two_frames_changes_nothing_of_what_is_looked_at() -> None:
    def looked_at(silences: int) -> list[bool]:
        shown: list[Sight] = list(frames([grey()] * 5))
        shown[1:1] = [Silence(Seconds(0.0))] * silences
        hope = {"now": False}
        looks = []
        for glance in glances(shown, FakeDetector(), lambda: hope["now"]):
            hope["now"] = True  # told by the first frame's comparisons
            if isinstance(glance.sight, Frame):
                looks.append(glance.faces is not None)
        return looks

    assert looked_at(0) == looked_at(1) == looked_at(2) == [True, False, True, True, True]


def test_the_next_frame_is_looked_at_while_the_last_one_is_in_hand() -> None:
    detector = PromptedDetector()
    detector.may_find.set()
    seen = glances(frames([grey()] * 5, rate=10), detector, never)
    next(seen)
    assert detector.looks.wait(PATIENCE)
    seen.close()
    assert get_ident() not in detector.threads


def test_no_more_than_one_frame_is_looked_at_ahead() -> None:
    given: list[int] = []

    def counted() -> Iterator[Sight]:
        for number, sight in enumerate(frames([grey()] * 9, rate=10)):
            given.append(number)
            yield sight

    seen = glances(counted(), FakeDetector(), never)
    next(seen)
    next(seen)
    seen.close()
    assert given == [0, 1, 2]


@pytest.mark.requirement("R50")
def test_the_glance_on_its_way_is_forgotten_when_nobody_wants_it_any_more() -> None:
    pictures = [grey() for _ in range(3)]
    seen = glances(frames(pictures, rate=10), FakeDetector(), never)
    first = next(seen)
    seen.close()
    assert not pictures[1].any()
    assert pictures[0].any()  # in hand: whoever took it forgets it
    first.forget()
    assert not pictures[0].any()


def test_a_source_that_is_refused_is_refused_here() -> None:
    def broken() -> Iterator[Sight]:
        yield frame(grey())
        raise Refused("it is no video")

    seen = glances(broken(), FakeDetector(), never)
    assert isinstance(next(seen).sight, Frame)
    with pytest.raises(Refused, match="it is no video"):
        next(seen)
