"""From two judgements to an end: who may do what on the street, under the rules of the police."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from tests.fakes.planted_alerts import (
    CLOSES_AT,
    DEPLOYMENT,
    NOON,
    PlantedRecords,
    an_alert,
    planted_records,
)
from tests.fakes.staff import ANA, BEN, CAI, actor, staffed_home

from overt.decisions.engagement import IdentityMethod, NotEngaged, Outcome
from overt.decisions.incident import IncidentRecord
from overt.decisions.states import AlertState, Judgement
from overt.errors import NotPermitted, Refused
from overt.gate.decoys import DecoyOrder
from overt.gate.engagements import Ending
from overt.identifiers import ActorId, AlertId, SubjectId
from overt.policy.access import Actor, Role
from overt.policy.conflicts import Conflict
from overt.records.schema import AlertRow, DecoyRow
from overt.records.work import Reading
from overt.units import UtcTime

WHY = "the same scar over the left brow"
PC, OTHER_PC, ASSESSOR, OFFICER = (actor(n) for n in ("pc-4411", "pc-0927", "ass", "ode"))
ALERT = AlertId("a-1")
FALSE = Ending(Outcome.FALSE, "another name on her papers", IdentityMethod.DOCUMENT)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[PlantedRecords]:
    home = staffed_home(tmp_path / "home", NOON)
    planted = planted_records(home, profile="uk-police-2026")
    with planted.gate:
        planted.plant(an_alert())
        yield planted


def judged(records: PlantedRecords, who: Actor, alert: AlertId = ALERT) -> None:
    records.gate.examine_alert(who, alert)
    records.gate.decide(who, alert, Judgement.POSSIBLE_MATCH, reason=WHY)


def sent(records: PlantedRecords, *to: str) -> None:
    for who in (ANA, BEN):
        judged(records, who)
    records.gate.dispatch(ANA, ALERT, recipients=to or (PC.id,), reason="ask for her papers")


def engaged(records: PlantedRecords) -> None:
    sent(records)
    records.gate.open_sent_alert(PC, ALERT)
    records.gate.confirm_same_person(PC, ALERT, reason="red coat, same scar")
    records.gate.engage(PC, ALERT, reason="asked for her name")


def turned(records: PlantedRecords, who: Actor, role: Role, *, out_of: Role | None = None) -> Actor:
    """Somebody with another role, or with one more."""
    administrator, into = records.gate.whoami(), frozenset({role})
    if out_of is not None:
        records.gate.withdraw_roles(administrator, who.id, frozenset({out_of}))
    records.gate.grant_roles(administrator, who.id, into)
    until = UtcTime(NOON + timedelta(days=9))
    records.gate.record_training(administrator, who.id, into, until=until)
    return Actor(who.id, into)


@pytest.mark.requirement("R39")
def test_one_judgement_sends_nobody_and_two_do(records: PlantedRecords) -> None:
    judged(records, ANA)
    with pytest.raises(Refused, match="2 people must judge"):
        records.gate.dispatch(ANA, ALERT, recipients=(PC.id,), reason=WHY)
    judged(records, BEN)
    case = records.gate.dispatch(BEN, ALERT, recipients=(PC.id,), reason=WHY)
    assert case.review.state is AlertState.DISPATCHED


@pytest.mark.requirement("R39")
def test_the_same_person_twice_is_not_two(records: PlantedRecords) -> None:
    judged(records, ANA)
    with pytest.raises(Refused, match="another person's"):
        judged(records, ANA)


@pytest.mark.requirement("R45")
@pytest.mark.parametrize("name", ["PC 4411", "ana", "nobody", ""])
def test_an_alert_goes_to_officers_who_may_engage_and_to_nobody_else(
    records: PlantedRecords, name: str
) -> None:
    for who in (ANA, BEN):
        judged(records, who)
    with pytest.raises(Refused):
        records.gate.dispatch(ANA, ALERT, recipients=(PC.id, name), reason=WHY)
    assert records.gate.alert(ANA, ALERT).review.state is AlertState.POSSIBLE_MATCH


@pytest.mark.requirement("R45")
def test_an_alert_opens_to_those_named_and_only_while_it_is_on_the_street(
    records: PlantedRecords,
) -> None:
    with pytest.raises(Refused, match="nobody is on the street"):
        records.gate.open_sent_alert(PC, ALERT)
    sent(records)
    assert [case.alert.id for case in records.gate.sent_alerts(PC)] == [ALERT]
    assert records.gate.sent_alerts(OTHER_PC) == ()
    with pytest.raises(Refused, match="was not sent to"):
        records.gate.open_sent_alert(OTHER_PC, ALERT)
    records.gate.end_alert(PC, ALERT, Ending(Outcome.NOT_LOCATED, "gone"))
    with pytest.raises(Refused, match="nobody is on the street"):
        records.gate.open_sent_alert(PC, ALERT)


@pytest.mark.requirement("R40")
def test_an_officer_confirms_the_person_after_opening_the_images_and_before_speaking(
    records: PlantedRecords,
) -> None:
    sent(records)
    with pytest.raises(Refused, match="does not allow one to engage"):
        records.gate.engage(PC, ALERT, reason=WHY)
    with pytest.raises(Refused, match="has not opened the images"):
        records.gate.confirm_same_person(PC, ALERT, reason=WHY)
    records.gate.open_sent_alert(PC, ALERT)
    case = records.gate.confirm_same_person(PC, ALERT, reason="red coat, same scar")
    assert case.review.state is AlertState.SAME_PERSON


@pytest.mark.requirement("R41")
def test_an_officers_doubt_ends_it(records: PlantedRecords) -> None:
    sent(records)
    case = records.gate.doubt_alert(PC, ALERT, reason="much younger")
    assert case.review.state is AlertState.STOPPED


@pytest.mark.requirement("R39")
def test_whoever_judged_does_not_confirm_the_person_whatever_their_role_is_now(
    records: PlantedRecords,
) -> None:
    officer = turned(records, BEN, Role.ENGAGEMENT_OFFICER)
    sent(records, BEN.id)
    with pytest.raises(Conflict, match="does not confirm the person too"):
        records.gate.open_sent_alert(officer, ALERT)


@pytest.mark.requirement("R46")
@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (Ending(Outcome.TRUE, "passport", IdentityMethod.DOCUMENT), AlertState.CONFIRMED_TRUE),
        (FALSE, AlertState.CONFIRMED_FALSE),
        (Ending(Outcome.UNIDENTIFIED, "walked on"), AlertState.NOT_IDENTIFIED),
    ],
)
def test_whoever_was_engaged_ends_as_true_false_or_unidentified(
    records: PlantedRecords, ending: Ending, state: AlertState
) -> None:
    engaged(records)
    assert records.gate.end_alert(PC, ALERT, ending).review.state is state


@pytest.mark.requirement("R46")
@pytest.mark.parametrize(
    "ending",
    [
        Ending(Outcome.NOT_LOCATED, "gone"),
        Ending(Outcome.NOT_ENGAGED, "a child with her", because=NotEngaged.NOT_PROPORTIONATE),
    ],
)
def test_nobody_who_was_spoken_to_counts_as_not_engaged(
    records: PlantedRecords, ending: Ending
) -> None:
    engaged(records)
    with pytest.raises(Refused, match="does not allow"):
        records.gate.end_alert(PC, ALERT, ending)


@pytest.mark.requirement("R46")
def test_what_is_on_the_street_lapses_for_no_clock_and_is_listed(records: PlantedRecords) -> None:
    sent(records)
    records.plant(an_alert(2))
    records.hands.at = CLOSES_AT.timestamp() + 1
    assert records.gate.unfinished_alerts(OFFICER, DEPLOYMENT) == (ALERT,)
    records.gate.end_alert(PC, ALERT, Ending(Outcome.NOT_LOCATED, "gone"))
    assert records.gate.unfinished_alerts(OFFICER, DEPLOYMENT) == ()


def test_after_the_window_nobody_is_approached_and_a_doubt_still_counts(
    records: PlantedRecords,
) -> None:
    sent(records)
    records.gate.open_sent_alert(PC, ALERT)
    records.hands.at = CLOSES_AT.timestamp() + 1
    with pytest.raises(Refused, match="ended at"):
        records.gate.confirm_same_person(PC, ALERT, reason=WHY)
    records.gate.doubt_alert(PC, ALERT, reason="the window is over")


@pytest.mark.requirement("R48")
def test_a_false_engagement_opens_a_record_that_another_person_closes_when_it_is_complete(
    records: PlantedRecords,
) -> None:
    engaged(records)
    records.gate.end_alert(PC, ALERT, FALSE)
    (incident,) = records.gate.incidents(OFFICER)
    assert (incident.alert, incident.opened_by) == (ALERT, PC.id)
    with pytest.raises(Refused, match="it lacks: leaflet, complaint, stop minutes, outcome"):
        records.gate.close_incident(OFFICER, incident.id)
    said = IncidentRecord("form 12", "C-7", 4, "let go with an apology")
    records.gate.record_incident(PC, incident.id, said)
    with pytest.raises(Conflict, match="their own false engagement"):
        records.gate.close_incident(PC, incident.id)
    assert records.gate.close_incident(OFFICER, incident.id).closed_by == OFFICER.id


@pytest.mark.requirement("R48")
def test_whoever_engaged_closes_no_record_because_another_said_what_came_of_it(
    records: PlantedRecords,
) -> None:
    sent(records, PC.id, OTHER_PC.id)
    records.gate.open_sent_alert(PC, ALERT)
    records.gate.confirm_same_person(PC, ALERT, reason="red coat, same scar")
    records.gate.engage(PC, ALERT, reason="asked for her name")
    records.gate.end_alert(OTHER_PC, ALERT, FALSE)
    (incident,) = records.gate.incidents(OFFICER)
    assert (incident.opened_by, incident.engaged_by) == (OTHER_PC.id, (OTHER_PC.id, PC.id))
    said = IncidentRecord("form 12", "C-7", 4, "let go with an apology")
    records.gate.record_incident(PC, incident.id, said)
    for who in (PC, OTHER_PC):
        with pytest.raises(Conflict, match="their own false engagement"):
            records.gate.close_incident(who, incident.id)
    judge = turned(records, BEN, Role.ENGAGEMENT_OFFICER, out_of=Role.OPERATOR)
    with pytest.raises(Conflict, match="ben judged the alert: nobody closes"):
        records.gate.close_incident(judge, incident.id)
    assert records.gate.close_incident(OFFICER, incident.id).closed_by == OFFICER.id


@pytest.mark.requirement("R48")
def test_what_a_record_says_is_sealed(records: PlantedRecords, tmp_path: Path) -> None:
    engaged(records)
    records.gate.end_alert(PC, ALERT, FALSE)
    (incident,) = records.gate.incidents(OFFICER)
    records.gate.record_incident(OFFICER, incident.id, IncidentRecord(outcome="she was in tears"))
    kept = b"".join(f.read_bytes() for f in (tmp_path / "home").rglob("*") if f.is_file())
    assert b"she was in tears" not in kept


@pytest.fixture
def decoy(records: PlantedRecords, tmp_path: Path) -> AlertId:
    for name in ("seen.png", "listed.png"):
        Image.new("RGB", (64, 64), (90, 120, 150)).save(tmp_path / name)
    order = DecoyOrder(
        DEPLOYMENT, tmp_path / "seen.png", tmp_path / "listed.png", SubjectId("S1"),
        "wanted-by-court", same_person=False, consent="both are painted",
    )  # fmt: skip
    before = {case.alert.id for case in records.gate.alerts(ANA)}
    records.gate.plant_decoy(ASSESSOR, order)
    (planted,) = {case.alert.id for case in records.gate.alerts(ANA)} - before
    return planted


@pytest.mark.requirement("R42")
def test_a_decoy_looks_like_any_alert_and_says_nowhere_in_the_open_what_it_is(
    records: PlantedRecords, decoy: AlertId
) -> None:
    real, planted = (records.gate.alert(ANA, each).fields() for each in (ALERT, decoy))
    assert real.keys() == planted.keys()
    with Reading(records.gate._records) as reading:
        (row,) = reading.session.query(DecoyRow)
        (alert,) = reading.session.query(AlertRow).where(AlertRow.id == decoy)
    assert decoy.encode() not in row.sealed
    assert alert.state is AlertState.RAISED
    lines = records.gate.audit_lines(actor("aud"))
    (told,) = (line.detail for line in lines if line.event == "decoy-planted")
    assert decoy not in str(told)


@pytest.mark.requirement("R42")
def test_a_decoy_that_is_let_pass_is_counted_and_sends_nobody(
    records: PlantedRecords, decoy: AlertId
) -> None:
    for who in (ANA, BEN):
        judged(records, who, decoy)
    with pytest.raises(Refused, match="a test of the review"):
        records.gate.dispatch(ANA, decoy, recipients=(PC.id,), reason=WHY)
    records.gate.examine_alert(CAI, ALERT)
    records.gate.decide(CAI, ALERT, Judgement.NOT_THE_PERSON, reason="another nose")
    told = {each.by: each for each in records.gate.review_statistics(ASSESSOR)}
    assert (told[ANA.id].decoys, told[ANA.id].decoys_accepted, told[ANA.id].judgements) == (1, 1, 0)
    assert (told[CAI.id].decoys, told[CAI.id].judgements, told[CAI.id].rejected) == (0, 1, 1)


@pytest.mark.requirement("R42")
def test_a_decoy_is_in_no_list_of_what_is_unfinished(
    records: PlantedRecords, decoy: AlertId
) -> None:
    assert decoy not in records.gate.unfinished_alerts(OFFICER, DEPLOYMENT)


@pytest.mark.requirement("R42")
def test_whoever_planted_does_not_judge_whatever_their_role_is_now(
    records: PlantedRecords, decoy: AlertId
) -> None:
    planter = turned(records, ASSESSOR, Role.OPERATOR, out_of=Role.ASSESSOR)
    for alert in (decoy, ALERT):
        records.gate.examine_alert(planter, alert)
        with pytest.raises(Conflict, match="whoever plants the decoys does not judge them"):
            records.gate.decide(planter, alert, Judgement.POSSIBLE_MATCH, reason=WHY)


@pytest.mark.requirement("R42")
def test_whoever_judges_plants_nothing_and_sees_no_statistics(records: PlantedRecords) -> None:
    with pytest.raises(NotPermitted):
        records.gate.review_statistics(ANA)
    with pytest.raises(NotPermitted):
        records.gate.plant_decoy(Actor(ActorId("ana"), frozenset({Role.ASSESSOR})), object())  # type: ignore[arg-type]  # the door comes first
