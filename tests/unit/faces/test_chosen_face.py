"""Which face of an image is the listed person's."""

import numpy as np
import pytest

from overt.config.list_csv import FaceBox
from overt.errors import Refused
from overt.faces.chosen_face import choose_face
from overt.faces.faces import NO_FACES, Faces


def faces(*boxes: tuple[float, float, float, float]) -> Faces:
    """Boxes as x y width height."""
    corners = np.array([(x, y, x + w, y + h) for x, y, w, h in boxes], np.float32)
    return Faces(corners, np.zeros((len(boxes), 5, 2), np.float32), np.ones(len(boxes), np.float32))


def test_an_image_without_a_face_is_refused() -> None:
    with pytest.raises(Refused, match="no face was found"):
        choose_face(NO_FACES, None)


def test_the_largest_face_is_meant_and_much_smaller_ones_are_ignored() -> None:
    chosen = choose_face(faces((0, 0, 49, 60), (100, 0, 100, 120)), None)
    assert chosen.face.box[0] == 100
    assert len(chosen.others) == 1


def test_a_second_face_half_as_wide_makes_it_unclear_who_is_meant() -> None:
    with pytest.raises(Refused, match=r"2 faces.*face_box: 100 0 100 120, or 0 0 50 60"):
        choose_face(faces((0, 0, 50, 60), (100, 0, 100, 120)), None)


def test_a_box_names_the_face_that_is_meant() -> None:
    pair = faces((0, 0, 50, 60), (100, 0, 100, 120))
    chosen = choose_face(pair, FaceBox(2, 2, 45, 50))
    assert chosen.face.box[0] == 0
    assert len(chosen.others) == 1


def test_of_two_faces_in_a_wide_box_the_one_that_fills_it_is_meant() -> None:
    pair = faces((40, 40, 20, 20), (0, 0, 100, 100))
    assert choose_face(pair, FaceBox(0, 0, 110, 110)).face.box[0] == 0


def test_a_box_beside_every_face_is_refused_with_where_they_are() -> None:
    with pytest.raises(Refused, match="no face is centred in face_box; found: 0 0 50 60"):
        choose_face(faces((0, 0, 50, 60)), FaceBox(300, 300, 50, 50))
