"""Lock 2: every public method of the gate authorises first, by one table, and tells a refusal."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import pytest
from sqlalchemy import select
from tests.fakes.staff import STAFF, actor, employ

from overt.errors import NotPermitted
from overt.gate.account_standing import camera_actor
from overt.gate.gate import Gate, open_gate
from overt.identifiers import ActorId, DeploymentId
from overt.policy.access import OF_PROCESSES, ROLES, Actor, Permission, Role
from overt.policy.doors import METHODS, WITHOUT_AN_ACTOR
from overt.records.schema import AuditRow
from overt.records.work import Reading
from overt.units import Clock

NOBODY: Final = Actor(ActorId("nobody-in-particular"), frozenset())
PRETENDER: Final = Actor(ActorId("nobody-in-particular"), frozenset(Role) - {Role.CAMERA})
A_CAMERA_OF_NOTHING: Final = camera_actor(DeploymentId("no-such-deployment"))


def _methods() -> list[str]:
    found = inspect.getmembers(Gate, inspect.isfunction)
    return [name for name, _ in found if not name.startswith("_") and name not in WITHOUT_AN_ACTOR]


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    with open_gate(tmp_path_factory.mktemp("home"), Clock()) as opened:
        yield opened


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gate, Actor]]:
    clock = Clock()
    with open_gate(tmp_path_factory.mktemp("staffed"), clock) as opened:
        yield opened, employ(opened, clock.now())


def _call_with_junk(method: Callable[..., Any], who: Actor) -> None:
    asked = list(inspect.signature(method).parameters.values())[1:]
    by_name = {each.name: object() for each in asked if each.kind is each.KEYWORD_ONLY}
    by_place = [object() for each in asked if each.kind is each.POSITIONAL_OR_KEYWORD]
    method(who, *by_place, **by_name)


def _events(gate: Gate) -> list[str]:
    with Reading(gate._records) as reading:
        return list(reading.session.scalars(select(AuditRow.event).order_by(AuditRow.seq)))


@pytest.mark.parametrize(
    "who", [NOBODY, PRETENDER, A_CAMERA_OF_NOTHING], ids=["nobody", "pretender", "camera"]
)
@pytest.mark.parametrize("name", _methods())
def test_a_method_refuses_whoever_has_no_roles_before_it_looks_at_anything(
    gate: Gate, name: str, who: Actor
) -> None:
    before = _events(gate)
    with pytest.raises(NotPermitted):
        _call_with_junk(getattr(gate, name), who)
    assert _events(gate)[len(before) :] == ["refused"]


@pytest.mark.parametrize("name", _methods())
def test_a_method_takes_the_actor_first_and_is_no_generator(name: str) -> None:
    method = inspect.unwrap(getattr(Gate, name))
    assert list(inspect.signature(method).parameters)[1] == "actor"
    assert not inspect.isgeneratorfunction(method)


def test_the_gate_shows_nothing_but_methods(gate: Gate) -> None:
    assert [name for name in vars(gate) if not name.startswith("_")] == []


@pytest.mark.requirement("R68")
def test_the_table_of_permissions_names_every_method_and_no_other() -> None:
    assert sorted(METHODS) == _methods()


@pytest.mark.requirement("R68")
@pytest.mark.parametrize("name", _methods())
def test_a_method_lets_in_exactly_the_roles_of_the_table(
    staffed: tuple[Gate, Actor], name: str
) -> None:
    gate, administrator = staffed
    let_in: set[Role] = set()
    for who in (administrator, *map(actor, STAFF)):
        try:
            with suppress(Exception):  # junk is no argument; what counts is the door
                _call_with_junk(_telling(getattr(gate, name)), who)
                let_in |= who.roles
        except _TurnedAway:
            continue
        let_in |= who.roles
    granted = {role for role in set(Role) - OF_PROCESSES if METHODS[name] in ROLES[role]}
    assert let_in == granted - {Role.FOUNDER}


class _TurnedAway(BaseException):
    """The door's refusal, apart from every other way in which a call with junk ends."""


def _telling(method: Callable[..., Any]) -> Callable[..., Any]:
    def told(*by_place: Any, **by_name: Any) -> Any:
        try:
            return method(*by_place, **by_name)
        except NotPermitted as refusal:
            raise _TurnedAway from refusal

    told.__signature__ = inspect.signature(method)  # type: ignore[attr-defined]  # as inspect reads it
    return told


def test_every_role_has_a_row_and_every_permission_a_holder() -> None:
    assert ROLES.keys() == set(Role)
    assert {p for permissions in ROLES.values() for p in permissions} == set(Permission)
