"""Raising an alert under an authority that the gate itself opened: all of it, or nothing."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select
from tests.fakes.opened_deployments import Opened, opened_copy, signed_deployment
from tests.fakes.planted_alerts import BOX, an_alert, jpeg

from overt.alerts.alert import Alert
from overt.alerts.evidence import Evidence
from overt.decisions.states import AlertState, Judgement
from overt.errors import NotPermitted, Refused
from overt.identifiers import AlertId, CameraId, SubjectId
from overt.records.schema import AlertRow, DataKeyRow, EvidenceRow
from overt.records.work import Reading
from overt.tracks.heading import Heading
from overt.units import Similarity

SHOT = Evidence(probe=jpeg(50), scene=jpeg(60), box=BOX)
BETTER = Evidence(probe=jpeg(70), scene=jpeg(80), box=BOX)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return signed_deployment(tmp_path_factory.mktemp("signed"), monkeypatch)


@pytest.fixture
def opened(signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    with opened_copy(signed, tmp_path, monkeypatch) as ready:
        yield ready


def kept(opened: Opened) -> tuple[int, int, int]:
    with Reading(opened.gate._records) as reading:
        alerts, pieces, keys = (
            reading.session.scalar(select(func.count()).select_from(row))
            for row in (AlertRow, EvidenceRow, DataKeyRow)
        )
    return alerts or 0, pieces or 0, keys or 0


def raised(opened: Opened, alert: Alert | None = None) -> AlertId:
    alert = alert or an_alert()
    opened.gate.raise_alert(opened.deployment.actor, opened.deployment, alert, SHOT)
    return alert.id


def test_an_alert_is_kept_whole(opened: Opened) -> None:
    alert_id = raised(opened)
    gate = opened.gate
    case, shown = gate.examine_alert(gate.whoami(), alert_id)
    assert case.alert == an_alert()
    assert (shown.probe, shown.scene, shown.box) == (SHOT.probe, SHOT.scene, BOX)
    assert shown.listed[0].startswith(b"\xff\xd8")


@pytest.mark.requirement("R40")
def test_the_way_somebody_walked_is_kept_and_a_better_shot_tells_it_anew(opened: Opened) -> None:
    alert = replace(an_alert(), heading=Heading.TOWARDS_LEFT)
    gate, told = opened.gate, raised(opened, alert)
    assert gate.alert(gate.whoami(), told).alert.heading is Heading.TOWARDS_LEFT
    later = replace(alert, heading=Heading.TOWARDS)
    gate.update_alert(opened.deployment.actor, opened.deployment, later, BETTER)
    assert gate.alert(gate.whoami(), told).fields()["heading"] == "towards the camera"


@pytest.mark.requirement("R20")
def test_what_the_list_says_travels_with_the_alert(opened: Opened) -> None:
    case = opened.gate.alert(opened.gate.whoami(), raised(opened))
    assert (case.listed.category, case.listed.response_plan, case.place) == (
        "consented", "say hello", "The lab",
    )  # fmt: skip


@pytest.mark.requirement("R22")
def test_an_ambiguous_alert_keeps_the_second_persons_image_too(opened: Opened) -> None:
    alert_id = raised(opened, an_alert(ambiguous=True))
    case, shown = opened.gate.examine_alert(opened.gate.whoami(), alert_id)
    assert case.second is not None
    assert case.second.subject_id == "S2"
    assert len(set(shown.listed)) == 2


def test_an_alert_and_its_list_outlive_each_other(opened: Opened) -> None:
    alert_id = raised(opened)
    gate = opened.gate
    gate.delete_watchlist(gate.whoami(), opened.deployment.watchlist)
    case, shown = gate.examine_alert(gate.whoami(), alert_id)
    assert shown.listed
    assert case.listed.stood_down == "the watchlist was deleted"


@pytest.mark.requirement("R51")
def test_an_alert_dies_after_a_day(opened: Opened) -> None:
    raised(opened)
    opened.hands.at += 24 * 3600 + 1
    opened.gate.expire(opened.gate.whoami())
    assert kept(opened)[:2] == (0, 0)


def test_images_are_nowhere_in_the_open(opened: Opened, tmp_path: Path) -> None:
    raised(opened)
    files = [file for file in (tmp_path / "home").rglob("*") if file.is_file()]
    everything = b"".join(file.read_bytes() for file in files)
    assert SHOT.probe not in everything
    assert SHOT.scene not in everything
    assert b"say hello" not in everything


@pytest.mark.requirement("R3")
@pytest.mark.parametrize("late", [0.0, 1.0])
def test_nothing_is_raised_from_the_end_of_the_window_on(opened: Opened, late: float) -> None:
    opened.hands.at = opened.deployment.closes_at.timestamp() + late
    before = kept(opened)
    with pytest.raises(Refused, match="the window ended"):
        raised(opened)
    assert kept(opened) == before


def test_nothing_is_raised_after_a_stop(opened: Opened) -> None:
    opened.gate.request_stop(opened.gate.whoami(), opened.deployment.id)
    with pytest.raises(Refused, match="asked it to stop"):
        raised(opened)


def test_nothing_is_raised_when_the_run_has_ended(opened: Opened) -> None:
    opened.gate.close_run(opened.gate.whoami(), opened.deployment, {})
    with pytest.raises(Refused, match="the run was ended"):
        raised(opened)


@pytest.mark.requirement("R17")
@pytest.mark.parametrize("subject", ["S1", "S9"])
def test_nobody_is_raised_who_is_not_looked_for(opened: Opened, subject: str) -> None:
    opened.gate.stand_down(
        opened.gate.whoami(), opened.deployment.watchlist, SubjectId("S1"), reason="arrested"
    )
    with pytest.raises(Refused, match="is not looked for"):
        raised(opened, an_alert(subject_id=SubjectId(subject)))


@pytest.mark.requirement("R23")
def test_an_entry_whose_review_fell_due_at_midnight_is_told_and_raised_no_more(
    opened: Opened,
) -> None:
    opened.hands.at += 13 * 3600
    standing = opened.gate.standing(opened.deployment.actor, opened.deployment)
    assert (standing.closed_because, standing.stood_down) == (None, frozenset({SubjectId("S2")}))
    with pytest.raises(Refused, match="is not looked for"):
        raised(opened, an_alert(subject_id=SubjectId("S2")))


@pytest.mark.requirement("R22")
def test_an_ambiguous_alert_survives_the_standing_down_of_the_other(opened: Opened) -> None:
    gate = opened.gate
    gate.stand_down(gate.whoami(), opened.deployment.watchlist, SubjectId("S2"), reason="arrested")
    alert_id = raised(opened, an_alert(ambiguous=True))
    case, shown = gate.examine_alert(gate.whoami(), alert_id)
    assert (case.second, len(shown.listed)) == (None, 1)


@pytest.mark.requirement("R9")
def test_a_camera_that_was_not_signed_raises_nothing(opened: Opened) -> None:
    with pytest.raises(Refused, match="not in the signed deployment"):
        raised(opened, an_alert(camera=CameraId("south")))


@pytest.mark.requirement("R32")
def test_below_the_signed_threshold_nothing_is_raised(opened: Opened) -> None:
    with pytest.raises(Refused, match="below the signed threshold"):
        raised(opened, an_alert(similarity=Similarity(0.4999)))


def test_only_a_cameras_process_raises(opened: Opened) -> None:
    with pytest.raises(NotPermitted):
        opened.gate.raise_alert(opened.gate.whoami(), opened.deployment, an_alert(), SHOT)


def test_a_better_shot_is_a_new_revision_beside_the_old(opened: Opened) -> None:
    alert_id = raised(opened)
    gate, deployment = opened.gate, opened.deployment
    better = an_alert(similarity=Similarity(0.7), shots=4)
    assert gate.update_alert(deployment.actor, deployment, better, BETTER)
    case, shown = gate.examine_alert(gate.whoami(), alert_id)
    assert (case.revision, case.alert.similarity, shown.probe) == (1, 0.7, BETTER.probe)
    assert kept(opened)[1] == 8


def test_a_better_shot_does_not_reopen_a_review(opened: Opened) -> None:
    alert_id = raised(opened)
    gate, deployment = opened.gate, opened.deployment
    gate.examine_alert(gate.whoami(), alert_id)
    gate.decide(gate.whoami(), alert_id, Judgement.NOT_THE_PERSON, reason="another nose")
    assert not gate.update_alert(deployment.actor, deployment, an_alert(), BETTER)
    case, shown = gate.examine_alert(gate.whoami(), alert_id)
    assert (case.review.state, shown.probe) == (AlertState.NOT_THE_PERSON, SHOT.probe)


@pytest.mark.parametrize(
    "other", [an_alert(id=AlertId("a-9")), an_alert(subject_id=SubjectId("S2"))]
)
def test_a_better_shot_of_something_else_is_refused(opened: Opened, other: Alert) -> None:
    raised(opened)
    with pytest.raises(Refused, match="raise it first"):
        opened.gate.update_alert(opened.deployment.actor, opened.deployment, other, BETTER)


def test_an_alert_raised_twice_is_kept_once(opened: Opened) -> None:
    raised(opened)
    before = kept(opened)
    with pytest.raises(Refused, match="was raised before"):
        raised(opened)
    assert kept(opened) == before


def test_evidence_that_is_no_picture_is_refused() -> None:
    with pytest.raises(Refused, match="no JPEG"):
        replace(SHOT, probe=b"<svg/>")


@pytest.mark.slow
def test_killed_at_any_instant_it_leaves_whole_alerts_only(opened: Opened, tmp_path: Path) -> None:
    chance = np.random.default_rng(11)
    printed: set[str] = set()
    for attempt in range(6):
        printed |= _raised_until_killed(opened, tmp_path, f"k{attempt}", chance)
    with Reading(opened.gate._records) as reading:
        ids = set(reading.session.scalars(select(AlertRow.id)))
        counted = reading.session.execute(
            select(EvidenceRow.alert_id, func.count()).group_by(EvidenceRow.alert_id)
        )
        pieces = {alert_id: count for alert_id, count in counted}  # noqa: C416  rows are no pairs to mypy
    assert len(printed) >= 6
    assert printed <= ids
    assert pieces.keys() == ids
    assert set(pieces.values()) == {4}
    for alert_id in sorted(ids):
        opened.gate.examine_alert(opened.gate.whoami(), AlertId(alert_id))


def _raised_until_killed(
    opened: Opened, folder: Path, prefix: str, chance: np.random.Generator
) -> set[str]:
    """Start the process, let it raise some alerts, kill it between or within them."""
    arguments = [str(folder / "home"), str(opened.path), opened.deployment.run, prefix]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.raising_process", *arguments],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        printed = {process.stdout.readline().strip()}
        time.sleep(float(chance.uniform(0, 0.4)))
        process.send_signal(signal.SIGKILL)
        printed |= {line.strip() for line in process.stdout}
    return {alert_id for alert_id in printed if alert_id}
