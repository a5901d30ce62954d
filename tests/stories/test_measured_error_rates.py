"""Error rates on real faces: as an independent reckoning has them, and by the live rule itself."""

import csv
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.fakes.command_line import CommandLine
from tests.fakes.still_sets import write_set

from overt.faces.square_picture import SquarePicture
from overt.frames.stills import read_still
from overt.models.library import find_pack
from overt.templates.enrol import template_of
from overt.templates.load import Networks, load_networks

pytestmark = [pytest.mark.slow, pytest.mark.open_pack, pytest.mark.face_data]
PEOPLE = 40
STRANGERS = 70
THRESHOLD = 0.3


@pytest.fixture(scope="module")
def folder(face_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty people on the list, one more picture of each, and seventy strangers."""
    place = tmp_path_factory.mktemp("faces")
    mates = {row["subject_id"]: row for row in of(face_data, "mated_probe")}
    listed = [row for row in of(face_data, "enrol") if row["subject_id"] in mates][:PEOPLE]
    strangers = of(face_data, "nonmated_probe")[:STRANGERS]
    write_set(place / "gallery.csv", [brought(row, face_data, place) for row in listed])
    probes = [*(mates[row["subject_id"]] for row in listed), *strangers]
    write_set(place / "probes.csv", [brought(row, face_data, place) for row in probes])
    return place


def of(face_data: Path, role: str) -> list[dict[str, str]]:
    with (face_data / "index.csv").open() as index:
        return [r for r in csv.DictReader(index) if r["set"] == "lfw" and r["role"] == role]


def brought(row: dict[str, str], face_data: Path, place: Path) -> dict[str, str]:
    target = place / row["path"]
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(face_data / row["path"], target)
    return {"subject_id": row["subject_id"], "image": row["path"], "gender": row["gender"]}


@pytest.fixture
def report(
    folder: Path,
    open_pack_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> dict[str, Any]:
    monkeypatch.setenv("OVERT_MODELS", str(open_pack_folder))
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    done = CommandLine(monkeypatch, capsys).run(
        "assure", "identify", "--gallery", folder / "gallery.csv", "--probes",
        folder / "probes.csv", "--out", tmp_path / "out", "--pack", "open",
        "--threshold", THRESHOLD,
    )  # fmt: skip
    assert done.status == 0, done.err
    told: dict[str, Any] = json.loads((tmp_path / "out" / "report.json").read_text())
    return told


@pytest.mark.requirement("R62")
def test_the_counts_are_those_of_an_independent_reckoning(
    report: dict[str, Any], folder: Path, open_pack_folder: Path
) -> None:
    networks = load_networks(
        find_pack("open", search=(open_pack_folder,)),
        precision="f32", threads=2, working_size=None,
    )  # fmt: skip
    listed, people = templates(folder / "gallery.csv", networks)
    seen, who = templates(folder / "probes.csv", networks)
    cosines = np.round(seen.astype(np.float64) @ listed.astype(np.float64).T, 6)
    strangers = [row for row, subject in enumerate(who) if subject not in people]
    mates = [row for row, subject in enumerate(who) if subject in people]
    false = sum(cosines[row].max() >= THRESHOLD for row in strangers)
    own = {row: cosines[row, people.index(who[row])] for row in mates}
    missed = sum(own[row] < THRESHOLD or own[row] < cosines[row].max() for row in mates)
    told = report["operating"]
    assert (told["fpir"]["errors"], told["fpir"]["trials"]) == (false, STRANGERS)
    assert (told["fnir"]["errors"], told["fnir"]["trials"]) == (missed, PEOPLE)
    assert report["rates"][0]["fpir"]["errors"] <= STRANGERS * 0.1


def templates(file: Path, networks: Networks) -> tuple[Any, Sequence[str]]:
    """One by one, the face nearest the centre chosen by hand."""
    with file.open() as rows:
        listed = list(csv.DictReader(rows))
    vectors = []
    for row in listed:
        pixels = read_still(file.parent / row["image"])
        middle = np.array(pixels.shape[1::-1]) / 2
        faces = list(networks.detector.find(SquarePicture(pixels)))
        face = min(faces, key=lambda f: float(np.hypot(*(np.array(f.centre) - middle))))
        vectors.append(template_of(pixels, face.landmarks, networks))
    return np.stack(vectors), [row["subject_id"] for row in listed]
