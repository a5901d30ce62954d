import numpy as np
import pytest

from overt.faces.pose import pose_of
from overt.units import Float32

FRONTAL = np.array([(-0.5, 0), (0.5, 0), (0, 0.6), (-0.4, 1.05), (0.4, 1.05)])
"""In eye distances, the eyes level."""


def face(*, nose: tuple[float, float] = (0, 0.6), turn: float = 0, scale: float = 40) -> Float32:
    points = FRONTAL.copy()
    points[2] = nose
    angle = np.radians(turn)
    rotated = points @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(rotated * scale + 200, np.float32)


def test_a_face_that_looks_into_the_camera_has_no_angles() -> None:
    pose = pose_of(face())
    assert max(abs(pose.yaw), abs(pose.pitch), abs(pose.roll)) < 1


@pytest.mark.parametrize(("aside", "sign"), [(0.3, 1), (-0.3, -1)])
def test_the_nose_points_where_the_head_is_turned(aside: float, sign: int) -> None:
    assert 20 < sign * pose_of(face(nose=(aside, 0.6))).yaw < 40


@pytest.mark.parametrize(("down", "sign"), [(0.85, 1), (0.35, -1)])
def test_the_nose_comes_nearer_to_what_the_face_nods_to(down: float, sign: int) -> None:
    assert 15 < sign * pose_of(face(nose=(0, down))).pitch < 35


@pytest.mark.parametrize("turn", [-40, 25])
def test_leaning_the_head_turns_neither_yaw_nor_pitch(turn: float) -> None:
    pose = pose_of(face(nose=(0.2, 0.7), turn=turn))
    straight = pose_of(face(nose=(0.2, 0.7)))

    assert pose.roll == pytest.approx(turn, abs=0.1)
    assert pose.yaw == pytest.approx(straight.yaw, abs=0.1)
    assert pose.pitch == pytest.approx(straight.pitch, abs=0.1)


def test_size_changes_nothing() -> None:
    assert pose_of(face(nose=(0.2, 0.7), scale=15)).yaw == pytest.approx(
        pose_of(face(nose=(0.2, 0.7), scale=150)).yaw, abs=0.1
    )


def test_a_mouth_above_the_eyes_is_no_pose() -> None:
    points = face()
    points[3:, 1] -= 120
    assert pose_of(points).pitch == 90.0


def test_eyes_that_coincide_do_no_harm() -> None:
    points = face()
    points[1] = points[0]
    assert np.isfinite(pose_of(points).yaw)
