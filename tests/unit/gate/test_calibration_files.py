"""What ships as a calibration is of the packs that ship, and says what it was measured on."""

from importlib.resources import files as package_files

import pytest

from overt.gate.calibration_files import calibration_file
from overt.identifiers import PackName
from overt.models.library import shipped_manifests
from overt.models.manifest import pack_digest
from overt.rates.calibration import Calibration, TooFew, threshold_for
from overt.rates.calibration_file import read_calibration

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
