from dataclasses import replace
from typing import Any

import pytest
from benchmarks.cameras import LiveClip
from benchmarks.passed import Look, Passed, independent, of_nobody, passed
from benchmarks.scene import Crossing, Scene, place_of

SCENE = Scene(720, 5, 10.0, 2.0, 5, seed=1)
LIVE = LiveClip("rtsp://127.0.0.1:1/stream", began=1000.0, seconds=10.0)
NO_PORTRAIT: Any = None
ANNA = Crossing(
    NO_PORTRAIT, "anna", row=0, gap=1, start=1.0, end=3.0, to_the_right=True,
    eyes=(20.0, 26.0), seed=3,
)  # fmt: skip
BEN = replace(ANNA, subject_id=None, start=3.0, end=5.0)
BESIDE = replace(ANNA, subject_id=None, gap=2)


def look_at(one: Crossing, at: float, *, loop: int = 0, encoded: bool = False) -> Look:
    place = place_of(one, SCENE, at)
    assert place is not None
    wall = LIVE.began + loop * LIVE.seconds + at
    return Look(wall, encoded, place[0] / SCENE.width, (place[1] + 8) / SCENE.lines)


def seen(*looks: Look, people: tuple[Crossing, ...] = (ANNA,)) -> list[Passed]:
    return passed(SCENE, people, LIVE, (1000.0, 1010.0), looks)


def test_a_look_belongs_to_whoever_was_there_at_that_moment() -> None:
    looks = [look_at(ANNA, 1.5), look_at(ANNA, 2.0), look_at(BEN, 3.5), look_at(BESIDE, 1.5)]
    people = (ANNA, BEN, BESIDE)
    assert [one.looks for one in seen(*looks, people=people)] == [2, 1, 1]


def test_a_face_that_was_seen_where_nobody_was_is_nobodys() -> None:
    assert seen(Look(1001.5, False, 0.9, 0.9)) == [Passed(0, 0)]


def test_looks_that_belong_to_nobody_are_told_as_a_share() -> None:
    looks = [look_at(ANNA, 1.5), look_at(ANNA, 2.0, loop=1), Look(1001.5, False, 0.9, 0.9)]
    assert of_nobody(SCENE, [ANNA], LIVE, looks) == pytest.approx(1 / 3)
    assert of_nobody(SCENE, [ANNA], LIVE, []) == 0.0


def test_looks_of_another_loop_of_the_clip_are_of_another_passage() -> None:
    two_loops = passed(SCENE, [ANNA], LIVE, (1000.0, 1020.0), [look_at(ANNA, 1.5, loop=1)])
    assert two_loops == [Passed(0, 0), Passed(1, 0)]


def test_whoever_the_window_or_the_clip_cuts_is_left_out() -> None:
    cut = replace(ANNA, start=9.0, end=11.0)
    assert passed(SCENE, [ANNA, cut], LIVE, (1002.0, 1010.0), [look_at(ANNA, 2.5)]) == []


@pytest.mark.parametrize(
    ("moments", "count"), [([], 0), ([1.0], 1), ([1.0, 1.04, 1.1], 1), ([1.0, 1.1, 1.2, 1.4], 3)]
)
def test_shots_of_one_moment_are_one(moments: list[float], count: int) -> None:
    assert independent(moments) == count


def test_shots_are_counted_apart_from_looks() -> None:
    shots = [look_at(ANNA, at, encoded=True) for at in (1.5, 1.54, 2.0)]
    assert seen(look_at(ANNA, 1.5), *shots) == [Passed(1, 2)]
