"""A legal hold keeps one alert from deletion, on record, until another person ends it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.planted_alerts import NOON, PlantedRecords, an_alert, planted_records
from tests.fakes.staff import actor, staffed_home

from overt.errors import NotPermitted, Refused
from overt.gate.destruction import alarms
from overt.gate.entry_erasure import erase_alerts
from overt.identifiers import ActorId, AlertId
from overt.policy.access import Actor, Permission, Role
from overt.policy.conflicts import Conflict
from overt.policy.holds import LONGEST_REVIEW, Hold, HoldGround
from overt.records.schema import AlertRow, EvidenceRow
from overt.records.work import Reading
from overt.units import UtcTime

pytestmark = pytest.mark.requirement("R51")
ALERT, OTHER = an_alert(1).id, an_alert(2).id
GROUND = HoldGround.COMPLAINT
SILVER, OFFICER, AUDITOR = actor("ode"), actor("pc-4411"), actor("aud")
GOLD = Actor(ActorId("gold"), frozenset({Role.AUTHORISING_OFFICER}))


@pytest.fixture
def records(tmp_path: Path) -> Iterator[PlantedRecords]:
    planted = planted_records(tmp_path / "home")
    with planted.gate:
        planted.plant(an_alert(1))
        planted.plant(an_alert(2))
        yield planted


def now(records: PlantedRecords) -> UtcTime:
    return records.gate._clock.now()


def hold(records: PlantedRecords, *, days: float = 30.0, alert: AlertId = ALERT) -> Hold:
    gate = records.gate
    until = UtcTime(now(records) + timedelta(days=days))
    return gate.place_hold(gate.whoami(), alert, GROUND, reference="C-17/26", review_by=until)


def left(records: PlantedRecords) -> tuple[set[AlertId], int]:
    with Reading(records.gate._records) as reading:
        alerts = {row.id for row in reading.session.query(AlertRow)}
        pieces = reading.session.query(EvidenceRow).where(EvidenceRow.alert_id == ALERT).count()
    return alerts, pieces


def test_a_held_alert_outlives_its_time_with_its_evidence_and_no_other_does(
    records: PlantedRecords,
) -> None:
    before = left(records)[1]
    hold(records)
    records.hands.at += timedelta(days=5).total_seconds()
    records.gate.expire(records.gate.whoami())
    assert left(records) == ({ALERT}, before)
    _, shown = records.gate.examine_alert(records.gate.whoami(), ALERT)
    assert shown.probe


def test_once_it_is_released_it_goes_and_nobody_was_late(records: PlantedRecords) -> None:
    hold(records)
    records.hands.at += timedelta(days=5).total_seconds()
    gate, actor = records.gate, records.gate.whoami()
    gate.expire(actor)
    gate.release_hold(actor, ALERT, reason="C-17/26 is settled")
    before = [line.event for line in gate.audit_lines(actor, None)].count("purge-late")
    gate.purge(actor)
    assert [line.event for line in gate.audit_lines(actor, None)].count("purge-late") == before == 1
    assert left(records) == (set(), 0)


def test_a_review_that_is_overdue_raises_an_alarm_and_keeps_the_evidence(
    records: PlantedRecords,
) -> None:
    hold(records, days=2)
    hold(records, days=2, alert=OTHER)
    with Reading(records.gate._records) as reading:
        assert alarms(reading) == ()
    records.hands.at += timedelta(days=3).total_seconds()
    raised = records.gate.purge(records.gate.whoami()).alarms
    assert [each.startswith("THE REVIEW OF A HOLD IS OVERDUE") for each in raised] == [True, True]
    assert left(records)[0] == {ALERT, OTHER}


def test_a_new_review_date_keeps_the_first_holder_and_is_on_record(
    records: PlantedRecords,
) -> None:
    first = hold(records, days=2)
    again = hold(records, days=40)
    assert (again.by, again.placed_at) == (first.by, first.placed_at)
    assert again.review_by > first.review_by
    assert records.gate.holds(records.gate.whoami()) == (again,)


@pytest.fixture
def police(tmp_path: Path) -> Iterator[PlantedRecords]:
    """Everybody has one role, and a second authorising officer is trained."""
    home = staffed_home(tmp_path / "home", NOON, hand_over=False)
    planted = planted_records(home, profile="uk-police-2026")
    with planted.gate as gate:
        founder, until = gate.whoami(), UtcTime(NOON + timedelta(days=90))
        gate.add_user(founder, GOLD.id)
        gate.grant_roles(founder, GOLD.id, GOLD.roles)
        gate.record_training(founder, GOLD.id, GOLD.roles, until=until)
        gate.hand_over(founder)
        planted.plant(an_alert(1))
        yield planted


def placed(records: PlantedRecords, by: Actor) -> Hold:
    until = UtcTime(NOON + timedelta(days=9))
    return records.gate.place_hold(by, ALERT, GROUND, reference="C-17/26", review_by=until)


def test_a_hold_ends_by_another_officer_than_the_one_who_placed_it(police: PlantedRecords) -> None:
    gate = police.gate
    placed(police, SILVER)
    placed(police, GOLD)  # a new review date makes nobody else its holder
    with pytest.raises(Conflict, match="nobody ends their own hold"):
        gate.release_hold(SILVER, ALERT, reason="settled")
    assert [held.by for held in gate.holds(AUDITOR)] == [SILVER.id]
    gate.release_hold(GOLD, ALERT, reason="settled")
    assert gate.holds(AUDITOR) == ()
    last = gate.audit_lines(AUDITOR, None)
    assert [(n.actor, n.event) for n in last if n.event.startswith("hold-")] == [
        (SILVER.id, "hold-placed"), (GOLD.id, "hold-placed"), (GOLD.id, "hold-released"),
    ]  # fmt: skip


def test_nobody_keeps_a_hold_going_alone(police: PlantedRecords) -> None:
    placed(police, SILVER)
    with pytest.raises(Conflict, match="keeps a hold going alone"):
        placed(police, SILVER)
    placed(police, GOLD)
    with pytest.raises(Conflict, match="keeps a hold going alone"):
        placed(police, GOLD)


def test_whoever_placed_one_on_the_street_does_not_end_it(police: PlantedRecords) -> None:
    placed(police, OFFICER)
    with pytest.raises(NotPermitted):
        police.gate.release_hold(OFFICER, ALERT, reason="settled")
    police.gate.release_hold(SILVER, ALERT, reason="settled")


def test_nobody_ends_their_own_hold_in_another_role(police: PlantedRecords) -> None:
    """Roles are granted and withdrawn; what somebody did stays theirs."""
    placed(police, OFFICER)
    gate, administrator, until = (
        police.gate,
        police.gate.whoami(),
        UtcTime(NOON + timedelta(days=9)),
    )
    gate.withdraw_roles(administrator, OFFICER.id, OFFICER.roles)
    gate.grant_roles(administrator, OFFICER.id, SILVER.roles)
    gate.record_training(administrator, OFFICER.id, SILVER.roles, until=until)
    with pytest.raises(Conflict, match="nobody ends their own hold"):
        gate.release_hold(Actor(OFFICER.id, SILVER.roles), ALERT, reason="settled")


@pytest.mark.parametrize("days", [-1.0, 0.0, LONGEST_REVIEW.days + 1.0])
def test_a_hold_comes_up_for_review_in_good_time(records: PlantedRecords, days: float) -> None:
    with pytest.raises(Refused, match="is reviewed within"):
        hold(records, days=days)


@pytest.mark.parametrize("reference", ["", "  ", "x" * 121, "two\nlines"])
def test_a_hold_takes_a_reference(records: PlantedRecords, reference: str) -> None:
    gate, until = records.gate, UtcTime(now(records) + timedelta(days=3))
    with pytest.raises(Refused, match="takes a reference"):
        gate.place_hold(gate.whoami(), ALERT, GROUND, reference=reference, review_by=until)


def test_what_is_not_held_cannot_be_released(records: PlantedRecords) -> None:
    with pytest.raises(Refused, match="is not held"):
        records.gate.release_hold(records.gate.whoami(), ALERT, reason="no need")


def test_an_erasure_does_not_reach_what_is_held(records: PlantedRecords) -> None:
    hold(records)
    gate = records.gate

    def erase() -> None:
        with gate._as(gate.whoami(), Permission.WATCHLIST_DELETE) as work:
            erase_alerts(work, [ALERT], why="asked")

    with pytest.raises(Refused, match="under a legal hold"):
        erase()
    assert ALERT in left(records)[0]


def test_an_operator_places_none(records: PlantedRecords) -> None:
    operator = Actor(ActorId("ben"), frozenset({Role.OPERATOR}))
    with pytest.raises(Refused, match="may not"):
        records.gate.holds(operator)
