"""The review of alerts through the gate: what is kept, what is refused, what the log is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.fakes.planted_alerts import (
    CLOSES_AT,
    DEPLOYMENT,
    NOON,
    PIECES,
    PlantedRecords,
    an_alert,
    listed,
    planted_records,
)
from tests.fakes.staff import ANA, BEN, staffed_home

from overt.decisions.case import Case
from overt.decisions.states import AlertState, Judgement
from overt.errors import NotPermitted, Refused
from overt.gate.account_standing import camera_actor
from overt.gate.alerts import NoSuchAlert
from overt.identifiers import AlertId
from overt.policy.access import Actor
from overt.records.columns import EntryState
from overt.records.schema import AuditRow, DecisionRow, EntryRow
from overt.records.work import Reading, UnitOfWork

CAMERA = camera_actor(DEPLOYMENT)
WHY = "the same scar over the left brow"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[PlantedRecords]:
    planted = planted_records(staffed_home(tmp_path / "home", NOON, hand_over=False))
    with planted.gate:
        yield planted


@pytest.fixture
def alert_id(records: PlantedRecords) -> AlertId:
    return records.plant(an_alert())


def judged(
    records: PlantedRecords, who: Actor, alert_id: AlertId, judgement: Judgement, *, reason: str
) -> Case:
    """Somebody opens the images, then judges."""
    records.gate.examine_alert(who, alert_id)
    return records.gate.decide(who, alert_id, judgement, reason=reason)


def told(records: PlantedRecords) -> list[str]:
    with Reading(records.gate._records) as reading:
        return list(reading.session.scalars(select(AuditRow.event).order_by(AuditRow.seq)))


def last_line(records: PlantedRecords) -> bytes:
    with Reading(records.gate._records) as reading:
        line = reading.session.scalar(select(AuditRow.line).order_by(AuditRow.seq.desc()).limit(1))
    assert line is not None
    return line


def stand_down(work: UnitOfWork) -> None:
    work.session.execute(
        update(EntryRow)
        .where(EntryRow.subject_id == "S1")
        .values(state=EntryState.STOOD_DOWN, stood_down_at=work.now)
    )


def test_alerts_are_listed_newest_first(records: PlantedRecords) -> None:
    for number in (1, 3, 2):
        records.plant(an_alert(number))
    assert [case.alert.id for case in records.gate.alerts(ANA)] == ["a-3", "a-2", "a-1"]


def test_an_alert_is_read_back_as_it_was_raised(records: PlantedRecords, alert_id: AlertId) -> None:
    case = records.gate.alert(ANA, alert_id)
    assert (case.alert, case.listed, case.review.state) == (
        an_alert(), listed("S1"), AlertState.RAISED,
    )  # fmt: skip


def test_the_images_are_those_of_the_alert(records: PlantedRecords, alert_id: AlertId) -> None:
    _, shown = records.gate.examine_alert(ANA, alert_id)
    kinds = {kind.value: content for kind, content in PIECES.items()}
    assert (shown.probe, shown.scene, shown.listed) == (
        kinds["probe"], kinds["scene"], (kinds["reference"],),
    )  # fmt: skip


@pytest.mark.requirement("R22")
def test_an_ambiguous_alert_shows_the_second_person_too(records: PlantedRecords) -> None:
    alert_id = records.plant(an_alert(ambiguous=True), second=listed("S2"))
    case, shown = records.gate.examine_alert(ANA, alert_id)
    assert case.second == listed("S2")
    assert len(shown.listed) == 2


@pytest.mark.requirement("R55")
def test_seeing_a_face_leaves_a_line(records: PlantedRecords, alert_id: AlertId) -> None:
    before = told(records)
    records.gate.examine_alert(ANA, alert_id)
    assert told(records)[len(before) :] == ["alert-read"]
    assert b'"images":true' in last_line(records)


def test_news_leave_no_line_and_tell_of_every_change(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    before = told(records)
    assert records.gate.alert_news(ANA) == {alert_id: 0}
    assert told(records) == before
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    assert records.gate.alert_news(ANA) == {alert_id: 1}


@pytest.mark.requirement("R39")
def test_to_whoever_has_yet_to_judge_anothers_judgement_is_no_news(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    assert records.gate.alert_news(BEN) == {alert_id: 0}
    assert records.gate.alert(BEN, alert_id).mark == 0


@pytest.mark.requirement("R39")
def test_whoever_has_yet_to_judge_sees_neither_the_first_judgement_nor_that_there_is_one(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    before = records.gate.alert(BEN, alert_id)
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    assert records.gate.alert(BEN, alert_id) == before
    assert records.gate.alerts(BEN) == (before,)
    judged(records, BEN, alert_id, Judgement.POSSIBLE_MATCH, reason="the same ear")
    assert [act.reason for act in records.gate.alert(BEN, alert_id).review.acts] == [
        WHY, "the same ear",
    ]  # fmt: skip


@pytest.mark.requirement("R42")
def test_no_score_is_told_before_ones_own_judgement(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    told_before = records.gate.alert(ANA, alert_id).fields()
    assert (told_before["similarity"], told_before["margin"]) == (None, None)
    after = judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    assert after.fields()["similarity"] == 0.6231
    assert records.gate.alert(BEN, alert_id).fields()["similarity"] is None


@pytest.mark.requirement("R42")
def test_nobody_judges_what_they_have_not_opened(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    records.gate.alert(BEN, alert_id)
    records.gate.alerts(BEN)
    records.gate.examine_alert(ANA, alert_id)
    other = records.plant(an_alert(2))
    records.gate.examine_alert(BEN, other)
    with pytest.raises(Refused, match="nobody judges what they have not seen"):
        records.gate.decide(BEN, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)


@pytest.mark.requirement("R39")
def test_nobody_sends_or_stops_on_anothers_judgement(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    with pytest.raises(Refused, match="ben has not judged a-1"):
        records.gate.dispatch(BEN, alert_id, recipients=("PC 4411",), reason=WHY)
    with pytest.raises(Refused, match="unsure is a stop"):
        records.gate.stop_alert(BEN, alert_id, reason=WHY)


@pytest.mark.requirement("R42")
def test_a_judgement_is_kept_with_who_when_and_why(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    records.hands.at += 9
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    (act,) = records.gate.alert(ANA, alert_id).review.acts
    assert (act.by, act.at, act.reason) == ("ana", NOON + timedelta(seconds=9), WHY)


def test_the_words_of_a_judgement_are_nowhere_in_the_open(
    records: PlantedRecords, alert_id: AlertId, tmp_path: Path
) -> None:
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    kept = b"".join(file.read_bytes() for file in (tmp_path / "home").rglob("*") if file.is_file())
    assert WHY.encode() not in kept


@pytest.mark.requirement("R38")
def test_nobody_is_sent_before_a_judgement_whoever_asks(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    administrator = records.gate.whoami()
    for actor in (ANA, administrator):
        with pytest.raises(Refused, match="nobody is sent on a score alone"):
            records.gate.dispatch(actor, alert_id, recipients=("PC 4411",), reason=WHY)
    assert records.gate.alert(ANA, alert_id).review.state is AlertState.RAISED


@pytest.mark.requirement("R38")
def test_whoever_is_sent_is_named_in_the_log(records: PlantedRecords, alert_id: AlertId) -> None:
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    case = records.gate.dispatch(ANA, alert_id, recipients=("PC 4411", "PC 0927"), reason=WHY)
    assert case.review.state is AlertState.DISPATCHED
    assert b'"recipients":"PC 4411; PC 0927"' in last_line(records)


@pytest.mark.requirement("R39")
def test_nobody_judges_twice(records: PlantedRecords, alert_id: AlertId) -> None:
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    with pytest.raises(Refused, match="another person's"):
        judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    assert len(records.gate.alert(ANA, alert_id).review.acts) == 1


@pytest.mark.requirement("R41")
def test_a_doubt_of_a_second_person_calls_it_off(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    records.gate.dispatch(ANA, alert_id, recipients=("PC 4411",), reason=WHY)
    assert (
        judged(records, BEN, alert_id, Judgement.UNSURE, reason=WHY).review.state
        is AlertState.STOPPED
    )


@pytest.mark.requirement("R41")
def test_whoever_judged_may_stop_it(records: PlantedRecords, alert_id: AlertId) -> None:
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    assert records.gate.stop_alert(ANA, alert_id, reason=WHY).review.state is AlertState.STOPPED


def test_a_refused_move_changes_nothing_and_leaves_one_line(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    records.gate.examine_alert(ANA, alert_id)
    before = told(records)
    with pytest.raises(Refused):
        records.gate.decide(ANA, alert_id, Judgement.UNSURE, reason=" ")
    assert told(records)[len(before) :] == ["refused"]
    with Reading(records.gate._records) as reading:
        assert reading.session.scalars(select(DecisionRow)).all() == []


def test_a_camera_reads_and_judges_nothing(records: PlantedRecords, alert_id: AlertId) -> None:
    with pytest.raises(NotPermitted):
        records.gate.examine_alert(CAMERA, alert_id)
    with pytest.raises(NotPermitted):
        records.gate.decide(CAMERA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)


def test_an_alert_that_is_not_there_is_told_apart(records: PlantedRecords) -> None:
    with pytest.raises(NoSuchAlert, match="overt alerts list"):
        records.gate.alert(ANA, AlertId("a-9"))


def test_what_nobody_acted_on_lapses_when_the_window_ends(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    records.hands.at = CLOSES_AT.timestamp()
    case = records.gate.alert(ANA, alert_id)
    assert (case.review.state, case.review.acts[-1].by) == (AlertState.LAPSED, "overt")


def test_letting_alerts_lapse_leaves_a_line_only_where_one_did(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    before = told(records)
    assert records.gate.lapse_alerts(ANA) == 0
    assert told(records) == before
    records.hands.at = CLOSES_AT.timestamp() + 1
    assert records.gate.lapse_alerts(ANA) == 1
    assert records.gate.lapse_alerts(ANA) == 0


@pytest.mark.parametrize("judgement", [Judgement.POSSIBLE_MATCH])
def test_no_possible_match_after_the_window(
    records: PlantedRecords, alert_id: AlertId, judgement: Judgement
) -> None:
    records.gate.examine_alert(ANA, alert_id)
    records.hands.at = CLOSES_AT.timestamp() + 1
    with pytest.raises(Refused, match="ended at"):
        records.gate.decide(ANA, alert_id, judgement, reason=WHY)


def test_nobody_is_sent_to_a_person_who_was_stood_down(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    judged(records, ANA, alert_id, Judgement.POSSIBLE_MATCH, reason=WHY)
    records.change(stand_down)
    with pytest.raises(Refused, match="no longer sought: stood down"):
        records.gate.dispatch(ANA, alert_id, recipients=("PC 4411",), reason=WHY)


def test_an_alert_says_that_the_person_is_no_longer_sought(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    records.change(stand_down)
    assert records.gate.alert(ANA, alert_id).listed.stood_down == (
        "stood down at 2026-11-30T12:00:00.000Z"
    )


@pytest.mark.requirement("R56")
@pytest.mark.parametrize(("recipient", "why"), [("", "court order 7"), ("Crown Court", " ")])
def test_a_disclosure_without_recipient_or_justification_is_refused(
    records: PlantedRecords, alert_id: AlertId, recipient: str, why: str
) -> None:
    with pytest.raises(Refused, match="a disclosure needs"):
        records.gate.disclose_alert(ANA, alert_id, recipient=recipient, justification=why)


def test_a_disclosure_in_words_that_would_steer_a_screen_is_refused(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    with pytest.raises(Refused, match="invisible control character"):
        records.gate.disclose_alert(
            ANA, alert_id, recipient="Crown Court\x1b[2K", justification="court order 7"
        )


@pytest.mark.requirement("R56")
def test_a_disclosure_is_kept_with_recipient_and_justification(
    records: PlantedRecords, alert_id: AlertId
) -> None:
    records.gate.disclose_alert(
        ANA, alert_id, recipient="Crown Court", justification="court order 7"
    )
    assert b'"justification":"court order 7"' in last_line(records)
    assert b'"recipients":"Crown Court"' in last_line(records)
