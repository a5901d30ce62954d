"""Lock 2: every public method of the gate authorises first, and a refusal leaves one line."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from sqlalchemy import select

from overt.errors import NotPermitted
from overt.gate.gate import Gate, open_gate
from overt.identifiers import ActorId
from overt.policy.access import Actor
from overt.records.schema import AuditRow
from overt.records.work import Reading
from overt.units import Clock

WITHOUT_AN_ACTOR: Final = frozenset({"whoami"})
"""It says who the actor is; that is where an actor comes from."""

NOBODY: Final = Actor(ActorId("nobody-in-particular"), frozenset())


def _methods() -> list[str]:
    found = inspect.getmembers(Gate, inspect.isfunction)
    return [name for name, _ in found if not name.startswith("_") and name not in WITHOUT_AN_ACTOR]


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    with open_gate(tmp_path_factory.mktemp("home"), Clock()) as opened:
        yield opened


def _call_with_junk(method: Callable[..., Any]) -> None:
    asked = list(inspect.signature(method).parameters.values())[1:]
    by_name = {each.name: object() for each in asked if each.kind is each.KEYWORD_ONLY}
    by_place = [object() for each in asked if each.kind is each.POSITIONAL_OR_KEYWORD]
    method(NOBODY, *by_place, **by_name)


def _events(gate: Gate) -> list[str]:
    with Reading(gate._records) as reading:
        return list(reading.session.scalars(select(AuditRow.event).order_by(AuditRow.seq)))


@pytest.mark.parametrize("name", _methods())
def test_a_method_refuses_an_actor_without_roles_before_it_looks_at_anything(
    gate: Gate, name: str
) -> None:
    before = _events(gate)
    with pytest.raises(NotPermitted):
        _call_with_junk(getattr(gate, name))
    assert _events(gate)[len(before) :] == ["refused"]


@pytest.mark.parametrize("name", _methods())
def test_a_method_takes_the_actor_first_and_is_no_generator(name: str) -> None:
    method = inspect.unwrap(getattr(Gate, name))
    assert list(inspect.signature(method).parameters)[1] == "actor"
    assert not inspect.isgeneratorfunction(method)


def test_the_gate_shows_nothing_but_methods(gate: Gate) -> None:
    assert [name for name in vars(gate) if not name.startswith("_")] == []
