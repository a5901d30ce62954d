"""A calibration keeps the scores that thresholds depend on, and nobody's name."""

from dataclasses import replace

import numpy as np
import pytest
from tests.fakes.score_tables import random_table, table_of

from overt.assurance.metrics import fpir
from overt.assurance.thresholds import MeasuredWith, calibrate
from overt.identifiers import Digest, PackName
from overt.rates.calibration import MeasuredThreshold, TooFew, threshold_for
from overt.rates.calibration_file import read_calibration, write_calibration
from overt.units import Similarity

WITH = MeasuredWith(PackName("open"), Digest("sha256:" + "0" * 64), "f32", "random scores")


def test_it_counts_as_the_table_does() -> None:
    table = random_table(9, strangers=300)
    calibrated = calibrate(table, WITH)
    assert (calibrated.people, calibrated.probes, calibrated.list_size) == (300, 300, 120)
    answer = threshold_for(calibrated, 0.05, 120)
    assert isinstance(answer, MeasuredThreshold)
    rate = fpir(table, answer.threshold)
    assert rate.rate == pytest.approx(answer.expected_fpir)
    assert rate.upper_bound() == pytest.approx(answer.upper_fpir)


def test_the_shorter_list_agrees_with_lists_drawn() -> None:
    table = random_table(10, listed=60, mated=0, strangers=200)
    calibrated = calibrate(table, WITH)
    rng = np.random.default_rng(1)
    threshold = Similarity(0.3)
    drawn = [
        fpir(table.against(rng.permutation(60)[:20]), threshold).rate or 0.0 for _ in range(300)
    ]
    assert calibrated.fpir(threshold, 20)[0] == pytest.approx(np.mean(drawn), rel=0.05)


def test_people_of_several_probes_are_counted_once() -> None:
    calibrated = calibrate(random_table(9, strangers=100, each=3), WITH)
    assert (calibrated.people, calibrated.probes) == (100, 300)


def test_mated_probes_and_names_stay_out() -> None:
    table = table_of(["anna", "xaver"], ["anna", "ben"], [[0.9, 0.1], [0.4, 0.3]])
    content = write_calibration(calibrate(table, WITH))
    assert b"0.9" not in content
    assert not any(name in content for name in (b"anna", b"ben", b"xaver"))


def test_nobody_acquired_leaves_no_tails() -> None:
    table = table_of(["x"], ["a"], [[0.4]], not_acquired=[0])
    calibrated = calibrate(table, WITH)
    assert calibrated.tails == ()
    assert (calibrated.people, calibrated.probes, calibrated.not_compared) == (0, 0, 1)
    again = read_calibration(write_calibration(calibrated), "it")
    assert again == calibrated


@pytest.mark.requirement("R66")
@pytest.mark.parametrize("seen", [0, 2])
def test_black_pictures_are_no_witnesses(seen: int) -> None:
    names = [f"s{number}" for number in range(300)]
    table = table_of(names, ["a"], [[0.4]] * 300, not_detected=range(seen, 300))
    answer = threshold_for(calibrate(table, WITH), 0.01, 1)
    assert isinstance(answer, TooFew)
    assert (answer.people, answer.more) == (seen, 299 - seen)


@pytest.mark.requirement("R66")
def test_an_older_file_that_counted_black_pictures_answers_no_target() -> None:
    table = table_of(["x"], ["a"], [[0.4]], not_acquired=[0])
    older = replace(calibrate(table, WITH), people=300, probes=300, not_compared=0)
    answer = threshold_for(read_calibration(write_calibration(older), "it"), 0.01, 1)
    assert isinstance(answer, TooFew)


def test_a_list_on_which_nobody_enrolled_compares_nobody() -> None:
    table = table_of(["x", "y"], ["a"], [[0.4], [0.3]], not_enrolled=[0])
    assert calibrate(table, WITH).people == 0
