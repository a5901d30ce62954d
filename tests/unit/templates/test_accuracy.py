"""The networks on labelled faces: near what the publishers and our own baseline measured."""

import csv
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.fakes.networks import PaintedPicture

from overt.models.library import find_pack
from overt.templates.load import Networks, load_networks
from overt.units import Float32, UInt8

SUBJECTS = 60


@pytest.fixture(scope="module")
def networks(open_pack_folder: Path) -> Networks:
    pack = find_pack("open", search=[open_pack_folder])
    return load_networks(pack, precision="f32", threads=2, working_size=None)


def _image(path: Path) -> UInt8:
    return np.asarray(cv2.imread(str(path)), np.uint8)


def _template(networks: Networks, image: UInt8) -> Float32:
    """Make the template of the face nearest to the middle of the picture."""
    faces = networks.detector.find(PaintedPicture(image))
    assert len(faces) > 0
    middle = np.array([image.shape[1], image.shape[0]]) / 2
    centres = (faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2
    face = int(np.linalg.norm(centres - middle, axis=1).argmin())
    chip = np.zeros((1, *networks.encoder.chip_size, 3), np.uint8)
    out = np.zeros((1, networks.encoder.dimension), np.float32)
    networks.encoder.align(image, faces.landmarks[face], chip[0])
    networks.encoder.encode(chip, out)
    vector: Float32 = out[0]
    return vector


@pytest.mark.open_pack
@pytest.mark.face_data
@pytest.mark.requirement("R63")
def test_mated_faces_resemble_each_other_more_than_others(
    networks: Networks, face_data: Path
) -> None:
    """Baseline on all of LFW: 99.0 % at the threshold of one false match in a thousand, 0.338."""
    with (face_data / "index.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    enrolled = [row for row in rows if row["role"] == "enrol"][:SUBJECTS]
    probes: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["role"] == "mated_probe":
            probes[row["subject_id"]].append(row["path"])
    gallery = np.array([_template(networks, _image(face_data / r["path"])) for r in enrolled])
    seen = [
        (place, _template(networks, _image(face_data / path)))
        for place, row in enumerate(enrolled)
        for path in probes[row["subject_id"]][:1]
    ]
    mates = np.array([place for place, _ in seen])
    alike = np.array([vector for _, vector in seen]) @ gallery.T
    rows_of = np.arange(len(mates))
    mated = alike[rows_of, mates]
    others = alike.copy()
    others[rows_of, mates] = np.nan
    assert len(mated) >= SUBJECTS - 5
    assert np.mean(mated >= 0.338) >= 0.95
    assert np.nanmean(others >= 0.338) <= 0.004
    assert np.mean(mated) == pytest.approx(0.67, abs=0.04)
    assert np.nanmean(others) == pytest.approx(0.0, abs=0.05)


@pytest.mark.open_pack
@pytest.mark.face_data
@pytest.mark.requirement("R28")
def test_a_far_face_is_found_and_looked_at_closer(networks: Networks, face_data: Path) -> None:
    """22 px between the eyes in 1280x720, where the detector sees 11."""
    with (face_data / "index.csv").open(encoding="utf-8") as table:
        paths = [row["path"] for row in csv.DictReader(table) if row["role"] == "enrol"][:20]
    alike: list[tuple[float, float]] = []
    for path in paths:
        still = _image(face_data / path)
        reference = _template(networks, still)
        shrunk = np.asarray(
            cv2.resize(still, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
        )
        scene = np.full((720, 1280, 3), 90, np.uint8)
        height, width = shrunk.shape[:2]
        scene[300 : 300 + height, 600 : 600 + width] = shrunk
        picture = PaintedPicture(scene)
        (face, *_) = networks.detector.find(picture)
        assert 15 < face.eye_distance < 30
        closer = networks.look_closer(picture, face)
        alike.append(
            (
                float(_at(networks, scene, face.landmarks) @ reference),
                float(_at(networks, scene, closer.landmarks) @ reference),
            )
        )
    first, second = np.array(alike).mean(axis=0)
    assert second > 0.8
    assert second > first - 0.01


def _at(networks: Networks, image: UInt8, landmarks: Float32) -> Float32:
    chip = np.zeros((1, *networks.encoder.chip_size, 3), np.uint8)
    out = np.zeros((1, networks.encoder.dimension), np.float32)
    networks.encoder.align(image, landmarks, chip[0])
    networks.encoder.encode(chip, out)
    vector: Float32 = out[0]
    return vector
