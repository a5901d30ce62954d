"""Faces times the measured rate, with its interval; below what was measured nothing is told."""

import json
from dataclasses import replace

import pytest
from tests.fakes.calibrations import calibration_of

from overt.policy.forecast import forecast
from overt.rates.calibration import Calibration
from overt.rates.calibration_file import read_calibration
from overt.rates.unit import Unit
from overt.units import Similarity


@pytest.fixture(scope="module")
def measured() -> Calibration:
    """Of 1,000 people, 100 reach 0.9 or more of one of three listed."""
    told = calibration_of("mine", "sha256:" + "1" * 64)
    return read_calibration(json.dumps(told).encode(), "it")


@pytest.mark.requirement("R18")
def test_it_is_faces_times_the_measured_rate_with_its_exact_interval(
    measured: Calibration,
) -> None:
    told = forecast(measured, Similarity(0.9), list_size=3, faces=20_000)
    assert told.expected == pytest.approx(20_000 * 100 / 1000)
    # The quantiles 0.025 and 0.975 of beta(100, 901) and beta(101, 900), as scipy.stats gives them.
    assert told.least == pytest.approx(1642.1, abs=0.5)
    assert told.most == pytest.approx(2405.8, abs=0.5)
    assert "2,000.0 false alerts expected in 20,000 faces" in str(told)
    assert "WRONG UNIT: measured with stills" in str(told)
    passages = replace(told, unit=Unit.PASSAGE)
    assert str(passages).endswith("from 1,000 people not listed, measured with passages")


@pytest.mark.requirement("R18")
def test_a_longer_list_raises_more_and_the_interval_says_so(measured: Calibration) -> None:
    short = forecast(measured, Similarity(0.9), list_size=1, faces=1_000)
    usual = forecast(measured, Similarity(0.9), list_size=3, faces=1_000)
    long = forecast(measured, Similarity(0.9), list_size=6, faces=1_000)
    assert short.expected < usual.expected < long.expected
    assert long.most == pytest.approx(2 * usual.most)
    assert long.least == usual.least


def test_below_the_scores_that_were_kept_nothing_is_told(measured: Calibration) -> None:
    with pytest.raises(ValueError, match=r"nothing below 0\.8"):
        forecast(measured, Similarity(0.7), list_size=3, faces=1_000)
