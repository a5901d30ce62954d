"""Events as lines for a terminal: what is late is said to be."""

from dataclasses import asdict

import pytest

from overt.cli.alert_line import is_late, shown_as
from overt.live.counts import CameraCounts


@pytest.mark.requirement("R30")
@pytest.mark.parametrize(("p95", "late"), [(None, False), (2000.0, False), (2000.1, True)])
def test_a_run_is_late_where_its_alerts_took_more_than_two_seconds(
    p95: float | None, late: bool
) -> None:
    assert is_late({"event": "summary", "latency_ms": {"p95": p95}}) is late
    assert not is_late({"event": "stats", "latency_ms": {"p95": 9000.0}})


@pytest.mark.parametrize(("missing", "said"), [(0, False), (1, True), (90, True)])
def test_a_recording_that_was_cut_is_told_of_in_the_end(missing: int, said: bool) -> None:
    counts = CameraCounts(frames=50, missing_seconds=missing)
    summary = {**asdict(counts), "event": "summary", "ended_because": "the sources ended"}
    lines = shown_as({**summary, "fps": 25.0, "latency_ms": {"p95": None}})
    assert lines is not None
    assert ("CUT SHORT" in lines) is said
