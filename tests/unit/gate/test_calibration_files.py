"""What ships as a calibration is of the packs that ship, and says what it was measured on."""

import json
from importlib.resources import files as package_files
from pathlib import Path

import pytest
from tests.fakes.authority import PACK, models_folder
from tests.fakes.calibrations import calibration_of, write_calibration

from overt.errors import Refused
from overt.gate import calibration_files
from overt.gate.calibration_files import calibration_file, find_calibration, passages_file
from overt.identifiers import PackName
from overt.models.library import Pack, find_pack, shipped_manifests
from overt.models.manifest import pack_digest
from overt.rates.calibration import Calibration, TooFew, threshold_for
from overt.rates.calibration_file import read_calibration
from overt.rates.unit import Unit

pytestmark = pytest.mark.requirement("R32")
SHIPPED = ("open", "dlib")


def shipped(pack: str) -> Calibration:
    file = package_files("overt.models").joinpath("packs", pack, calibration_file("f32"))
    return read_calibration(file.read_bytes(), pack)


@pytest.mark.parametrize("pack", SHIPPED)
def test_it_is_of_the_very_networks_that_ship(pack: str) -> None:
    found, manifest = shipped(pack), shipped_manifests()[PackName(pack)]
    assert found.pack == pack_digest(manifest)
    assert found.precision == "f32"
    assert "press photographs" in found.measured_on


@pytest.mark.parametrize("pack", SHIPPED)
def test_it_carries_one_in_a_hundred_and_not_one_in_a_thousand(pack: str) -> None:
    found = shipped(pack)
    one_in_a_hundred = threshold_for(found, 0.01, 500)
    assert not isinstance(one_in_a_hundred, TooFew)
    assert one_in_a_hundred.threshold > shipped_manifests()[PackName(pack)].threshold_floor
    assert isinstance(threshold_for(found, 0.001, 500), TooFew)


@pytest.mark.parametrize("pack", SHIPPED)
def test_none_ships_for_a_precision_that_nobody_measured(pack: str) -> None:
    packs = package_files("overt.models").joinpath("packs", pack)
    assert not packs.joinpath(calibration_file("bf16")).is_file()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return models_folder(tmp_path)


@pytest.fixture
def pack(models: Path) -> Pack:
    return find_pack(PackName(PACK), search=[models])


@pytest.fixture
def ships(tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where overt keeps what ships, with one of passages for the pack `mine`."""
    folder = tmp_path / "overt" / "packs" / PACK
    folder.mkdir(parents=True)
    monkeypatch.setattr(calibration_files, "package_files", lambda _: tmp_path / "overt")
    told = calibration_of(PACK, pack.digest, unit="passage", measured_on="what ships")
    (folder / passages_file("f32")).write_text(json.dumps(told))
    return folder / passages_file("f32")


def used(pack: Pack) -> tuple[Unit, str]:
    found = find_calibration(pack, "f32")
    assert found is not None
    return found.unit, found.measured_on


def test_passages_come_before_stills_where_both_were_measured(models: Path, pack: Pack) -> None:
    write_calibration(models, PACK)
    assert used(pack)[0] is Unit.STILL
    write_calibration(models, PACK, file=passages_file("f32"), unit="passage")
    assert used(pack)[0] is Unit.PASSAGE


@pytest.mark.usefixtures("ships")
def test_passages_that_ship_come_before_stills_beside_the_pack(models: Path, pack: Pack) -> None:
    write_calibration(models, PACK, measured_on="my stills")
    assert used(pack) == (Unit.PASSAGE, "what ships")


@pytest.mark.usefixtures("ships")
@pytest.mark.parametrize("file", [calibration_file("f32"), passages_file("f32")])
def test_passages_beside_the_pack_come_before_those_that_ship(
    models: Path, pack: Pack, file: str
) -> None:
    write_calibration(models, PACK, file=file, unit="passage", measured_on="my street")
    assert used(pack) == (Unit.PASSAGE, "my street")


def test_what_ships_for_other_networks_of_that_name_counts_for_nothing(
    models: Path, pack: Pack, ships: Path
) -> None:
    ships.write_text(json.dumps(calibration_of(PACK, "sha256:" + "0" * 64, unit="passage")))
    with pytest.raises(Refused, match="the calibration that ships for mine is of mine"):
        find_calibration(pack, "f32")
    write_calibration(models, PACK, measured_on="my stills")
    assert used(pack) == (Unit.STILL, "my stills")


@pytest.mark.usefixtures("ships")
def test_one_beside_the_pack_that_is_of_other_networks_is_refused(models: Path, pack: Pack) -> None:
    write_calibration(models, PACK, pack="sha256:" + "0" * 64)
    with pytest.raises(Refused, match="measure again"):
        find_calibration(pack, "f32")
