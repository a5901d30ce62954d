"""What is kept of a listed person's image: their face, and nobody else's."""

import numpy as np
from tests.fakes.authority import picture
from tests.fakes.networks import face_at, together

from overt.faces.chosen_face import choose_face
from overt.frames.stills import read_still
from overt.templates.reference_image import LONGEST_SIDE, SMALL, reference_image
from overt.units import UInt8


def canvas(width: int, height: int) -> UInt8:
    return np.full((height, width, 3), 90, np.uint8)


def test_a_small_image_of_one_person_is_kept_as_it_came() -> None:
    contents = picture(1)
    chosen = choose_face(face_at(128, 128), None)
    kept = reference_image(contents, read_still(contents), chosen)
    assert kept.contents == contents
    assert np.array_equal(kept.landmarks, chosen.face.landmarks)


def test_everybody_elses_face_is_black_in_what_is_kept() -> None:
    pixels = canvas(400, 300)
    faces = together(face_at(150, 120), face_at(240, 130, eye_distance=15))
    chosen = choose_face(faces, None)
    other = chosen.others[0].box.astype(int)
    pixels[other[1] : other[3], other[0] : other[2]] = (10, 250, 10)
    kept = reference_image(b"small", pixels, chosen)
    green = (kept.pixels[..., 1].astype(int) - kept.pixels[..., 0]) > 100
    assert not green.any()
    assert (kept.pixels < 20).all(axis=2).any()


def test_a_large_image_is_cut_around_the_face_and_the_face_is_found_in_it() -> None:
    pixels = canvas(4000, 3000)
    chosen = choose_face(face_at(2000, 1500, eye_distance=400), None)
    x, y = chosen.face.landmarks[2].astype(int)
    pixels[y - 40 : y + 40, x - 40 : x + 40] = (0, 0, 255)
    kept = reference_image(b"x" * (SMALL + 1), pixels, chosen)
    assert max(kept.pixels.shape) <= LONGEST_SIDE
    nose = kept.landmarks[2].astype(int)
    assert kept.pixels[nose[1], nose[0], 2] > 200
    assert np.array_equal(read_still(kept.contents), kept.pixels)


def test_a_face_at_the_edge_is_cut_inside_the_image() -> None:
    chosen = choose_face(face_at(20, 20), None)
    kept = reference_image(b"x" * (SMALL + 1), canvas(300, 300), chosen)
    assert kept.pixels.shape[0] > 0
    assert kept.pixels.shape[1] > 0
