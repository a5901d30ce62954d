"""Which alerts are tests of whoever judges them: marked in sealed records and nowhere else (R42)."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.gate.account_standing import Act, lines_of
from overt.identifiers import AlertId
from overt.policy.retention import RecordKind, delete_after
from overt.records.schema import DecoyRow
from overt.records.vault import KeyKind, Place
from overt.records.work import UnitOfWork, fresh_id


@dataclass(frozen=True, slots=True)
class Mark:
    alert: AlertId
    same_person: bool
    """Whether the two images of the decoy show one person."""


def keep_mark(work: UnitOfWork, mark: Mark, line: int, governed_by: str) -> None:
    key = work.new_data_key(KeyKind.ALERT, line)
    row_id = fresh_id()
    told = json.dumps({"alert": mark.alert, "same_person": mark.same_person}).encode()
    work.keep(
        DecoyRow(
            id=row_id,
            sealed=key.seal(told, _place(row_id)),
            data_key_id=key.id,
            governed_by=governed_by,
            audit_id=line,
            delete_after=delete_after(RecordKind.DECOY, None, work.now),
        )
    )


def marks(work: UnitOfWork) -> tuple[Mark, ...]:
    rows = work.session.scalars(select(DecoyRow).order_by(DecoyRow.audit_id)).all()
    return tuple(_mark(work, row) for row in rows)


def is_decoy(work: UnitOfWork, alert: AlertId) -> bool:
    return any(mark.alert == alert for mark in marks(work))


def lines_of_decoys(act: Act) -> list[int]:
    """The lines that tell of a decoy planted, for counts that leave decoys out."""
    return [line.seq for line in lines_of(act, AuditEvent.DECOY_PLANTED)]


def _mark(work: UnitOfWork, row: DecoyRow) -> Mark:
    told = json.loads(work.data_key(row.data_key_id).unseal(row.sealed, _place(row.id)))
    return Mark(AlertId(told["alert"]), told["same_person"])


def _place(row_id: str) -> Place:
    return Place("decoys", row_id, "mark")
