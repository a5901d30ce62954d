"""A deployment runs only under its signature, inside its window, once; then it only narrows."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.authority import LIST, PACK, Force, Hands, a_force
from tests.fakes.deployment_files import NOW
from tests.fakes.lists import row
from tests.fakes.packs import write_own_pack
from tests.fakes.police import Police

from overt.errors import NotPermitted, Refused
from overt.gate.open_deployment import OpenDeployment
from overt.identifiers import CameraId, DeploymentId, RunId, SubjectId, WatchlistName
from overt.policy.access import Permission, Role, require
from overt.units import iso


def refusal(force: Force) -> str:
    with pytest.raises(Refused) as refused:
        force.open()
    assert force.last("refused")["to"] == "run a deployment"
    return str(refused.value)


def why_closed(force: Force, deployment: OpenDeployment) -> str | None:
    return force.gate.standing(deployment.actor, deployment).closed_because


def test_a_signed_deployment_opens_inside_its_window(ready: Force) -> None:
    opened = ready.open()
    assert opened.list_size == 3
    assert opened.closes_at == NOW + timedelta(hours=1)
    assert opened.cameras[0].source == "rtsp://{secret:north}@192.0.2.10/stream"
    assert ready.last("deployment-opened")["closes_at"] == iso(opened.closes_at)


def test_a_camera_process_may_raise_alerts_and_open_its_camera_and_nothing_else(
    ready: Force,
) -> None:
    actor = ready.open().actor
    assert actor.roles == {Role.CAMERA}
    for permission in set(Permission) - {Permission.ALERT_RAISE, Permission.SECRET_USE}:
        with pytest.raises(NotPermitted):
            require(actor, permission)


@pytest.mark.requirement("R9")
def test_a_foreign_camera_is_refused(ready: Force) -> None:
    opened = ready.open()
    assert opened.camera(CameraId("north")).id == "north"
    with pytest.raises(Refused, match="camera 'south' is not in the signed deployment walk-1"):
        opened.camera(CameraId("south"))


@pytest.mark.requirement("R1")
def test_an_unsigned_deployment_does_not_open(ready: Force) -> None:
    ready.toml.with_name("deployment.toml.sig").unlink()
    assert "not signed" in refusal(ready)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"threshold": "0.45"}, "threshold: signed 0.5, now 0.45"),
        ({"watchlist": '"others"'}, "watchlist: signed"),
        ({"precision": '"bf16"'}, "precision: signed"),
        ({"place": '"Elsewhere"'}, "place: signed"),
        ({"ends_at": "2026-11-30T23:00:00Z"}, "ends_at: signed"),
        ({"camera": {"id": '"south"'}}, "cameras 1.id: signed"),
        ({"camera": {"source": '"/dev/video0"'}}, "cameras 1.source: signed"),
        ({"camera": {"zone": "[[0, 0], [1, 0], [1, 1]]"}}, "cameras 1.zone: signed"),
        ({"camera": {"min_eye_distance_px": "12"}}, "cameras 1.min_eye_distance_px: signed"),
    ],
)
def test_an_altered_deployment_does_not_open(
    ready: Force, changes: dict[str, str], said: str
) -> None:
    ready.write_deployment(**changes)
    assert said in refusal(ready)


@pytest.mark.requirement("R34")
def test_another_pack_of_the_same_name_does_not_open(ready: Force) -> None:
    folder = ready.folder / "models" / PACK
    folder.rename(ready.folder / "was")
    write_own_pack(ready.folder / "models", PACK, allows='"demonstration"')
    assert "R34  the model pack and precision are the signed ones" in refusal(ready)


def test_another_list_of_the_same_name_does_not_open(ready: Force) -> None:
    ready.gate.delete_watchlist(ready.actor, LIST)
    ready.import_people(2)
    assert "R17  the watchlist is the signed one" in refusal(ready)


@pytest.mark.requirement("R17")
def test_importing_a_list_again_brings_nobody_back_who_was_stood_down(ready: Force) -> None:
    digest = ready.gate.watchlist(ready.actor, LIST).line.digest
    ready.gate.stand_down(ready.actor, LIST, SubjectId("S1"), reason="arrested")
    ready.gate.delete_watchlist(ready.actor, LIST)
    ready.hands.forward(timedelta(seconds=1))
    assert ready.import_people(3).digest == digest
    assert "after it was signed" in refusal(ready)


def test_a_list_that_was_deleted_does_not_open(ready: Force) -> None:
    ready.gate.delete_watchlist(ready.actor, LIST)
    assert "there is no watchlist volunteers" in refusal(ready)


def test_what_a_revoked_key_signed_does_not_open(ready: Force) -> None:
    ready.gate.revoke_officer_key(ready.actor, ready.key.with_suffix(".pub"))
    assert "is revoked" in refusal(ready)


@pytest.mark.requirement("R3")
def test_before_its_window_a_deployment_does_not_open(ready: Force) -> None:
    later = NOW + timedelta(hours=2)
    ready.sign(starts_at=later.strftime("%Y-%m-%dT%H:%M:%SZ"), ends_at="2026-11-30T20:00:00Z")
    assert "is not yet open; it opens in 2 h" in refusal(ready)


@pytest.mark.requirement("R3")
def test_after_its_window_a_deployment_does_not_open_and_the_end_is_kept(ready: Force) -> None:
    ready.hands.forward(timedelta(hours=1))
    assert "is over since" in refusal(ready)
    assert ready.events().count("deployment-closed") == 1
    assert "it ended at" in refusal(ready)
    assert ready.events().count("deployment-closed") == 1


@pytest.mark.requirement("R3")
def test_a_clock_that_steps_back_reopens_nothing(ready: Force) -> None:
    ready.hands.forward(timedelta(hours=1))
    refusal(ready)
    ready.gate._records.close()
    with a_force(ready.folder, Hands()) as earlier:  # the machine says it is NOW again
        assert "it ended at" in refusal(earlier)


def test_an_ended_deployment_stays_ended_when_it_is_signed_again_unchanged(ready: Force) -> None:
    opened = ready.open()
    ready.hands.forward(timedelta(hours=1))
    ready.gate.close_run(ready.actor, opened, {})
    with pytest.raises(Refused, match="is over since"):
        ready.gate.sign_deployment(ready.actor, ready.toml, ready.key)


@pytest.mark.requirement("R3")
def test_an_extension_takes_a_new_signature_and_then_opens(ready: Force) -> None:
    opened = ready.open()
    ready.hands.forward(timedelta(hours=1))
    ready.gate.close_run(ready.actor, opened, {})
    ready.write_deployment(ends_at="2026-11-30T14:00:00Z")
    assert "ends_at: signed" in refusal(ready)
    ready.gate.sign_deployment(ready.actor, ready.toml, ready.key)
    assert ready.open().closes_at == NOW.replace(hour=14)


def test_what_a_later_signature_replaced_does_not_open(ready: Force) -> None:
    signature = ready.toml.with_name("deployment.toml.sig")
    old = ready.toml.read_bytes(), signature.read_bytes()
    ready.hands.forward(timedelta(seconds=1))
    ready.sign(threshold="0.6")
    ready.toml.write_bytes(old[0])
    signature.write_bytes(old[1])
    assert "signed anew at" in refusal(ready)


def test_a_deployment_runs_once_at_a_time(ready: Force) -> None:
    opened = ready.open()
    assert "is running already" in refusal(ready)
    ready.gate.close_run(ready.actor, opened, {"frames": 1})
    assert ready.open().run != opened.run


def test_a_run_that_died_does_not_bar_the_next(ready: Force) -> None:
    opened = ready.open()
    ready.gate._running.pop(opened.run).release()  # as when its process is killed
    with pytest.raises(Refused, match="no run of 'walk-1' is going on"):
        ready.gate.request_stop(ready.actor, opened.id)
    again = ready.open()
    assert why_closed(ready, again) is None
    assert why_closed(ready, opened) == "the run was ended"


def test_the_process_of_a_camera_joins_the_run(ready: Force) -> None:
    opened = ready.open()
    assert ready.gate.join_run(ready.actor, ready.toml, opened.run) == opened
    with pytest.raises(Refused, match="is not going on"):
        ready.gate.join_run(ready.actor, ready.toml, RunId("none"))
    ready.gate.close_run(ready.actor, opened, {})
    with pytest.raises(Refused, match="is not going on"):
        ready.gate.join_run(ready.actor, ready.toml, opened.run)


def test_a_camera_cannot_join_once_the_file_was_altered(ready: Force) -> None:
    opened = ready.open()
    ready.write_deployment(threshold="0.45")
    with pytest.raises(Refused, match="threshold: signed"):
        ready.gate.join_run(ready.actor, ready.toml, opened.run)


def test_a_stop_is_asked_for_and_seen_and_forgotten_by_the_next_run(ready: Force) -> None:
    opened = ready.open()
    ready.gate.request_stop(ready.actor, opened.id)
    assert why_closed(ready, opened) == f"{ready.actor.id} asked it to stop"
    ready.gate.close_run(ready.actor, opened, {})
    assert why_closed(ready, ready.open()) is None


def test_what_does_not_run_cannot_be_stopped(ready: Force) -> None:
    with pytest.raises(Refused, match="no run of 'nothing' is going on"):
        ready.gate.request_stop(ready.actor, DeploymentId("nothing"))


@pytest.mark.requirement("R3")
def test_a_run_closes_when_its_window_does(ready: Force) -> None:
    opened = ready.open()
    ready.hands.forward(timedelta(minutes=59))
    assert why_closed(ready, opened) is None
    ready.hands.forward(timedelta(minutes=1))
    assert why_closed(ready, opened) == "the window ended"


def test_a_run_closes_when_its_authority_goes(ready: Force) -> None:
    opened = ready.open()
    ready.gate.revoke_officer_key(ready.actor, ready.key.with_suffix(".pub"))
    assert why_closed(ready, opened) == "the officer's key was revoked"


def test_a_run_closes_when_its_list_goes(ready: Force) -> None:
    opened = ready.open()
    ready.gate.delete_watchlist(ready.actor, LIST)
    assert why_closed(ready, opened) == "the watchlist was deleted"
    with pytest.raises(Refused, match="was deleted"):
        ready.gate.live_list(opened.actor, opened)


def test_a_run_closes_when_the_deployment_is_signed_anew(ready: Force) -> None:
    opened = ready.open()
    ready.sign(threshold="0.6")
    assert why_closed(ready, opened) == "the deployment was signed anew"


@pytest.mark.requirement("R17")
def test_a_stand_down_reaches_a_running_deployment_at_once(ready: Force) -> None:
    opened = ready.open()
    assert ready.gate.standing(opened.actor, opened).revision == 0
    ready.gate.stand_down(ready.actor, LIST, SubjectId("S2"), reason="withdrew")
    standing = ready.gate.standing(opened.actor, opened)
    assert standing.revision == 1
    assert list(standing.stood_down) == ["S2"]
    listed = ready.gate.live_list(opened.actor, opened)
    assert listed.gallery.subject_ids == ("S1", "S3")


@pytest.mark.requirement("R23")
def test_somebody_past_review_is_not_looked_for(force: Force) -> None:
    force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
    rows = (
        row(subject_id="S1", image="s1.png", review_by="2026-11-30"),
        row(subject_id="S2", image="s2.png"),
    )
    force.gate.import_watchlist(force.actor, force.order(force.write_list(*rows)))
    force.hands.forward(timedelta(days=1))
    force.sign()
    opened = force.open()
    assert force.gate.live_list(opened.actor, opened).gallery.subject_ids == ("S2",)


@pytest.mark.requirement("R22")
def test_alerts_learn_who_resembles_whom_both_ways(force: Force) -> None:
    force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
    rows = (row(image="s1.png", lookalikes="S2; a twin"), row(subject_id="S2", image="s2.png"))
    force.gate.import_watchlist(force.actor, force.order(force.write_list(*rows)))
    force.sign()
    opened = force.open()
    alike = force.gate.live_list(opened.actor, opened).lookalikes
    assert set(alike[SubjectId("S1")]) == {"S2", "a twin"}
    assert alike[SubjectId("S2")] == ("S1",)


def test_the_summary_of_a_run_is_kept(ready: Force) -> None:
    opened = ready.open()
    ready.gate.close_run(ready.actor, opened, {"frames": 100})
    with pytest.raises(Refused, match="is not going on"):
        ready.gate.close_run(ready.actor, opened, {"frames": 1})
    assert ready.events()[-2:] != ["run-ended", "run-ended"]


@pytest.mark.requirement("R52")
def test_a_police_list_dies_with_its_deployment(police: Police) -> None:
    opened, gate = police.ready().opened(), police.force.gate
    police.force.hands.forward(timedelta(hours=5))
    gate.close_run(police.operator, opened, {})
    gate.expire(police.operator)
    assert gate.watchlists(police.builder) == ()


def test_a_list_of_consenting_people_outlives_a_run(ready: Force) -> None:
    opened = ready.open()
    ready.hands.forward(timedelta(hours=2))
    ready.gate.close_run(ready.actor, opened, {})
    ready.gate.expire(ready.actor)
    assert [line.name for line in ready.gate.watchlists(ready.actor)] == [LIST]


def test_a_list_under_another_name_serves_only_its_own_deployment(ready: Force) -> None:
    ready.import_people(3, name=WatchlistName("again"))
    opened = ready.open()
    ready.gate.stand_down(ready.actor, WatchlistName("again"), SubjectId("S1"), reason="left")
    assert ready.gate.standing(opened.actor, opened).stood_down == frozenset()


def test_relative_sources_are_relative_to_the_deployment(ready: Force) -> None:
    assert ready.open().base == Path(ready.toml).parent
