"""What is made of dlib's five points."""

import numpy as np
import pytest

from overt.faces.dlib_detector import five_points
from overt.models.library import shipped_manifests

MEAN_FACE = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ],
    np.float32,
)
"""dlib's own mean face: outer and inner corner of each eye, base of the nose."""


def test_the_manifest_aligns_to_dlibs_mean_face() -> None:
    """Padding 0.25 on each side: what dlib cuts for this network."""
    encoder = shipped_manifests()["dlib"].encoder  # type: ignore[index]  # a NewType of str
    assert encoder is not None
    expected = five_points(((0.25 + MEAN_FACE) / 1.5)[None])[0]
    assert np.array(encoder.alignment) == pytest.approx(expected, abs=1e-6)


def test_the_points_are_left_to_right_and_top_to_bottom() -> None:
    left, right, nose, mouth_left, mouth_right = five_points(MEAN_FACE[None] * 100)[0]
    assert left[0] < nose[0] < right[0]
    assert mouth_left[0] < nose[0] < mouth_right[0]
    assert left[1] < nose[1] < mouth_left[1]


def test_no_faces_have_no_points() -> None:
    assert five_points(np.zeros((0, 5, 2), np.float32)).shape == (0, 5, 2)
