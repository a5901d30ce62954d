"""Counts of several processes add up to one summary."""

import pytest

from overt.live.counts import CameraCounts, added, frames_per_second, percentiles_ms


def test_the_counts_of_cameras_add_up() -> None:
    north = CameraCounts(frames=10, passages=2, not_matched_because={"too_small": 1})
    south = CameraCounts(frames=5, alerts=1, not_matched_because={"too_small": 2, "blurred": 1})
    total = added([north, south])
    assert (total.frames, total.passages, total.alerts) == (15, 2, 1)
    assert total.not_matched_because == {"blurred": 1, "too_small": 3}


def test_a_rate_runs_from_the_first_frame_of_any_camera_to_the_last() -> None:
    north = CameraCounts(frames=50, first_frame=100.0, last_frame=102.0)
    south = CameraCounts(frames=50, first_frame=101.0, last_frame=105.0)
    assert frames_per_second(added([north, south])) == pytest.approx(20.0)


def test_no_frames_have_no_rate() -> None:
    assert frames_per_second(added([])) == 0.0


def test_latencies_are_told_as_percentiles_in_milliseconds() -> None:
    assert percentiles_ms([0.1] * 99 + [1.1])["p50"] == 100.0
    assert percentiles_ms([]) == {"p50": None, "p95": None, "p99": None}
