"""A target becomes a threshold by measurement, or is refused with what to do (R32)."""

import json

import pytest
from tests.fakes.calibrations import calibration_of

from overt.errors import Refused
from overt.policy.calibrations import calibrated
from overt.rates.calibration import Calibration
from overt.rates.calibration_file import read_calibration
from overt.units import Similarity

pytestmark = pytest.mark.requirement("R32")
NO_FLOOR = Similarity(0.0)


def calibration(**changes: object) -> Calibration:
    content = json.dumps(calibration_of("mine", "sha256:1", **changes)).encode()
    return read_calibration(content, "calibration.json")


def test_the_threshold_is_told_with_what_it_rests_on() -> None:
    found = calibrated(calibration(), 0.1, people=3, floor=NO_FLOOR)
    assert 0.9 < found.threshold < 0.95
    assert "from 1,000 people not listed" in str(found)


def test_too_few_strangers_are_refused_with_how_many_more_are_needed() -> None:
    with pytest.raises(Refused, match=r"insufficient data: .* 1,995 more than the 1,000 measured"):
        calibrated(calibration(), 0.001, people=3, floor=NO_FLOOR)


def test_the_threshold_is_never_below_the_floor_of_the_pack() -> None:
    found = calibrated(calibration(), 0.1, people=3, floor=Similarity(0.97))
    assert found.threshold == 0.97
    assert "0.97, raised to the pack's floor" in str(found)


def test_a_threshold_says_plainly_of_which_unit_it_was_measured() -> None:
    of_stills = str(calibrated(calibration(), 0.1, people=3, floor=NO_FLOOR))
    of_passages = str(calibrated(calibration(unit="passage"), 0.1, people=3, floor=NO_FLOOR))
    assert "WRONG UNIT: measured with stills" in of_stills
    assert "WRONG UNIT" not in of_passages
    assert "measured with passages, the unit of the live rule" in of_passages
