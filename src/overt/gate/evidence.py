"""Tests of equal accuracy, put on record by an assessor who answers for them (R62).

Going live takes one that covers this pack, precision and threshold and is in force to the end of
the window. The report itself lives elsewhere; its digest is in the log.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.audit.line import Line, read_line
from overt.config.canonical import canonical_json, digest_of
from overt.errors import Refused
from overt.gate.door import Door
from overt.gate.list_reading import Act
from overt.gate.proof_files import digest_of_file
from overt.identifiers import Digest
from overt.models.library import find_pack, search_folders
from overt.policy.access import Actor, Permission
from overt.policy.evidence import Evidence
from overt.policy.retention import RecordKind, delete_after
from overt.records.log import LINE
from overt.records.schema import AuditRow, EvidenceOnRecordRow
from overt.records.work import fresh_id
from overt.units import Similarity, UtcTime, iso, utc

TEN_THOUSANDTHS: Final = 10_000
"""A line of the log holds whole numbers only: thresholds are told in these."""


@dataclass(frozen=True, slots=True)
class EvidenceOrder:
    """What the assessor says of a report."""

    report: Path
    pack: str
    precision: str
    lowest: Similarity
    highest: Similarity
    list_size: int
    valid_until: UtcTime
    acceptable: bool
    conclusion: str


class EvidenceGate(Door):
    def record_evidence(self, actor: Actor, order: EvidenceOrder) -> Evidence:
        """Put a test on record; the newest one that covers a deployment decides."""
        self._permit(actor, Permission.EVIDENCE_RECORD)
        with self._telling_refusals(actor, Permission.EVIDENCE_RECORD):
            pack = find_pack(order.pack, search=search_folders())
            report = digest_of_file(order.report, what="the report")
            _require_sense(order)
        words = {"conclusion": order.conclusion.strip(), "pack": pack.manifest.pack_name}
        with self._as(actor, Permission.EVIDENCE_RECORD) as work:
            if order.valid_until <= work.now:
                raise Refused(f"{iso(order.valid_until)} is past: such a test covers nothing")
            line = work.audit(
                AuditEvent.EVIDENCE_RECORDED,
                pack=pack.digest,
                precision=order.precision,
                lowest=round(order.lowest * TEN_THOUSANDTHS),
                highest=round(order.highest * TEN_THOUSANDTHS),
                list_size=order.list_size,
                valid_until=iso(order.valid_until),
                report=report,
                acceptable=order.acceptable,
                words=digest_of(canonical_json(words)),
            )
            work.keep(
                EvidenceOnRecordRow(
                    id=fresh_id(), by=actor.id, at=work.now, evidence=dict(words), audit_id=line,
                    delete_after=delete_after(RecordKind.AUTHORISATION, None, work.now),
                )
            )  # fmt: skip
            return evidence_on_record(work)[-1]

    def evidence(self, actor: Actor) -> tuple[Evidence, ...]:
        """Every test on record, oldest first."""
        with self._look(actor, Permission.DEPLOYMENT_READ) as reading:
            return evidence_on_record(reading)


def _require_sense(order: EvidenceOrder) -> None:
    if not 0 <= order.lowest <= order.highest <= 1:
        raise Refused("thresholds go from 0 to 1, the lowest first")
    if order.list_size < 1:
        raise Refused("a test speaks of a list of at least one person: --list-size")
    if not order.conclusion.strip():
        raise Refused("say what the test showed: --conclusion TEXT")


def evidence_on_record(act: Act) -> tuple[Evidence, ...]:
    chosen = select(LINE).where(AuditRow.event == AuditEvent.EVIDENCE_RECORDED.value)
    lines = (read_line(raw) for raw in act.session.scalars(chosen.order_by(AuditRow.seq)))
    return tuple(map(_evidence, lines))


def _evidence(line: Line) -> Evidence:
    told = line.detail
    return Evidence(
        pack=Digest(str(told["pack"])),
        precision=str(told["precision"]),
        lowest=Similarity(int(told["lowest"]) / TEN_THOUSANDTHS),
        highest=Similarity(int(told["highest"]) / TEN_THOUSANDTHS),
        list_size=int(told["list_size"]),
        valid_until=_time(line, "valid_until"),
        report=Digest(str(told["report"])),
        by=line.actor,
        acceptable=told["acceptable"] is True,
    )


def _time(line: Line, name: str) -> UtcTime:
    return utc(datetime.fromisoformat(str(line.detail[name])))
