"""An engineer is told what is wrong with a camera, and what may mend it."""

from dataclasses import replace

import pytest

from overt.faces.camera_fitness import CameraReport, Fitness, Look, judge_camera
from overt.frames.view_measures import ViewMeasures
from overt.identifiers import CameraId
from overt.units import Pixels

GOOD_VIEW = ViewMeasures(
    width=1280, height=720, brightness=120.0, contrast=140.0, detail=180.0, combed=False
)
GOOD_LOOK = Look(GOOD_VIEW, (Pixels(31.0), Pixels(27.0)), 0)


def judged(look: Look, *, fps: float | None = 25.0, looks: int = 20) -> CameraReport:
    return judge_camera(CameraId("north"), [look] * looks, least_eyes=Pixels(24.0), fps=fps)


def seen(view: ViewMeasures) -> Look:
    return replace(GOOD_LOOK, view=view)


def test_a_good_camera_is_good_enough_without_a_word() -> None:
    report = judged(GOOD_LOOK)
    assert (report.fitness, report.reasons) == (Fitness.GOOD, ())


def test_faces_are_counted_by_whether_they_reach_the_size() -> None:
    report = judged(replace(GOOD_LOOK, eye_distances=(Pixels(31.0), Pixels(12.0))))
    assert (report.large_enough, report.too_small, report.eye_distances) == (
        20, 20, (12.0, 21.5, 31.0),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("look", "fps", "words"),
    [
        (seen(replace(GOOD_VIEW, brightness=20.0)), 25.0, "too dark"),
        (seen(replace(GOOD_VIEW, brightness=230.0)), 25.0, "too bright"),
        (seen(replace(GOOD_VIEW, contrast=20.0)), 25.0, "flat"),
        (seen(replace(GOOD_VIEW, detail=5.0)), 25.0, "not sharp"),
        (GOOD_LOOK, 4.0, "4.0 frames a second"),
        (replace(GOOD_LOOK, eye_distances=(Pixels(14.0),)), 25.0, "no face in the zone reached"),
        (
            replace(GOOD_LOOK, eye_distances=(Pixels(30.0), *[Pixels(9.0)] * 9)),
            25.0,
            "only 20 of 200 faces",
        ),
    ],
    ids=["dark", "bright", "flat", "blurred", "slow", "far", "mostly far"],
)
def test_what_hinders_comparison_makes_a_camera_unfit(look: Look, fps: float, words: str) -> None:
    report = judged(look, fps=fps)
    assert report.fitness is Fitness.UNFIT
    assert [reason for reason in report.reasons if words in reason]


@pytest.mark.parametrize(
    ("look", "fps", "words"),
    [
        (seen(replace(GOOD_VIEW, combed=True)), 25.0, "interlaced"),
        (replace(GOOD_LOOK, eye_distances=(), outside=1), 25.0, "20 were outside it"),
        (GOOD_LOOK, None, "too few frames"),
    ],
    ids=["combed", "nobody", "no rate"],
)
def test_what_leaves_a_question_makes_a_camera_doubtful(
    look: Look, fps: float | None, words: str
) -> None:
    report = judged(look, fps=fps)
    assert report.fitness is Fitness.DOUBTFUL
    assert [reason for reason in report.reasons if words in reason]


def test_a_few_faces_are_too_few_to_judge_by() -> None:
    assert judged(GOOD_LOOK, looks=2).fitness is Fitness.DOUBTFUL


def test_a_camera_without_a_picture_is_unfit() -> None:
    report = judged(GOOD_LOOK, looks=0)
    assert (report.fitness, report.reasons[0][:15]) == (Fitness.UNFIT, "no picture came")
