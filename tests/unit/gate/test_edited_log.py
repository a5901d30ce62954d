"""The log edited behind overt's back, for as long as an act takes: no rule can be got round so."""

from collections.abc import Callable

import pytest
from tests.fakes.authority import Force
from tests.fakes.meddling import meddled
from tests.fakes.police import ID, Police

from overt.audit.events import AuditEvent
from overt.gate.gate import expire_by_itself
from overt.policy.access import Role
from overt.records.guard import AlteredRecords
from overt.records.work import UnitOfWork

pytestmark = [pytest.mark.requirement("R55"), pytest.mark.requirement("R57")]

Step = Callable[[Police], object]


def attempted(police: Police, step: Step, *statements: str) -> None:
    """The log is edited, the act tried and refused; the log is put back, and tells of it."""
    edited = meddled(police.force.folder / "home", *statements)
    with edited, pytest.raises(AlteredRecords, match=r"altered outside overt: audit \(\d+\)"):
        step(police)
    told = police.force.last("refused")["reason"]
    assert "altered outside overt: audit (" in told
    assert "overt restore" in told


def replaced(event: str, old: str, new: str) -> str:
    return f"UPDATE audit SET line = replace(line, '{old}', '{new}') WHERE event = '{event}'"


@pytest.mark.requirement("R10")
def test_one_officer_is_not_made_two(police: Police) -> None:
    police.ready().present(officers=1)
    attempted(police, Police.opened, replaced("checked-in", '"officers":1', '"officers":2'))
    police.present(officers=2).opened()  # what was put back is believed, and goes on


SUSPENDED = "WHERE event = 'deployment-suspended'"


@pytest.mark.requirement("R33")
@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM audit {SUSPENDED}",
        f"UPDATE audit SET event = 'users-read' {SUSPENDED}",
        replaced("deployment-suspended", ID, "another"),
        f"UPDATE audit SET event = 'deployment-resumed' {SUSPENDED}",
    ],
)
def test_a_suspension_is_not_hidden(police: Police, statement: str) -> None:
    gate, opened = police.force.gate, police.ready().opened()
    gate.suspend_deployment(police.operator, ID, reason="too many doubts")
    gate.close_run(police.operator, opened, {})
    attempted(police, Police.opened, statement)


@pytest.mark.requirement("R15")
@pytest.mark.parametrize("event", ["watchlist-imported", "deployment-submitted"])
def test_who_did_the_rest_is_not_rewritten_before_somebody_signs(
    police: Police, event: str
) -> None:
    police.before_the_signature()
    attempted(police, Police.signed, replaced(event, '"actor":"lis"', '"actor":"eve"'))


@pytest.mark.requirement("R62")
def test_a_test_that_was_not_acceptable_is_not_made_so(police: Police) -> None:
    police.wanted().verified().tested(acceptable=False).written().submitted()
    told = replaced("evidence-recorded", '"acceptable":false', '"acceptable":true')
    attempted(police, Police.signed, told)


@pytest.mark.requirement("R68")
def test_a_withdrawn_role_does_not_come_back(police: Police) -> None:
    gate, administrator = police.force.gate, police.administrator
    police.ready()
    gate.withdraw_roles(administrator, police.operator.id, frozenset({Role.OPERATOR}))
    hidden = "UPDATE audit SET event = 'users-read' WHERE event = 'role-revoked'"
    attempted(police, Police.opened, hidden)


@pytest.mark.requirement("R68")
def test_training_that_was_never_given_is_not_written_in(police: Police) -> None:
    attempted(police, Police.wanted, replaced("trained", "2", "3"))


@pytest.mark.requirement("R69")
def test_a_restriction_is_not_turned_to_somebody_else(police: Police) -> None:
    police.ready()
    with UnitOfWork(police.force.gate._records, police.administrator.id) as work:
        work.audit(AuditEvent.PROCESSING_RESTRICTED, request="r1", subject="S1")
    attempted(police, Police.opened, replaced("processing-restricted", '"S1"', '"S9"'))


def test_it_stands_in_the_log_also_where_nobody_had_been_let_in_yet(ready: Force) -> None:
    home = ready.folder / "home"
    edited = meddled(home, replaced("bootstrapped", "administrator", "auditor"))
    with edited, pytest.raises(AlteredRecords, match=r"audit \(1\) was altered"):
        ready.gate.whoami()
    assert ready.last("refused")["to"] == "say who acts"
    late = meddled(home, "UPDATE audit SET event = 'purge-late' WHERE seq = 2")
    with late, pytest.raises(AlteredRecords, match=r"audit \(2\) was altered"):
        expire_by_itself(ready.gate)
    assert ready.last("refused")["to"] == "delete what is due"


def test_what_the_log_tells_after_it_was_put_back_still_verifies(police: Police) -> None:
    police.ready().present(officers=1)
    attempted(police, Police.opened, replaced("checked-in", '"officers":1', '"officers":2'))
    gate, file = police.force.gate, police.force.folder / "log.jsonl"
    gate.export_audit(police.force.actor, file)
    assert b"altered outside overt: audit (" in file.read_bytes()
