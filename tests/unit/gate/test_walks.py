"""A seeded walk on record: who agreed, who passed, and that whoever withdraws is gone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select
from tests.fakes.authority import LIST, Force, a_force, models_folder

from overt.audit.events import AuditEvent
from overt.config.walk_log import (
    Conditions,
    Distance,
    Eyewear,
    Headgear,
    Light,
    WalkPass,
    Zone,
    parse_walk_log,
)
from overt.errors import Refused
from overt.gate.walks import ConsentOrder, Withdrawn
from overt.identifiers import CameraId, DeploymentId, SubjectId
from overt.records.schema import EntryRow, ImageRow, TemplateRow, WatchlistRow
from overt.records.walk_schema import WalkPassRow
from overt.records.work import Reading
from overt.units import iso

pytestmark = pytest.mark.requirement("R63")

WALK: Final = DeploymentId("walk-1")
S1: Final = SubjectId("S1")
PLAIN: Final = Conditions(Light.DAYLIGHT, Distance.NEAR, Eyewear.NONE, Headgear.CAP)
TOLD: Final = "Form 7: cameras, what is kept, how to withdraw"


@pytest.fixture
def force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Force]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_force(tmp_path) as force:
        yield a_walk(force)


def a_walk(force: Force) -> Force:
    force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
    force.import_people()
    force.sign(use_case='"seeded-walk"')
    return force


def agree(force: Force, *participants: str) -> None:
    for each in participants:
        order = ConsentOrder(SubjectId(each), date(2026, 11, 29), TOLD)
        force.gate.record_consent(force.actor, order)


def tap(force: Force, who: str = "S1", **changes: Any) -> int:
    told = WalkPass(SubjectId(who), CameraId("north"), force.clock.now(), Zone.THROUGH, PLAIN)
    return force.gate.log_passes(force.actor, WALK, replace(told, **changes))


def file_of(force: Force, *lines: str) -> bytes:
    header = "participant,camera,at,light,distance,eyewear,headgear"
    return "\n".join([header, *lines]).encode()


def withdraw(force: Force, who: SubjectId = S1) -> Withdrawn:
    return force.gate.withdraw_consent(force.actor, who)


def test_a_walk_opens_only_when_everybody_on_its_list_agreed(force: Force) -> None:
    agree(force, "S1", "S2")
    with pytest.raises(Refused, match="no consent stands for S3"):
        force.open()
    agree(force, "S3")
    assert force.open().id == WALK


def test_a_consent_is_kept_by_id_and_its_words_are_read_back(force: Force) -> None:
    agree(force, "S1")
    (consent,) = force.gate.walk_consents(force.actor)
    assert (consent.participant, consent.explained) == ("S1", TOLD)
    assert TOLD not in str(force.last(AuditEvent.CONSENT_RECORDED.value))
    with pytest.raises(Refused, match="is on record"):
        agree(force, "S1")


@pytest.mark.parametrize(
    ("given_on", "explained"),
    [(date(2026, 12, 1), TOLD), (date(2025, 11, 1), TOLD), (date(2026, 11, 29), "  ")],
)
def test_no_consent_without_words_or_with_an_odd_day(
    force: Force, given_on: date, explained: str
) -> None:
    with pytest.raises(Refused):
        force.gate.record_consent(force.actor, ConsentOrder(S1, given_on, explained))


def test_a_tap_logs_a_pass_at_the_time_of_the_records(force: Force) -> None:
    agree(force, "S1")
    tap(force, at=force.clock.now() - timedelta(minutes=3))
    desk = force.gate.walk_desk(force.actor, WALK)
    assert (desk.participants, desk.walk.cameras, desk.logged) == (("S1",), ("north",), 1)
    assert desk.latest[0].told.at == force.clock.now()


@pytest.mark.parametrize(
    ("who", "changes", "why"),
    [("S9", {}, "no consent of S9"), ("S1", {"camera": CameraId("south")}, "none of north")],
)
def test_a_tap_that_cannot_be_is_refused(
    force: Force, who: str, changes: dict[str, object], why: str
) -> None:
    agree(force, "S1")
    with pytest.raises(Refused, match=why):
        tap(force, who, **changes)


def test_a_second_tap_in_the_same_instant_is_refused(force: Force) -> None:
    agree(force, "S1")
    tap(force)
    with pytest.raises(Refused, match="logged already"):
        tap(force)


def test_a_file_is_logged_whole_or_not_at_all(force: Force) -> None:
    agree(force, "S1", "S2")
    now = iso(force.clock.now())
    good, later = f"S1,north,{now},dusk,far,none,hood", "2026-12-30T10:00:00Z"
    content = file_of(
        force, good, good, f"S9,south,{now},dusk,far,none,hood", good.replace(now, later)
    )
    with pytest.raises(Refused) as refusal:
        force.gate.log_passes(
            force.actor, WALK, parse_walk_log(content, file="walk.csv"), file="walk.csv"
        )
    told = str(refusal.value).splitlines()
    assert [line.partition(": ")[2] for line in told[1:]] == [
        "line 3: this pass is logged already",
        "line 4: no consent of S9 stands",
        "line 4: camera 'south' is none of north",
        "line 5: the time is outside the walk's window",
    ]
    assert force.gate.walk_desk(force.actor, WALK).logged == 0
    log = parse_walk_log(file_of(force, good), file="walk.csv")
    assert force.gate.log_passes(force.actor, WALK, log, file="walk.csv") == 1


def test_a_tap_is_taken_back_by_whoever_made_it_and_soon(force: Force) -> None:
    agree(force, "S1")
    tap(force)
    (logged,) = force.gate.walk_desk(force.actor, WALK).latest
    force.hands.forward(timedelta(minutes=16))
    with pytest.raises(Refused, match="within 15 minutes"):
        force.gate.take_back_pass(force.actor, WALK, logged.id)
    tap(force)
    newest = force.gate.walk_desk(force.actor, WALK).latest[0]
    force.gate.take_back_pass(force.actor, WALK, newest.id)
    assert force.gate.walk_desk(force.actor, WALK).logged == 1


def test_another_deployment_is_no_walk(force: Force) -> None:
    force.sign(id='"other"', use_case='"demonstration"')
    with pytest.raises(Refused, match="is no seeded walk"):
        force.gate.walk_desk(force.actor, DeploymentId("other"))
    assert [walk.id for walk in force.gate.walks(force.actor)] == [WALK]


def test_whoever_withdraws_leaves_no_pass_and_no_image(force: Force) -> None:
    agree(force, "S1", "S2", "S3")
    tap(force)
    tap(force, "S2")
    deployment = force.open()
    with Reading(force.gate._records) as reading:
        before = reading.session.scalars(select(WatchlistRow)).one().data_key_id
    gone = withdraw(force)
    assert (gone.passes, gone.erased.lists, gone.erased.images) == (1, (LIST,), 1)
    with Reading(force.gate._records) as reading:
        entries = reading.session.scalars(select(EntryRow.subject_id)).all()
        images = reading.session.scalars(select(ImageRow.id)).all()
        templates = reading.session.scalars(select(TemplateRow.id)).all()
        passes = reading.session.scalars(select(WalkPassRow.participant)).all()
        key = reading.session.scalars(select(WatchlistRow)).one().data_key_id
    assert sorted(entries) == ["S2", "S3"]
    assert (len(images), len(templates), passes) == (2, 2, ["S2"])
    assert key != before  # what a backup holds of the list opens no more
    assert before in str(force.gate.audit_lines(force.actor, None))
    assert S1 in force.gate.standing(deployment.actor, deployment).stood_down
    live = force.gate.live_list(deployment.actor, deployment)
    assert live.gallery.size == 2


def test_a_walk_goes_on_without_whoever_withdrew_under_the_same_signature(force: Force) -> None:
    agree(force, "S1", "S2", "S3")
    withdraw(force)
    withdraw(force, SubjectId("S2"))
    assert force.open().list_size == 1
    with pytest.raises(Refused, match="no consent of 'S1' stands"):
        withdraw(force)


def test_the_record_of_a_walk_tells_passes_runs_and_who_was_listed(force: Force) -> None:
    agree(force, "S1", "S2", "S3")
    deployment = force.open()
    tap(force)
    force.hands.forward(timedelta(seconds=30))
    tap(force, "S2")
    withdraw(force, SubjectId("S2"))
    force.gate.close_run(force.actor, deployment, {"passages": 40, "alerts": 0})
    record = force.gate.walk(force.actor, WALK)
    assert [told.participant for told in record.passes] == ["S1"]
    assert record.listed == {"S1": None, "S3": None}
    assert [run.faces for run in record.runs] == [40]
    assert record.withdrawn == 1


@pytest.mark.requirement("R25")
def test_a_walk_is_in_no_operational_figure(force: Force) -> None:
    agree(force, "S1", "S2", "S3")
    force.gate.close_run(force.actor, force.open(), {"passages": 40, "alerts": 3})
    assert force.gate.places(force.actor) == ()
