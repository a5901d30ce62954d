"""False alerts above the ceiling suspend a deployment, once, until somebody lets it go on (R33)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.contract.test_raising_alerts import SHOT
from tests.fakes.opened_deployments import Opened, opened_copy, painted_face, signed_deployment
from tests.fakes.planted_alerts import an_alert

from overt.decisions.states import Judgement
from overt.gate import false_alerts
from overt.gate.decoys import DecoyOrder
from overt.identifiers import AlertId, PassageId, SubjectId
from overt.policy.profiles import CONSENT
from overt.rates.counts import Rate
from overt.records.work import Reading

ONE_IN_A_THOUSAND = replace(CONSENT, most_false_alerts=1 / 1000)


@pytest.fixture
def opened(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opened]:
    signed = signed_deployment(tmp_path_factory.mktemp("signed"), monkeypatch)
    with opened_copy(signed, tmp_path / "copy", monkeypatch) as ready:
        # The ceiling of a stricter profile, for a deployment that opens with little ado.
        monkeypatch.setattr(false_alerts, "profile_named", lambda _: ONE_IN_A_THOUSAND)
        yield ready


def judged_false(opened: Opened, count: int, *, since: int = 0) -> None:
    gate, who = opened.gate, opened.gate.whoami()
    for number in range(since, since + count):
        alert = an_alert(id=AlertId(f"false-{number}"), passage=PassageId(f"north-{number}"))
        gate.raise_alert(opened.deployment.actor, opened.deployment, alert, SHOT)
        gate.examine_alert(who, alert.id)
        gate.decide(who, alert.id, Judgement.NOT_THE_PERSON, reason="another nose")


def holds(opened: Opened, faces: int) -> bool:
    return not opened.gate.hold_to_ceiling(opened.deployment.actor, opened.deployment, faces=faces)


@pytest.mark.requirement("R33")
def test_injected_false_alerts_suspend_it_and_letting_it_go_on_begins_anew(opened: Opened) -> None:
    gate, actor = opened.gate, opened.deployment.actor
    judged_false(opened, 2)
    assert holds(opened, 100)
    judged_false(opened, 1, since=2)
    assert not holds(opened, 120)
    paused = gate.standing(actor, opened.deployment).paused_because
    assert paused == "3 false alerts in 120 faces, above 1 in 1,000"
    gate.resume_deployment(gate.whoami(), opened.deployment.id, reason="the threshold was raised")
    assert gate.standing(actor, opened.deployment).paused_because is None
    assert holds(opened, 121)
    judged_false(opened, 3, since=3)
    assert not holds(opened, 130)


@pytest.mark.requirement("R33")
def test_there_are_never_more_false_alerts_than_faces(opened: Opened) -> None:
    judged_false(opened, 3)
    actor, gate = opened.deployment.actor, opened.gate
    assert not holds(opened, 1)  # what the cameras' processes have told of so far
    paused = gate.standing(actor, opened.deployment).paused_because
    assert paused == "3 false alerts in 3 faces, above 1 in 1,000"
    assert gate.false_alert_rate(actor, opened.deployment, faces=1).seen == Rate(3, 3)


@pytest.mark.requirement("R33")
def test_two_false_alerts_on_one_face_are_one_face(opened: Opened) -> None:
    gate, who = opened.gate, opened.gate.whoami()
    for number in (1, 2):
        alert = an_alert(id=AlertId(f"north-1-{number}"), passage=PassageId("north-1"))
        gate.raise_alert(opened.deployment.actor, opened.deployment, alert, SHOT)
        gate.examine_alert(who, alert.id)
        gate.decide(who, alert.id, Judgement.NOT_THE_PERSON, reason="another nose")
    rate = gate.false_alert_rate(opened.deployment.actor, opened.deployment, faces=1)
    assert rate.seen == Rate(1, 1)
    gate.close_run(who, opened.deployment, {})  # it died and counted nothing
    (ended,) = (line for line in gate.audit_lines(who) if line.event == "run-ended")
    assert ended.detail["faces"] == 1


@pytest.mark.requirement("R33")
def test_the_gauge_tells_false_alerts_among_faces_with_an_interval_that_always_holds(
    opened: Opened,
) -> None:
    gate, who = opened.gate, opened.gate.whoami()
    judged_false(opened, 2)
    told = gate.false_alert_rate(opened.deployment.actor, opened.deployment, faces=4_000)
    low, high = told.interval
    assert (told.seen.errors, told.seen.trials, told.ceiling) == (2, 4_000, 1 / 1000)
    assert low < 2 / 4_000 < high
    gate.note_figures(who, opened.deployment, {"passages": 4_000})
    judged_false(opened, 1, since=2)  # also what is judged after the figures were told
    (shown,) = gate.run_figures(who)
    assert shown.false_alerts is not None
    assert shown.false_alerts.seen.errors == 3


@pytest.mark.requirement("R42")
def test_a_decoy_that_was_seen_through_is_no_false_alert(opened: Opened, tmp_path: Path) -> None:
    gate, who = opened.gate, opened.gate.whoami()
    judged_false(opened, 1)
    (tmp_path / "painted.png").write_bytes(painted_face(7))
    order = DecoyOrder(
        opened.deployment.id, tmp_path / "painted.png", tmp_path / "painted.png",
        SubjectId("S1"), "consented", same_person=False, consent="nobody is in it",
    )  # fmt: skip
    gate.plant_decoy(who, order)
    (decoy,) = {case.alert.id for case in gate.alerts(who)} - {AlertId("false-0")}
    gate.examine_alert(who, decoy)
    gate.decide(who, decoy, Judgement.NOT_THE_PERSON, reason="another nose")
    with Reading(gate._records) as reading:
        assert false_alerts.false_alerts_of(reading, opened.deployment.run) == 1
