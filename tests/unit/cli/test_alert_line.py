"""Events as lines for a terminal: what is late is said to be."""

import pytest

from overt.cli.alert_line import is_late


@pytest.mark.requirement("R30")
@pytest.mark.parametrize(("p95", "late"), [(None, False), (2000.0, False), (2000.1, True)])
def test_a_run_is_late_where_its_alerts_took_more_than_two_seconds(
    p95: float | None, late: bool
) -> None:
    assert is_late({"event": "summary", "latency_ms": {"p95": p95}}) is late
    assert not is_late({"event": "stats", "latency_ms": {"p95": 9000.0}})
