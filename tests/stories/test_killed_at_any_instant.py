"""Killed with SIGKILL at any instant, the records hold every alert that was shown and no half one.

A child raises alerts in a loop and tells each id after its act has committed; it is killed at a
random instant, while it opens the records, reads them or writes. The next one looks first whether
everything that was told is there, whole.
"""

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from sqlalchemy import select
from tests.fakes.lists_and_alerts import keep_alert, keep_deployment

from overt.audit.events import AuditEvent
from overt.audit.verify import verify
from overt.gate.gate import Gate, open_gate
from overt.identifiers import AlertId
from overt.policy.access import Permission
from overt.records.schema import AlertRow, AuditRow, EvidenceRow
from overt.records.vault import Place
from overt.records.work import Reading
from overt.units import Clock, Seconds, later

INSTANTS: Final = 300
PROBE: Final = b"\xff\xd8" + bytes(6000)


def _raise_until_killed(home: Path, told: set[AlertId], tell: Connection) -> None:
    with open_gate(home, Clock()) as gate:
        _require_whole(gate, told)
        actor = gate.whoami()
        with gate._as(actor, Permission.ALERT_READ) as work:
            dies = later(work.now, Seconds(1e7))
            deployment = keep_deployment(work, dies=dies, name=f"d{work.now.timestamp()}")
        tell.send("ready")
        while True:
            with gate._as(actor, Permission.ALERT_READ) as work:
                alert = keep_alert(work, deployment, dies=dies, subject="S1", evidence=PROBE)
            tell.send(alert)


def _killed_after(
    seconds: float, home: Path, told: set[AlertId], *, once_ready: bool
) -> set[AlertId]:
    """Let a child raise alerts and kill it; give the ids that it told."""
    hear, tell = CONTEXT.Pipe(duplex=False)
    child = CONTEXT.Process(target=_raise_until_killed, args=(home, told, tell))
    child.start()
    tell.close()
    if once_ready:
        assert hear.recv() == "ready"  # else what it found was not whole: see its error
    child.join(seconds)
    child.kill()
    child.join()
    assert child.exitcode == -9
    return {AlertId(said) for said in _rest_of(hear) if said != "ready"}


def _rest_of(hear: Connection) -> list[str]:
    said = []
    try:
        while True:
            said.append(hear.recv())
    except (EOFError, OSError):  # the end, or half a message
        hear.close()
    return said


CONTEXT: Final[ForkServerContext] = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.fakes.opened_before", __name__])


def _kept(gate: Gate) -> set[AlertId]:
    """Give the alerts in the records, each of them whole."""
    with Reading(gate._records) as reading:
        alerts = set(reading.session.scalars(select(AlertRow.id)))
        evidence = reading.session.scalars(select(EvidenceRow.alert_id)).all()
        lines = reading.session.scalars(
            select(AuditRow.seq).where(AuditRow.event == "alert-raised")
        ).all()
    assert len(evidence) == len(lines) == len(alerts)
    assert set(evidence) == alerts
    return alerts


def _require_whole(gate: Gate, told: set[AlertId]) -> None:
    assert told <= _kept(gate)
    _newest_opens(gate)


def _newest_opens(gate: Gate) -> None:
    newest = select(AlertRow).order_by(AlertRow.audit_id.desc()).limit(1)
    with gate._as(gate.whoami(), Permission.ALERT_READ) as work:
        alert = work.session.scalars(newest).one_or_none()
        work.audit(AuditEvent.ALERT_READ, justification="a test")
        if alert is not None:
            row = work.session.scalars(
                select(EvidenceRow).where(EvidenceRow.alert_id == alert.id)
            ).one()
            place = Place("alert_evidence", row.id, "probe")
            assert work.data_key(alert.data_key_id).unseal(row.sealed, place) == PROBE


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_alert_that_was_shown_is_lost_and_none_is_half_written(tmp_path: Path) -> None:
    chance = np.random.default_rng(20261123)
    told: set[AlertId] = set()
    for instant in range(INSTANTS):
        told |= _killed_after(
            chance.uniform(0, 0.1), tmp_path / "home", told, once_ready=bool(instant % 4)
        )
    assert len(told) > 50  # most instants fell among acts, on a slow machine too
    with open_gate(tmp_path / "home", Clock()) as gate:
        _require_whole(gate, told)
        done = gate.export_audit(gate.whoami(), tmp_path / "log")
        with done.file.open("rb") as file:
            assert verify(file, gate._records.signer.verifier).lines == done.lines


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_while_it_is_made_a_home_is_made_by_the_next_command(tmp_path: Path) -> None:
    chance = np.random.default_rng(20261124)
    for instant in range(60):
        home = tmp_path / f"home{instant}"
        _killed_after(chance.uniform(0, 0.25), home, set(), once_ready=False)
        with open_gate(home, Clock()) as gate:
            assert gate.whoami().roles
            _kept(gate)
