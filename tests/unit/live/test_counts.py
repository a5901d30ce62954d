"""Counts of several processes add up to one summary."""

import pytest

from overt.live.counts import (
    CameraCounts,
    Stage,
    added,
    frames_per_second,
    percentiles_ms,
    stage_figures,
)


def test_the_counts_of_cameras_add_up() -> None:
    north = CameraCounts(frames=10, passages=2, not_matched_because={"too_small": 1})
    south = CameraCounts(frames=5, alerts=1, not_matched_because={"too_small": 2, "blurred": 1})
    total = added([north, south])
    assert (total.frames, total.passages, total.alerts) == (15, 2, 1)
    assert total.not_matched_because == {"blurred": 1, "too_small": 3}


def test_what_is_told_does_not_change_with_what_is_counted_later() -> None:
    counts = CameraCounts(frames=3)
    counts.because("too_small")
    told = counts.as_of_now()
    counts.frames += 1
    counts.because("too_small")
    counts.took(Stage.SEARCH, 0.5)
    assert (told.frames, told.not_matched_because, told.seconds) == (3, {"too_small": 1}, {})


def test_a_rate_runs_from_the_first_frame_of_any_camera_to_the_last() -> None:
    north = CameraCounts(frames=50, first_frame=100.0, last_frame=102.0)
    south = CameraCounts(frames=50, first_frame=101.0, last_frame=105.0)
    assert frames_per_second(added([north, south])) == pytest.approx(20.0)


def test_no_frames_have_no_rate() -> None:
    assert frames_per_second(added([])) == 0.0


def test_latencies_are_told_as_percentiles_in_milliseconds() -> None:
    assert percentiles_ms([0.1] * 99 + [1.1])["p50"] == 100.0
    assert percentiles_ms([]) == {"p50": None, "p95": None, "p99": None}


def test_seconds_and_rejections_add_up_and_of_gauges_the_greatest_counts() -> None:
    north = CameraCounts(seconds={"search": 0.5}, waiting=3, newest_frame_age=0.1)
    north.rejected(["blurred", "too_dark"])
    south = CameraCounts(seconds={"search": 0.25, "raising": 1.0}, waiting=1, newest_frame_age=0.2)
    south.rejected(["blurred"])
    total = added([north, south])
    assert total.seconds == {"raising": 1.0, "search": 0.75}
    assert total.looks_rejected_because == {"blurred": 2, "too_dark": 1}
    assert (total.waiting, total.newest_frame_age) == (3, 0.2)


def test_what_happens_inside_a_stage_is_timed_even_if_it_fails() -> None:
    counts = CameraCounts(searches=1)
    with pytest.raises(ValueError, match="inside"), counts.timing(Stage.SEARCH):
        raise ValueError("inside")
    assert counts.seconds["search"] > 0
    assert stage_figures(counts)["search_ms"] is not None


def test_a_stage_that_never_ran_has_no_cost() -> None:
    assert stage_figures(CameraCounts())["detection_ms"] is None
    assert stage_figures(CameraCounts(encodes=9, passages=3))["encodes_per_passage"] == 3.0
