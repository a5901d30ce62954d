"""From a list of real faces to what a camera's process compares with, with the pack `open`."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.authority import Force, a_force
from tests.fakes.lists import row

from overt.errors import Refused
from overt.frames.stills import read_still
from overt.identifiers import SubjectId
from overt.matches.gallery import Gallery
from overt.matches.search import search
from overt.models.library import find_pack, search_folders
from overt.templates.enrol import enrol
from overt.templates.load import load_networks
from overt.templates.template import Template

pytestmark = [pytest.mark.slow, pytest.mark.open_pack, pytest.mark.face_data]
PEOPLE = 30


@pytest.fixture
def force(
    tmp_path: Path, open_pack_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Force]:
    monkeypatch.setenv("OVERT_MODELS", str(open_pack_folder))
    with a_force(tmp_path) as opened:
        yield opened


def of(face_data: Path, role: str) -> dict[str, str]:
    """One image of each person in this role."""
    with (face_data / "index.csv").open() as index:
        rows = [r for r in csv.DictReader(index) if r["set"] == "lfw" and r["role"] == role]
    return {r["subject_id"]: r["path"] for r in reversed(rows)}


def test_people_on_the_list_are_found_again_and_others_are_not(
    force: Force, face_data: Path
) -> None:
    enrolled, probes = of(face_data, "enrol"), of(face_data, "mated_probe")
    chosen = sorted(set(enrolled) & set(probes))[:PEOPLE]
    folder = force.folder / "list"
    folder.mkdir()
    for i, subject in enumerate(chosen):
        shutil.copy(face_data / enrolled[subject], folder / f"{i}.jpg")
    rows = [row(subject_id=subject, image=f"{i}.jpg") for i, subject in enumerate(chosen)]
    force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
    report = force.gate.import_watchlist(
        force.actor,
        force.order(force.write_list(*rows), pack="open", skip_refused=True),
    )
    assert report.people >= PEOPLE * 0.8  # some press photographs show two faces
    force.sign(model_pack='"open"', threshold="0.4")
    opened = force.open()
    gallery = force.gate.live_list(opened.actor, opened).gallery

    right, wrong = looks_like(
        gallery, [(who, face_data / probes[who]) for who in gallery.subject_ids]
    )
    others = sorted(of(face_data, "nonmated_probe").items())[: 2 * PEOPLE]
    _, strangers = looks_like(gallery, [(SubjectId(who), face_data / file) for who, file in others])
    assert right >= 0.8 * gallery.size
    assert wrong + strangers <= 1


def looks_like(gallery: Gallery, probes: list[tuple[SubjectId, Path]]) -> tuple[int, int]:
    """How many probes reach the pack's floor for the right person, and for another."""
    networks = load_networks(
        find_pack("open", search=search_folders()), precision="f32", threads=1, working_size=None
    )
    right = wrong = 0
    for who, file in probes:
        contents = file.read_bytes()
        try:
            vector = enrol(contents, read_still(contents), None, networks).template
        except Refused:
            continue  # two faces, or none that is good enough
        match = search(Template(networks.model, vector), gallery)
        assert match is not None
        if match.similarity >= 0.4:
            right += match.subject_id == who
            wrong += match.subject_id != who
    return right, wrong
