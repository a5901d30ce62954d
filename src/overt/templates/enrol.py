"""One image of a listed person becomes a reference: one face, good enough, kept, templated.

Refused with the reason where the image will not do; nothing is kept of such an image.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from overt.config.list_csv import FaceBox
from overt.errors import Refused
from overt.faces.chosen_face import choose_face
from overt.faces.quality import ENROLMENT, Quality, Rejection, assess, face_region
from overt.faces.square_picture import SquarePicture
from overt.templates.load import Networks
from overt.templates.reference_image import ReferenceImage, reference_image
from overt.units import Float32, UInt8

R = Rejection

WHAT_TO_DO: Final[Mapping[Rejection, str]] = {
    R.TOO_SMALL: "the face is too small ({eye_distance:.0f} px between the eyes); take a larger image",
    R.TURNED_AWAY: "the face is turned {yaw:.0f} degrees to the side; take one from the front",
    R.NODDING: "the face is tilted {pitch:.0f} degrees up or down; take one from the front",
    R.TILTED: "the head lies {roll:.0f} degrees to the side; turn the image upright",
    R.BLURRED: "the face is blurred; take a sharper image",
    R.TOO_DARK: "the face is too dark; take one with more light",
    R.TOO_BRIGHT: "the face is washed out; take one with less light",
    R.FLAT: "the face has too little contrast; take a clearer image",
    R.DOUBTFUL_FACE: "this may be no face; take a clearer image",
}


@dataclass(frozen=True, slots=True, eq=False)
class Enrolled:
    image: ReferenceImage
    ignored: int
    """Smaller faces of other people, of which nothing is kept."""
    quality: Quality
    template: Float32 = field(repr=False)


def enrol(contents: bytes, pixels: UInt8, box: FaceBox | None, networks: Networks) -> Enrolled:
    """Choose the face, judge it, cut it out and make its template."""
    chosen = choose_face(networks.detector.find(SquarePicture(pixels)), box)
    quality = assess(chosen.face, face_region(pixels, chosen.face.box), ENROLMENT)
    if not quality.good_enough:
        raise Refused(
            "; ".join(_complaint(reason, quality) for reason in R if reason in quality.reasons)
        )
    kept = reference_image(contents, pixels, chosen)
    return Enrolled(
        kept, len(chosen.others), quality, template_of(kept.pixels, kept.landmarks, networks)
    )


def enrol_again(pixels: UInt8, box: FaceBox, networks: Networks) -> Float32:
    """Make the template of a kept image with other networks, which must find the same face."""
    chosen = choose_face(networks.detector.find(SquarePicture(pixels)), box)
    return template_of(pixels, chosen.face.landmarks, networks)


def template_of(pixels: UInt8, landmarks: Float32, networks: Networks) -> Float32:
    encoder = networks.encoder
    chips = np.zeros((1, *encoder.chip_size, 3), np.uint8)
    template = np.zeros((1, encoder.dimension), np.float32)
    encoder.align(pixels, landmarks, chips[0])
    encoder.encode(chips, template)
    chips.fill(0)
    made: Float32 = template[0]
    return made


def _complaint(reason: Rejection, quality: Quality) -> str:
    return WHAT_TO_DO[reason].format(
        eye_distance=quality.eye_distance,
        yaw=abs(quality.yaw),
        pitch=abs(quality.pitch),
        roll=abs(quality.roll),
    )
