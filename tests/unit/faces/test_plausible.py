"""Which finds look like a face at all."""

import numpy as np
import pytest
from tests.fakes.networks import face_at

from overt.faces.plausible import plausible
from overt.units import Float32


def _turned(points: Float32, degrees: float) -> Float32:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    middle = points.mean(axis=0)
    return np.asarray((points - middle) @ turn.T + middle, np.float32)


@pytest.mark.parametrize("degrees", [-45, -20, 0, 20, 45])
def test_a_tilted_face_is_a_face(degrees: float) -> None:
    face = face_at(100, 100)
    assert plausible(face.boxes, _turned(face.landmarks[0], degrees)[None]).all()


def test_a_face_in_three_quarter_view_is_a_face() -> None:
    face = face_at(100, 100)
    points = face.landmarks.copy()
    points[:, :, 0] = 100 + (points[:, :, 0] - 100) * 0.5
    assert plausible(face.boxes, points).all()


def test_eyes_in_the_wrong_order_are_no_face() -> None:
    face = face_at(100, 100)
    assert not plausible(face.boxes, face.landmarks[:, [1, 0, 2, 3, 4]]).any()


def test_a_mouth_above_the_eyes_is_no_face() -> None:
    face = face_at(100, 100)
    assert not plausible(face.boxes, _turned(face.landmarks[0], 180)[None]).any()


def test_points_outside_their_box_are_no_face() -> None:
    face = face_at(100, 100)
    assert not plausible(face.boxes + 200, face.landmarks).any()


def test_a_flat_box_is_no_face() -> None:
    face = face_at(100, 100)
    flat = face.boxes.copy()
    flat[:, 2] += 200
    assert not plausible(flat, face.landmarks).any()


def test_no_finds_are_no_faces() -> None:
    assert plausible(np.zeros((0, 4), np.float32), np.zeros((0, 5, 2), np.float32)).shape == (0,)
