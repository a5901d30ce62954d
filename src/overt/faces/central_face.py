"""Which face of a labelled still is meant: the one in its box, else the one nearest the centre.

This is the convention of labelled sets, whose pictures are centred on the person they name. It
is for measuring only: a watchlist asks for one unmistakable face (chosen_face.py).
"""

from overt.config.list_csv import FaceBox
from overt.errors import Refused
from overt.faces.chosen_face import ChosenFace, choose_face
from overt.faces.faces import Faces


def central_face(
    faces: Faces, box: FaceBox | None, *, width: int, height: int
) -> ChosenFace | None:
    """Choose a face of a still of this size; None if there is none, or none in the box."""
    if box is not None:
        try:
            return choose_face(faces, box)
        except Refused:
            return None
    ordered = sorted(
        faces,
        key=lambda face: (face.centre[0] - width / 2) ** 2 + (face.centre[1] - height / 2) ** 2,
    )
    return ChosenFace(ordered[0], tuple(ordered[1:])) if ordered else None
