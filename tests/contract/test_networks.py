"""What every detector and every encoder must do, real or fake."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data
from tests.fakes.networks import PaintedPicture, face_at, fake_networks

from overt.faces.faces import Faces
from overt.models.library import find_pack
from overt.templates.load import Networks, load_networks
from overt.units import Float32, UInt8

PACKS = [
    pytest.param("open", marks=pytest.mark.open_pack),
    pytest.param("dlib", marks=pytest.mark.dlib_pack),
    "fake",
]


@pytest.fixture(scope="module")
def portrait() -> UInt8:
    """A public-domain portrait that ships inside a package of ours."""
    image: UInt8 = data.astronaut()  # type: ignore[no-untyped-call]  # the package has no types
    return np.ascontiguousarray(image[:, :, ::-1])


@pytest.fixture(scope="module", params=PACKS)
def networks(request: pytest.FixtureRequest) -> Iterator[Networks]:
    if request.param == "fake":
        yield fake_networks([face_at(226, 110, eye_distance=40)] * 1000)
        return
    search: list[Path] = []
    if request.param == "open":
        search = [request.getfixturevalue("open_pack_folder")]
    pack = find_pack(request.param, search=search)  # `dlib` is installed with overt itself
    yield load_networks(pack, precision="f32", threads=1, working_size=None)


def _chips(networks: Networks, image: UInt8, faces: Faces, n: int) -> UInt8:
    """The first face n times, each moved a little, so that rows differ."""
    chips = np.zeros((n, *networks.encoder.chip_size, 3), np.uint8)
    for place, chip in enumerate(chips):
        networks.encoder.align(image, faces.landmarks[0] + np.float32(place), chip)
    return chips


def _templates(networks: Networks, chips: UInt8) -> Float32:
    out = np.full((len(chips), networks.encoder.dimension), np.nan, np.float32)
    networks.encoder.encode(chips, out)
    return out


def test_a_face_is_found_where_it_is(networks: Networks, portrait: UInt8) -> None:
    faces = networks.detector.find(PaintedPicture(portrait))
    assert len(faces) == 1
    (face,) = faces
    assert 25 < face.eye_distance < 60
    assert face.box[0] < face.landmarks[0][0] < face.landmarks[1][0] < face.box[2]
    assert face.landmarks[0][1] < face.landmarks[2][1] < face.landmarks[3][1]


# The fake follows a script and does not look at the picture.
@pytest.mark.parametrize("networks", [pack for pack in PACKS if pack != "fake"], indirect=True)
def test_faces_are_told_in_pixels_of_the_full_picture(networks: Networks, portrait: UInt8) -> None:
    larger = np.asarray(cv2.resize(portrait, None, fx=3, fy=3), np.uint8)
    (once,) = networks.detector.find(PaintedPicture(portrait))
    (thrice,) = networks.detector.find(PaintedPicture(larger))
    # Detectors see the two at different working sizes, and their points move by a few per cent.
    assert np.abs(thrice.landmarks / 3 - once.landmarks).max() < 0.15 * once.eye_distance


def test_templates_have_unit_length(networks: Networks, portrait: UInt8) -> None:
    faces = networks.detector.find(PaintedPicture(portrait))
    vectors = _templates(networks, _chips(networks, portrait, faces, 3))
    assert vectors.shape == (3, networks.encoder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("n", [1, 4, 5, 6])
def test_a_template_does_not_depend_on_its_company(
    networks: Networks, portrait: UInt8, n: int
) -> None:
    faces = networks.detector.find(PaintedPicture(portrait))
    chips = _chips(networks, portrait, faces, n)
    together = _templates(networks, chips)
    alone = np.concatenate([_templates(networks, chips[i : i + 1]) for i in range(n)])
    assert np.abs(together - alone).max() < 1e-5


def test_no_faces_make_no_templates(networks: Networks) -> None:
    chips = np.zeros((0, *networks.encoder.chip_size, 3), np.uint8)
    assert _templates(networks, chips).shape == (0, networks.encoder.dimension)


def test_a_scrub_changes_no_later_template(networks: Networks, portrait: UInt8) -> None:
    faces = networks.detector.find(PaintedPicture(portrait))
    chips = _chips(networks, portrait, faces, 2)
    before = _templates(networks, chips)
    networks.scrub()
    assert np.array_equal(_templates(networks, chips), before)


def test_the_model_names_its_pack_digest_and_precision(networks: Networks) -> None:
    name, _, rest = networks.model.partition("@")
    digest, _, precision = rest.partition("/")
    assert name in {"open", "dlib", "fake"}
    assert digest.startswith("sha256:")
    assert len(digest) == len("sha256:") + 64
    assert precision == networks.precision == "f32"
    assert networks.encoder.model == networks.model
