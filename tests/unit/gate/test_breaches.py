"""A breach has 72 hours to the regulator: told while there is time, alarmed near and past the end."""

from datetime import timedelta

import pytest
from tests.fakes.authority import Force

from overt.errors import Refused
from overt.gate.breaches import RegulatorTold
from overt.gate.gate import expire_by_itself
from overt.policy.breach import Breach
from overt.units import UtcTime

pytestmark = pytest.mark.requirement("R68")


def reported(force: Force, hours_ago: float = 1.0) -> Breach:
    aware = UtcTime(force.clock.now() - timedelta(hours=hours_ago))
    return force.gate.report_breach(force.actor, aware_at=aware, nature="a phone was left behind")


def told(force: Force, breach: Breach, **changes: str) -> Breach:
    said = RegulatorTold(**{"at": force.clock.now(), "reference": "IC-1", **changes})  # type: ignore[arg-type]  # fields by name
    return force.gate.tell_of_breach(force.actor, breach.id, said)


def test_the_clock_runs_from_when_it_became_known(force: Force) -> None:
    found = reported(force)
    assert found.clock(force.clock.now()).endswith("in 2 d 23 h")
    assert expire_by_itself(force.gate) == ()
    force.hands.forward(timedelta(hours=48))
    (near,) = expire_by_itself(force.gate)
    assert f"BREACH {found.id}: the regulator must be told" in near
    force.hands.forward(timedelta(hours=24))
    (over,) = expire_by_itself(force.gate)
    assert "OVERDUE" in over
    (kept,) = force.gate.breaches(force.actor)
    assert kept == found


def test_once_the_regulator_was_told_the_clock_stops(force: Force) -> None:
    found = told(force, reported(force, hours_ago=60))
    assert found.clock(force.clock.now()).endswith("in time")
    assert expire_by_itself(force.gate) == ()
    assert force.last("breach-told")["breach"] == found.id
    with pytest.raises(Refused, match="was told"):
        told(force, found)


def test_later_than_72_hours_takes_the_reasons(force: Force) -> None:
    found = reported(force, hours_ago=80)
    with pytest.raises(Refused, match="--why-late"):
        told(force, found)
    late = told(force, found, why_late="it was found on a Friday")
    assert late.clock(force.clock.now()).endswith("8 h late")


def test_that_nothing_is_owed_takes_words_too(force: Force) -> None:
    found = reported(force)
    with pytest.raises(Refused, match="the reference"):
        told(force, found, reference=" ")
    found = told(force, found, not_owed="the disk was sealed and its key is gone")
    assert not found.owed
    assert "nothing is owed" in found.clock(force.clock.now())


def test_times_that_cannot_be_are_refused(force: Force) -> None:
    with pytest.raises(Refused, match="in the future"):
        reported(force, hours_ago=-1)
    found = reported(force)
    with pytest.raises(Refused, match="before it became known"):
        told(force, found, at=UtcTime(force.clock.now() - timedelta(hours=2)))  # type: ignore[arg-type]  # a time
    with pytest.raises(Refused, match="there is no breach"):
        force.gate.tell_of_breach(force.actor, "x", RegulatorTold(force.clock.now(), "IC-1"))
