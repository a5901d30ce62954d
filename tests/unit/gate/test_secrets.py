"""Cameras' secrets: sealed, replaced, destroyed; filled in only for whoever opens the camera."""

from dataclasses import replace

import pytest
from tests.fakes.authority import Force
from tests.fakes.deployment_files import consent

from overt.errors import NotPermitted, Refused
from overt.gate.account_standing import camera_actor
from overt.identifiers import ActorId, DeploymentId
from overt.policy.access import Actor, Role
from overt.records.schema import DataKeyRow
from overt.records.vault import KeyKind
from overt.records.work import Reading

CAMERA = consent().cameras[0]
HOLDER = camera_actor(DeploymentId("walk-1"))


@pytest.fixture(autouse=True)
def signed(force: Force) -> None:
    """Have the deployment of which the camera is one."""
    force.ready()


def test_a_secret_is_filled_in_for_the_process_that_holds_the_camera(force: Force) -> None:
    force.gate.set_secret(force.actor, "north", "admin:p@ss")
    assert force.gate.camera_address(HOLDER, CAMERA) == "rtsp://admin:p%40ss@192.0.2.10/stream"
    assert force.last("secret-used") == {"camera": "north", "secrets": 1}


def test_an_operator_cannot_read_a_secret(force: Force) -> None:
    operator = Actor(ActorId("op"), frozenset({Role.OPERATOR}))
    with pytest.raises(NotPermitted):
        force.gate.camera_address(operator, CAMERA)


def test_a_secret_that_is_not_there_is_named_with_the_command_that_sets_it(force: Force) -> None:
    with pytest.raises(
        Refused, match=r"camera north needs the secret north.*overt secrets set north"
    ):
        force.gate.camera_address(HOLDER, CAMERA)


def test_a_camera_without_a_secret_needs_none(force: Force) -> None:
    plain = replace(CAMERA, source="clip.mp4")
    assert force.gate.camera_address(HOLDER, plain) == "clip.mp4"


def test_a_new_value_destroys_the_old_one(force: Force) -> None:
    force.gate.set_secret(force.actor, "north", "old:one")
    force.gate.set_secret(force.actor, "north", "new:one")
    assert "new:one" in force.gate.camera_address(HOLDER, CAMERA)
    with Reading(force.gate._records) as reading:
        keys = reading.session.query(DataKeyRow).where(DataKeyRow.kind == KeyKind.SECRETS)
        kept = [key.id for key in keys if key.destroyed_at is None]
        gone = {key.id for key in keys if key.destroyed_at is not None}
    assert len(kept) == len(gone) == 1
    assert set(kept) == force.gate._records.keys.ids() & (set(kept) | gone)


def test_only_names_are_listed(force: Force) -> None:
    force.gate.set_secret(force.actor, "north", "admin:hunter2")
    (line,) = force.gate.secrets(force.actor)
    assert line.name == "north"
    assert "hunter2" not in repr(line)


def test_a_deleted_secret_is_gone(force: Force) -> None:
    force.gate.set_secret(force.actor, "north", "admin:hunter2")
    force.gate.delete_secret(force.actor, "north")
    assert force.gate.secrets(force.actor) == ()
    with pytest.raises(Refused, match="there is no secret 'north'"):
        force.gate.delete_secret(force.actor, "north")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("", "x"),
        ("a b", "x"),
        ("../x", "x"),
        ("n", ""),
        ("n", "a\nb"),
        ("n", "a\x00b"),
        ("n", "x" * 1001),
    ],
)
def test_a_name_or_value_that_is_none_is_refused(force: Force, name: str, value: str) -> None:
    with pytest.raises(Refused):
        force.gate.set_secret(force.actor, name, value)
    assert force.gate.secrets(force.actor) == ()


def test_a_secret_lies_open_nowhere(force: Force) -> None:
    force.gate.set_secret(force.actor, "north", "admin:hunter2hunter2")
    force.gate.camera_address(HOLDER, CAMERA)
    for path in (force.folder / "home").rglob("*"):
        if path.is_file():
            assert b"hunter2hunter2" not in path.read_bytes()
