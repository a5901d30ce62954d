"""Alerts belong to passes by person, camera and time; whatever stays in doubt is counted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.deployment_files import NOW

from overt.config.walk_log import Conditions, Distance, Eyewear, Headgear, Light, WalkPass, Zone
from overt.identifiers import AlertId, CameraId, DeploymentId, SubjectId
from overt.rates.counts import Rate
from overt.rates.walk_matching import Pause, Raised, Standing, WalkRecord, WalkRun, matched_walk
from overt.rates.walk_rates import walk_rates
from overt.units import Seconds, UtcTime, later

pytestmark = pytest.mark.requirement("R63")

NORTH: Final = CameraId("north")
PLAIN: Final = Conditions(Light.DAYLIGHT, Distance.NEAR, Eyewear.NONE, Headgear.NONE)
LATE: Final = UtcTime(NOW + timedelta(hours=2))


def at(seconds: float) -> UtcTime:
    return later(NOW, Seconds(seconds))


def passed(who: str, when: float, **changes: Any) -> WalkPass:
    return replace(WalkPass(SubjectId(who), NORTH, at(when), Zone.THROUGH, PLAIN), **changes)


def raised(who: str, when: float, camera: str = "north") -> Raised:
    return Raised(AlertId(f"{who}@{when}"), SubjectId(who), CameraId(camera), at(when))


def record(
    passes: list[WalkPass], alerts: list[Raised], *, faces: int | None = 1000, **changes: Any
) -> WalkRecord:
    told = WalkRecord(
        deployment=DeploymentId("walk-1"),
        place="The lab",
        cameras=(NORTH,),
        passes=tuple(passes),
        alerts=tuple(alerts),
        runs=(WalkRun(at(-60), LATE, faces),),
        pauses=(),
        listed={SubjectId(f"W{number}"): None for number in range(20)},
        withdrawn=0,
    )
    return replace(told, **changes)


def standings(told: WalkRecord) -> list[Standing]:
    return [each.standing for each in matched_walk(told).passes]


def test_an_alert_within_reach_is_the_passs_and_one_beyond_is_not() -> None:
    walk = record([passed("W1", 0), passed("W2", 100)], [raised("W1", 4), raised("W2", 140)])
    assert standings(walk) == [Standing.FOUND, Standing.MISSED]
    assert matched_walk(walk).doubts.alerts_without_pass == 1


def test_another_camera_or_another_name_is_no_match() -> None:
    walk = record([passed("W1", 0)], [raised("W1", 1, camera="south"), raised("W2", 1)])
    told = matched_walk(walk)
    assert [each.standing for each in told.passes] == [Standing.MISSED]
    assert told.doubts.alerts_without_pass == 2
    assert told.doubts.of_those_near_another == 1  # the camera of the other is another


def test_a_second_alert_on_a_pass_is_a_double_and_no_false_alert() -> None:
    told = matched_walk(record([passed("W1", 0)], [raised("W1", 1), raised("W1", 3)]))
    assert (told.doubts.double_alerts, told.doubts.alerts_without_pass) == (1, 0)
    assert told.count(Standing.FOUND) == 1


def test_two_passes_near_each_other_take_one_alert_each_and_are_told() -> None:
    walk = record([passed("W1", 0), passed("W1", 10)], [raised("W1", 2), raised("W1", 12)])
    assert standings(walk) == [Standing.FOUND, Standing.FOUND]
    assert matched_walk(walk).doubts.passes_within_one_reach == 2
    one = record([passed("W1", 0), passed("W1", 10)], [raised("W1", 11)])
    assert standings(one) == [Standing.MISSED, Standing.FOUND]


def test_as_many_pairs_as_can_be_are_made() -> None:
    """The nearest pair first would leave the second pass without its alert."""
    walk = record([passed("W1", 0), passed("W1", 16)], [raised("W1", 13), raised("W1", 30)])
    assert standings(walk) == [Standing.FOUND, Standing.FOUND]


@pytest.mark.parametrize(
    ("zone", "standing"), [(Zone.OUTSIDE, Standing.OUTSIDE), (Zone.UNSURE, Standing.UNSURE)]
)
def test_who_did_not_go_through_the_zone_is_no_trial(zone: Zone, standing: Standing) -> None:
    walk = record([passed("W1", 0, zone=zone)], [raised("W1", 1)])
    assert standings(walk) == [standing]
    assert matched_walk(walk).doubts.alerted_outside_zone == 1
    assert walk_rates(matched_walk(walk)).trr.counts.trials == 0


def test_a_pass_while_nothing_was_matched_is_no_miss() -> None:
    paused = record([passed("W1", 50)], [], pauses=(Pause(None, at(40), at(60)),))
    elsewhere = record([passed("W1", 50)], [], pauses=(Pause(CameraId("south"), at(40), at(60)),))
    assert standings(paused) == [Standing.NOT_RUNNING]
    assert standings(elsewhere) == [Standing.MISSED]
    assert standings(record([passed("W1", -90)], [])) == [Standing.NOT_RUNNING]


def test_whoever_was_stood_down_is_a_control_from_then_on() -> None:
    walk = record([passed("W1", 0), passed("W1", 600)], [raised("W1", 1)])
    walk = replace(walk, listed={SubjectId("W1"): at(300)})
    assert standings(walk) == [Standing.FOUND, Standing.CONTROL]


def test_an_alert_on_a_control_is_a_false_alert_on_it() -> None:
    walk = record([passed("C1", 0), passed("C2", 200)], [raised("W3", 2)])
    told = walk_rates(matched_walk(walk))
    assert told.control_far.counts == Rate(1, 2)
    assert told.far == Rate(1, 1000)


def test_a_known_walk_gives_the_known_trr_by_every_condition() -> None:
    """Twelve people pass twice: bare-headed all are found, under a hood every second."""
    hood = replace(PLAIN, headgear=Headgear.HOOD)
    passes, alerts = [], []
    for number in range(12):
        bare, hooded = number * 200.0, number * 200.0 + 100
        passes += [passed(f"W{number}", bare), passed(f"W{number}", hooded, conditions=hood)]
        alerts += [raised(f"W{number}", bare + 2)]
        if number % 2:
            alerts += [raised(f"W{number}", hooded + 2)]
    rates = walk_rates(matched_walk(record(passes, alerts)))
    assert rates.trr.counts == Rate(18, 24)
    rows = {(row.column, row.value): row for row in rates.rows}
    assert rows["headgear", "none"].trr.counts == Rate(12, 12)
    assert rows["headgear", "hood"].trr.counts == Rate(6, 12)
    assert rows["light", "daylight"].trr.counts == rates.trr.counts
    assert rows["headgear", "hood"].trr.insufficient == "the interval is wider than 20%"
    low, high = Rate(6, 12).interval()
    assert (rows["headgear", "hood"].trr.low, rows["headgear", "hood"].trr.high) == (low, high)


def test_few_people_are_no_rate_however_often_they_pass() -> None:
    passes = [passed("W1", number * 100.0) for number in range(60)]
    alerts = [raised("W1", number * 100.0 + 1) for number in range(60)]
    trr = walk_rates(matched_walk(record(passes, alerts))).trr
    assert trr.counts == Rate(60, 60)
    assert trr.effective == 1
    assert trr.insufficient == "1 person; it takes 10 at least"


def test_a_run_that_never_said_its_faces_leaves_far_unknown() -> None:
    rates = walk_rates(matched_walk(record([passed("W1", 0)], [], faces=None)))
    assert rates.far is None
    assert rates.far_insufficient
    assert "faces" in walk_rates(matched_walk(record([], [], faces=20))).far_insufficient


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 300)), max_size=12, unique=True))
def test_every_alert_is_counted_exactly_once(told: list[tuple[str, int]]) -> None:
    passes = [passed(who, when) for who, when in told[::2]]
    alerts = [raised(who, when) for who, when in told]
    walk = matched_walk(record(passes, alerts))
    owned = sum(each.alert is not None for each in walk.passes)
    assert owned + walk.doubts.double_alerts + walk.doubts.alerts_without_pass == len(alerts)
    assert len({each.alert.alert for each in walk.passes if each.alert}) == owned
