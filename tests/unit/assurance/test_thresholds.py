"""A calibration keeps the scores that thresholds depend on, and nobody's name."""

import numpy as np
import pytest
from tests.fakes.score_tables import random_table, table_of

from overt.assurance.metrics import fpir
from overt.assurance.thresholds import MeasuredWith, calibrate
from overt.identifiers import Digest, PackName
from overt.rates.calibration import MeasuredThreshold, threshold_for
from overt.rates.calibration_file import write_calibration
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
    assert calibrated.people == 1
