"""Which face of an image is the listed person's (design section 6).

The largest; a second face at least half as wide makes the image ambiguous and it is refused,
unless a box says who is meant. Smaller faces are ignored, and counted for the report.
"""

from dataclasses import dataclass
from typing import Final

from overt.config.list_csv import FaceBox
from overt.errors import Refused
from overt.faces.faces import Face, Faces
from overt.units import Float32

RIVAL: Final = 0.5
"""A second face this wide, as a share of the largest, could be the one that is meant."""


@dataclass(frozen=True, slots=True)
class ChosenFace:
    face: Face
    others: tuple[Face, ...]
    """Smaller faces in the image; nothing may be kept of them."""


def choose_face(faces: Faces, box: FaceBox | None) -> ChosenFace:
    """Choose one face, or refuse with the reason."""
    candidates = list(faces)
    if not candidates:
        raise Refused("no face was found; take an image that shows the face from the front")
    if box is not None:
        meant = _in_box(candidates, box)
        return ChosenFace(meant, tuple(face for face in candidates if face is not meant))
    first, *others = sorted(candidates, key=_width, reverse=True)
    if others and _width(others[0]) >= RIVAL * _width(first):
        raise Refused(
            f"{len(candidates)} faces, and the second is {_width(others[0]) / _width(first):.0%} "
            "as wide as the largest; crop the image, or name the face in face_box: "
            + ", or ".join(_as_box(face.box) for face in (first, others[0]))
        )
    return ChosenFace(first, tuple(others))


def _in_box(candidates: list[Face], box: FaceBox) -> Face:
    """The face that the box covers best, if it is centred in it."""
    inside = [face for face in candidates if _holds(box, face.centre)]
    if not inside:
        found = ", or ".join(_as_box(face.box) for face in candidates[:5])
        raise Refused(f"no face is centred in face_box; found: {found}")
    return max(inside, key=lambda face: _overlap(face.box, box))


def _width(face: Face) -> float:
    return float(face.box[2] - face.box[0])


def _holds(box: FaceBox, point: tuple[float, float]) -> bool:
    x, y = point
    return box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height


def _overlap(found: Float32, box: FaceBox) -> float:
    """Intersection over union."""
    x1, y1, x2, y2 = (float(v) for v in found)
    across = min(x2, box.x + box.width) - max(x1, box.x)
    down = min(y2, box.y + box.height) - max(y1, box.y)
    shared = max(across, 0) * max(down, 0)
    return shared / ((x2 - x1) * (y2 - y1) + box.width * box.height - shared)


def _as_box(found: Float32) -> str:
    x1, y1, x2, y2 = (float(v) for v in found)
    return f"{x1:.0f} {y1:.0f} {x2 - x1:.0f} {y2 - y1:.0f}"
