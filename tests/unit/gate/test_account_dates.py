"""An account lives as long as the log that names it; nobody is locked out by a date."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.fakes.authority import Hands

from overt.gate.gate import Gate, open_gate
from overt.identifiers import ActorId
from overt.policy.access import Role
from overt.policy.retention import DAYS_OF_AUDIT
from overt.records.schema import ActorRoleRow, ActorRow, DataKeyRow
from overt.records.work import Reading
from overt.units import UtcTime

LIFE = timedelta(days=DAYS_OF_AUDIT)
BEN, CAI = ActorId("ben"), ActorId("cai")
pytestmark = pytest.mark.requirement("R54")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def hands(home: Path) -> Hands:
    """Hands of a clock, after somebody was given two accounts to look after."""
    hands = Hands()
    with open_gate(home, hands.clock()) as gate:
        founder = gate.whoami()
        for who in (BEN, CAI):
            gate.add_user(founder, who)
            gate.grant_roles(founder, who, frozenset({Role.OPERATOR}))
    return hands


def accounts(gate: Gate) -> set[ActorId]:
    with Reading(gate._records) as reading:
        return set(reading.session.scalars(select(ActorRow.id)))


def test_an_account_that_nobody_uses_goes_with_its_roles_and_one_in_use_stays(
    home: Path, hands: Hands
) -> None:
    hands.forward(LIFE / 2)
    with open_gate(home, hands.clock()) as gate:
        founder, until = gate.whoami(), UtcTime(gate._clock.now() + timedelta(days=9))
        gate.record_training(founder, BEN, frozenset({Role.OPERATOR}), until=until)
    hands.forward(LIFE / 2)
    with open_gate(home, hands.clock()) as gate:
        assert accounts(gate) == {gate.whoami().id, BEN}
        with Reading(gate._records) as reading:
            assert CAI not in set(reading.session.scalars(select(ActorRoleRow.actor_id)))
        events = [line.event for line in gate.audit_lines(gate.whoami(), None)]
        assert events.count("account-kept") == 1  # the founder's, whose own acts put it off
        assert "purge-late" not in events


def test_the_last_who_administers_is_never_taken_by_a_clock_set_far_ahead(
    home: Path, hands: Hands
) -> None:
    hands.forward(LIFE * 5)
    with open_gate(home, hands.clock()) as gate:
        assert accounts(gate) == {gate.whoami().id}
        gate.add_user(gate.whoami(), ActorId("dee"))


def test_the_number_of_a_key_goes_six_years_after_the_key(home: Path, hands: Hands) -> None:
    with open_gate(home, hands.clock()) as gate:
        gate.set_secret(gate.whoami(), "north", "admin:hunter2")
    for years, left in ((2, 1), (5, 1), (4, 0)):
        hands.forward(timedelta(days=366 * years))
        with open_gate(home, hands.clock()) as gate, Reading(gate._records) as reading:
            assert len(reading.session.scalars(select(DataKeyRow.id)).all()) == left, years
