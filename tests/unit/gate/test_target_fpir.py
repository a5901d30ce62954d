"""A deployment may ask for a rate; what is signed is the threshold that was measured for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.authority import PACK, Force, a_force, models_folder
from tests.fakes.calibrations import write_calibration

from overt.errors import Refused
from overt.policy.rule import Rule

pytestmark = pytest.mark.requirement("R32")


@pytest.fixture
def force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Force]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_force(tmp_path) as opened:
        opened.gate.new_officer_key(opened.actor, "Silver", opened.key.parent)
        opened.import_people()
        yield opened


def said_of_the_threshold(force: Force) -> str:
    results = force.gate.check_deployment(force.actor, force.toml).results
    return next(str(each) for each in results if each.rule is Rule.THRESHOLD)


def test_the_measured_threshold_is_printed_signed_and_run_with(force: Force) -> None:
    write_calibration(force.folder / "models", PACK)
    signed = force.sign(threshold=None, target_fpir="0.1")
    running = force.open().threshold
    assert 0.9 < running < 1.0
    assert f'"threshold": {running}' in signed.signature.read_text()
    assert any(f"threshold {running:.6f} for FPIR 0.1" in str(r) for r in signed.checked.results)
    assert f"threshold {running:.6f} for FPIR 0.1" in said_of_the_threshold(force)


def test_without_a_calibration_nothing_is_signed(force: Force) -> None:
    with pytest.raises(Refused, match="there is no calibration of mine at f32"):
        force.sign(threshold=None, target_fpir="0.01")


def test_a_calibration_of_other_networks_counts_for_nothing(force: Force) -> None:
    write_calibration(force.folder / "models", PACK, pack="sha256:" + "0" * 64)
    with pytest.raises(Refused, match="measure again"):
        force.sign(threshold=None, target_fpir="0.01")


def test_a_target_that_too_few_people_carry_is_refused(force: Force) -> None:
    write_calibration(force.folder / "models", PACK)
    with pytest.raises(Refused, match="insufficient data"):
        force.sign(threshold=None, target_fpir="0.0001")


def test_a_later_calibration_that_asks_for_more_takes_a_new_signature(force: Force) -> None:
    write_calibration(force.folder / "models", PACK)
    force.sign(threshold=None, target_fpir="0.1")
    write_calibration(force.folder / "models", PACK, tails=[[1, 0.9999]] * 900)
    with pytest.raises(Refused, match=r"signed 0\.9\d+, and the target takes"):
        force.open()


def test_an_edited_target_breaks_the_signature(force: Force) -> None:
    write_calibration(force.folder / "models", PACK)
    force.sign(threshold=None, target_fpir="0.1")
    force.toml.write_text(force.toml.read_text().replace("fpir = 0.1", "fpir = 0.2"))
    with pytest.raises(Refused, match="changed since it was signed"):
        force.open()
