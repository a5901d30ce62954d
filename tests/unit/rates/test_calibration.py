"""A target becomes the lowest threshold that keeps it, or the number of people that are missing."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import norm

from overt.errors import Refused
from overt.identifiers import Digest, PackName
from overt.rates.calibration import (
    Calibration,
    MeasuredThreshold,
    Tail,
    TooFew,
    rounded_up,
    share_of_lists,
    threshold_for,
)
from overt.rates.calibration_file import read_calibration, write_calibration
from overt.rates.counts import Rate
from overt.rates.unit import Unit
from overt.units import Similarity


def calibration(
    tails: list[tuple[float, ...]], *, people: int, list_size: int = 10, floor: float = 0.2
) -> Calibration:
    return Calibration(
        pack_name=PackName("open"),
        pack=Digest("sha256:" + "0" * 64),
        precision="f32",
        unit=Unit.PASSAGE,
        measured_on="made up",
        list_size=list_size,
        people=people,
        probes=people,
        tail_floor=Similarity(floor),
        tails=tuple(Tail(1, scores) for scores in tails),
    )


def found(calibrated: Calibration, target: float, size: int) -> MeasuredThreshold:
    answer = threshold_for(calibrated, target, size)
    assert isinstance(answer, MeasuredThreshold)
    return answer


@pytest.mark.parametrize("reaching", range(6))
@pytest.mark.parametrize("size", range(1, 6))
def test_the_share_of_lists_is_counted_over_all_of_them(reaching: int, size: int) -> None:
    lists = list(combinations(range(5), size))
    share = sum(any(member < reaching for member in chosen) for chosen in lists) / len(lists)
    assert share_of_lists(np.array([reaching]), 5, size)[0] == pytest.approx(share, abs=1e-12)


@pytest.mark.requirement("R32")
def test_against_the_full_list_it_is_the_order_statistic_of_wilks() -> None:
    tops = [round(0.3 + i / 1_000, 3) for i in range(100)]
    answer = found(calibration([(top,) for top in tops], people=1_000), 0.05, 10)
    wrong = sum(top >= answer.threshold for top in tops)
    assert Rate(wrong, 1_000).upper_bound() <= 0.05 < Rate(wrong + 1, 1_000).upper_bound()
    assert answer.expected_fpir == pytest.approx(wrong / 1_000)


@pytest.mark.requirement("R66")
@pytest.mark.parametrize(("target", "needed"), [(0.1, 29), (0.001, 2_995)])
def test_too_few_people_are_told_how_many_more_it_takes(target: float, needed: int) -> None:
    answer = threshold_for(calibration([], people=20), target, 10)
    assert answer == TooFew(target, 10, 20, needed, 10)
    assert f"{needed - 20:,} more than the 20 measured" in answer.says
    assert isinstance(threshold_for(calibration([], people=needed), target, 10), MeasuredThreshold)


def test_a_shorter_list_takes_a_lower_threshold() -> None:
    calibrated = calibration([(round(0.3 + i / 500, 3),) for i in range(200)], people=400)
    thresholds = [found(calibrated, 0.1, size).threshold for size in (1, 2, 5, 10)]
    assert thresholds == sorted(thresholds)
    assert thresholds[0] < thresholds[-1]


@pytest.mark.requirement("R18")
def test_beyond_the_list_measured_the_rate_is_taken_to_grow_in_proportion() -> None:
    calibrated = calibration([(round(0.3 + i / 500, 3),) for i in range(200)], people=400)
    tenfold = found(calibrated, 0.1, 100)
    assert tenfold.beyond_the_data
    assert tenfold.threshold == found(calibrated, 0.01, 10).threshold
    assert tenfold.upper_fpir <= 0.1
    assert "in proportion" in tenfold.says
    missing = threshold_for(calibrated, 0.1, 1_000)
    assert isinstance(missing, TooFew)
    assert missing.needed == 2_995
    assert "longer than the 10 people" in missing.says


def test_people_with_many_probes_have_one_vote() -> None:
    crowd = calibration([(0.9,)] * 8, people=100)
    one_person = replace(crowd, tails=tuple(Tail(8, (0.9,)) for _ in range(8)), probes=107)
    assert crowd.false_positives(0.5, 10) == pytest.approx(8)
    assert one_person.false_positives(0.5, 10) == pytest.approx(1)


def test_where_the_floor_keeps_the_target_it_is_the_threshold() -> None:
    assert found(calibration([(0.3,)], people=500), 0.1, 10).threshold == 0.2


@pytest.mark.parametrize(("size", "people"), [(40, 300), (15, 300), (40, 80)])
def test_the_true_rate_keeps_the_target_in_95_of_100_calibrations(size: int, people: int) -> None:
    # Scores are normal; the true FPIR of a threshold against fresh lists is known exactly.
    rng = np.random.default_rng(3)
    kept, rounds = 0, 150
    for _ in range(rounds):
        scores = np.round(np.ceil(rng.normal(0, 0.1, (people, 40)) * 1e6) / 1e6, 6)
        tails = [tuple(row[row > 0.2].tolist()) for row in scores]
        kept_tails = [tail for tail in tails if tail]
        calibrated = calibration(kept_tails, people=people, list_size=40, floor=0.2)
        threshold = found(calibrated, 0.05, size).threshold
        kept += _true_fpir(threshold, size) <= 0.05
    assert kept >= 0.95 * rounds - 3 * (rounds * 0.95 * 0.05) ** 0.5


def _true_fpir(threshold: float, size: int) -> float:
    return float(1 - norm.cdf(threshold / 0.1) ** size)


def test_scores_are_kept_rounded_up() -> None:
    assert rounded_up(0.1234561) == 0.123457
    assert rounded_up(0.5) >= 0.5


def test_a_file_gives_back_the_calibration() -> None:
    calibrated = calibration([(0.5, 0.25), (0.3,)], people=100)
    content = write_calibration(calibrated)
    assert read_calibration(content, "a file") == calibrated
    assert write_calibration(read_calibration(content, "a file")) == content


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("format", "other", "format"),
        ("people", "many", "people is 'many'"),
        ("people", True, "people is True"),
        ("people", -1, "people"),
        ("unit", "frame", "frame"),
        ("tails", [[1]], "tail"),
        ("tails", [[1, 0.1]], "floor"),
        ("tails", [[1, "high"]], "scores"),
        ("tails", [[1, 0.5]] * 101, "tails of"),
        ("list_size", 0, "on 0"),
    ],
)
def test_a_damaged_file_is_refused_with_the_reason(field: str, value: object, says: str) -> None:
    told = json.loads(write_calibration(calibration([(0.5,)], people=100)))
    with pytest.raises(Refused, match=says):
        read_calibration(json.dumps({**told, field: value}).encode(), "a file")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"format": NaN}', b"{}"])
def test_what_is_no_calibration_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="a file: not a calibration"):
        read_calibration(content, "a file")


def test_unknown_and_missing_fields_are_named() -> None:
    told = json.loads(write_calibration(calibration([], people=1)))
    del told["unit"]
    with pytest.raises(Refused, match="colour, unit"):
        read_calibration(json.dumps({**told, "colour": 1}).encode(), "a file")


def test_a_target_is_a_rate_on_a_list() -> None:
    with pytest.raises(ValueError, match="no target"):
        threshold_for(calibration([], people=100), 0.1, 0)
