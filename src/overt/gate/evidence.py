"""Tests of equal accuracy, put on record by an assessor who answers for them (R62).

What counts is the evidence file that `overt assure` writes, held against its report: the log keeps
the digest of both and what was found, the record the file itself. Going live takes one that covers
this pack, precision, threshold and list and is in force to the end of the window.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.audit.line import Line
from overt.config.canonical import canonical_json, digest_of
from overt.errors import Refused
from overt.gate.account_standing import lines_of
from overt.gate.door import Door
from overt.gate.list_reading import Act
from overt.identifiers import Digest
from overt.policy.access import Actor, Permission
from overt.policy.equality_evidence import EvidenceOnRecord
from overt.policy.evidence_file import EVIDENCE_FILE, REPORT_FILE, read_evidence, require_same
from overt.policy.retention import RecordKind, delete_after
from overt.records.schema import EvidenceOnRecordRow
from overt.records.work import UnitOfWork, fresh_id
from overt.units import UtcTime, iso, utc

TEN_THOUSANDTHS: Final = 10_000
"""A line of the log holds whole numbers only: thresholds are told in these."""
LARGEST_EVIDENCE: Final = 1_000_000
LARGEST_REPORT: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class EvidenceOrder:
    """What the assessor says of a test."""

    folder: Path
    """Where `overt assure` wrote: equality.json and the report.json that it sums up."""
    acceptable: bool
    conclusion: str
    valid_until: UtcTime | None = None
    """Earlier than the profile asks for."""


class EvidenceGate(Door):
    def record_evidence(self, actor: Actor, order: EvidenceOrder) -> EvidenceOnRecord:
        """Put a test on record; the newest one that covers a deployment decides."""
        self._permit(actor, Permission.EVIDENCE_RECORD)
        with self._telling_refusals(actor, Permission.EVIDENCE_RECORD):
            file = _whole_evidence(order.folder)
            _require_sense(order)
        with self._as(actor, Permission.EVIDENCE_RECORD) as work:
            if order.valid_until is not None and order.valid_until <= work.now:
                raise Refused(f"{iso(order.valid_until)} is past: such a test covers nothing")
            _put_down(work, actor, order, file)
            return evidence_on_record(work)[-1]

    def evidence(self, actor: Actor) -> tuple[EvidenceOnRecord, ...]:
        """Every test on record, oldest first."""
        with self._look(actor, Permission.DEPLOYMENT_READ) as reading:
            return evidence_on_record(reading)


def _whole_evidence(folder: Path) -> bytes:
    """The evidence file, after its report was found beside it and says the same."""
    file = _content(folder / EVIDENCE_FILE, LARGEST_EVIDENCE)
    report = _content(folder / REPORT_FILE, LARGEST_REPORT)
    require_same(
        read_evidence(file, str(folder / EVIDENCE_FILE)), report, str(folder / REPORT_FILE)
    )
    return file


def _content(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError as error:
        raise Refused(
            f"{path}: cannot be read: {error.strerror}; name the folder that overt assure "
            "identify or video wrote"
        ) from error
    if len(content) > most:
        raise Refused(f"{path}: larger than {most:,} bytes; overt assure wrote no such file")
    return content


def _require_sense(order: EvidenceOrder) -> None:
    if not order.conclusion.strip():
        raise Refused("say what the test showed: --conclusion TEXT")


def _put_down(work: UnitOfWork, actor: Actor, order: EvidenceOrder, file: bytes) -> None:
    tested = read_evidence(file, EVIDENCE_FILE)
    if tested.tested_on > work.now.date():
        raise Refused(f"{EVIDENCE_FILE}: tested on {tested.tested_on}, in the future")
    words = {"conclusion": order.conclusion.strip(), "pack": tested.pack_name}
    line = work.audit(
        AuditEvent.EVIDENCE_RECORDED,
        evidence=digest_of(file),
        pack=tested.pack,
        precision=tested.precision,
        lowest=round(tested.lowest * TEN_THOUSANDTHS),
        highest=round(tested.highest * TEN_THOUSANDTHS),
        list_size=tested.list_size,
        tested_on=tested.tested_on.isoformat(),
        finding=tested.finding.value,
        valid_until=iso(order.valid_until) if order.valid_until else "",
        report=tested.report,
        acceptable=order.acceptable,
        words=digest_of(canonical_json(words)),
    )
    work.keep(
        EvidenceOnRecordRow(
            id=fresh_id(), by=actor.id, at=work.now,
            evidence={**words, "file": file.decode()}, audit_id=line,
            delete_after=delete_after(RecordKind.AUTHORISATION, None, work.now),
        )
    )  # fmt: skip


def evidence_on_record(act: Act) -> tuple[EvidenceOnRecord, ...]:
    return tuple(_on_record(act))


def _on_record(act: Act) -> Iterator[EvidenceOnRecord]:
    """What was typed in by hand, as older programs took it, is no evidence: nobody can check it."""
    for line in lines_of(act, AuditEvent.EVIDENCE_RECORDED):
        if "evidence" not in line.detail:
            continue
        file = _file_of(act, line)
        if file is not None:
            yield _as_told(line, file)


def _file_of(act: Act, line: Line) -> bytes | None:
    """None once its retention is over; refused where somebody altered it before."""
    row = act.session.scalar(
        select(EvidenceOnRecordRow).where(EvidenceOnRecordRow.audit_id == line.seq)
    )
    if row is None and act.now >= delete_after(RecordKind.AUTHORISATION, None, line.at):
        return None
    file = str((row.evidence or {}).get("file", "")).encode() if row is not None else b""
    if digest_of(file) != line.detail["evidence"]:
        raise Refused(
            f"the evidence of line {line.seq} of the log was altered outside overt: keep this copy "
            "for whoever looks into it, and restore a backup (overt restore)"
        )
    return file


def _as_told(line: Line, file: bytes) -> EvidenceOnRecord:
    told = line.detail
    return EvidenceOnRecord(
        tested=read_evidence(file, EVIDENCE_FILE),
        file=Digest(str(told["evidence"])),
        by=line.actor,
        valid_until=_time(str(told["valid_until"])),
        acceptable=told["acceptable"] is True,
    )


def _time(text: str) -> UtcTime | None:
    return utc(datetime.fromisoformat(text)) if text else None
