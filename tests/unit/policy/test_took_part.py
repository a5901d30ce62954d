"""Who did what about a deployment, as lines tell it."""

import pytest
from tests.fakes.deployment_files import NOW

from overt.audit.events import KINDS, AuditEvent, Kind
from overt.identifiers import ActorId, DeploymentId
from overt.policy.conflicts import Duty
from overt.policy.told import Told
from overt.policy.took_part import EVENTS, who_did
from overt.units import UtcTime

ID = DeploymentId("north")


def line(by: str, event: str, **detail: str) -> Told:
    return Told(0, UtcTime(NOW), ActorId(by), event, detail)


SIGNED = line(
    "sil", "deployment-signed", deployment=ID, watchlist="list-1", pack="p", precision="f32"
)
RAISED = line("camera:north", "alert-raised", deployment=ID, alert="run-a-7-1")


def duties(who: str, *lines: Told) -> set[Duty]:
    return {duty for duty, people in who_did(lines, ID).items() if who in people}


def test_every_event_is_one_of_the_logs_and_none_is_a_reading() -> None:
    assert {KINDS[AuditEvent(event)] for event in EVENTS}.isdisjoint({Kind.CONSULTATION})


@pytest.mark.requirement("R6")
@pytest.mark.parametrize(
    ("told", "duty"),
    [
        (line("ana", "deployment-submitted", deployment=ID), Duty.SUBMIT),
        (line("ana", "checked-in", deployment=ID), Duty.TAKE_PART),
        (line("ana", "watchlist-imported", digest="list-1"), Duty.BUILD_LIST),
        (line("ana", "entries-checked", digest="list-1"), Duty.CHECK_LIST),
        (line("ana", "alert-decided", alert="run-a-7-1"), Duty.JUDGE_ONE),
        (line("ana", "alert-decided", alert="run-a-7-2"), Duty.JUDGE_ONE),  # a decoy like it
        (line("ana", "alert-ended", alert="run-a-7-1"), Duty.TAKE_PART),
        (line("ana", "decoy-planted", deployment=ID), Duty.PLANT),
        (line("ana", "evidence-recorded", pack="p", precision="f32"), Duty.RECORD_EVIDENCE),
    ],
)
def test_an_act_is_about_the_deployment_by_its_id_its_list_its_alerts_or_its_networks(
    told: Told, duty: Duty
) -> None:
    found = duties("ana", SIGNED, RAISED, told)
    testing = {Duty.PLANT, Duty.RECORD_EVIDENCE}
    assert found == ({duty} if duty in testing else {duty, Duty.TAKE_PART})


@pytest.mark.requirement("R6")
@pytest.mark.parametrize(
    "told",
    [
        line("ana", "deployment-submitted", deployment="south"),
        line("ana", "watchlist-imported", digest="list-2"),
        line("ana", "alert-decided", alert="run-b-7-1"),
        line("ana", "evidence-recorded", pack="p", precision="bf16"),
        line("ana", "deployment-evaluated", deployment=ID),
    ],
)
def test_acts_about_another_deployment_are_no_part_in_this_one(told: Told) -> None:
    assert duties("ana", SIGNED, RAISED, told) == set()
