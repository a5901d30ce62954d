"""The clock never steps back; times without a zone are refused."""

from datetime import UTC, datetime, timedelta

import pytest

from overt.units import Clock, UtcTime, iso, utc

NOON = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))


def test_a_wall_clock_set_back_does_not_set_the_clock_back() -> None:
    wall = [NOON.timestamp()]
    elapsed = [0.0]
    clock = Clock(wall=lambda: wall[0], monotonic=lambda: elapsed[0])
    wall[0] -= 3600
    elapsed[0] += 5
    assert clock.now() == NOON + timedelta(seconds=5)


def test_the_clock_starts_no_earlier_than_the_records_have_seen() -> None:
    clock = Clock(
        not_before=UtcTime(NOON + timedelta(hours=1)), wall=NOON.timestamp, monotonic=lambda: 0.0
    )
    assert clock.now() == NOON + timedelta(hours=1)


def test_after_learning_of_a_later_time_the_clock_goes_on_from_there() -> None:
    elapsed = [0.0]
    clock = Clock(wall=(NOON - timedelta(days=2)).timestamp, monotonic=lambda: elapsed[0])
    elapsed[0] += 7
    clock.no_earlier_than(NOON)
    elapsed[0] += 5
    assert clock.now() == NOON + timedelta(seconds=5)


def test_learning_of_an_earlier_time_changes_nothing() -> None:
    elapsed = [0.0]
    clock = Clock(wall=NOON.timestamp, monotonic=lambda: elapsed[0])
    elapsed[0] += 7
    clock.no_earlier_than(UtcTime(NOON - timedelta(days=2)))
    elapsed[0] += 5
    assert clock.now() == NOON + timedelta(seconds=12)


def test_a_time_without_a_zone_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        utc(datetime(2026, 11, 30, 12, 0))  # noqa: DTZ001  that is the point


def test_times_are_written_in_utc_with_milliseconds() -> None:
    assert iso(NOON) == "2026-11-30T12:00:00.000Z"
