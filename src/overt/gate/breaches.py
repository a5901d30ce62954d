"""Personal data breaches on record: when one became known, and when the regulator was told (R68).

The times are lines of the log; the words lie beside them, covered by the line's digest. Who was
concerned stands in neither.
"""

from dataclasses import dataclass

from overt.audit.events import AuditEvent
from overt.config.canonical import canonical_json, digest_of
from overt.errors import Refused
from overt.gate.account_standing import lines_of
from overt.gate.door import Door
from overt.gate.life import required
from overt.gate.life_lines import as_told
from overt.gate.list_reading import Act
from overt.policy.access import Actor, Permission
from overt.policy.breach import Breach, breaches_told
from overt.policy.retention import RecordKind, delete_after
from overt.records.records import PROGRAM
from overt.records.schema import EvidenceOnRecordRow
from overt.records.work import Reading, UnitOfWork, fresh_id
from overt.units import UtcTime, iso


@dataclass(frozen=True, slots=True)
class RegulatorTold:
    """That the regulator was told, or why nothing is owed."""

    at: UtcTime
    reference: str
    """Of the notification; blank where nothing is owed."""
    why_late: str = ""
    not_owed: str = ""
    """Why it is unlikely to risk anybody's rights."""


class BreachGate(Door):
    def report_breach(self, actor: Actor, *, aware_at: UtcTime, nature: str) -> Breach:
        """Put a breach on record; its 72 hours run from when it became known."""
        with self._as(actor, Permission.INCIDENT_RECORD) as work:
            if aware_at > work.now:
                raise Refused(f"{iso(aware_at)} is in the future: say when it became known")
            breach = fresh_id()[:12]
            words = {"nature": required(nature, "what happened, naming nobody")}
            _tell(work, actor, AuditEvent.BREACH_REPORTED, words, breach=breach, at=iso(aware_at))
            return _named(work, breach)

    def tell_of_breach(self, actor: Actor, breach: str, told: RegulatorTold) -> Breach:
        """Put on record that the regulator was told; later than 72 hours takes the reasons."""
        with self._as(actor, Permission.INCIDENT_RECORD) as work:
            found = _named(work, breach)
            if found.told_at is not None:
                raise Refused(f"breach {breach}: {found.clock(work.now)}")
            if not found.aware_at <= told.at <= work.now:
                raise Refused(f"{iso(told.at)} is before it became known, or in the future")
            _tell(
                work, actor, AuditEvent.BREACH_TOLD, _words(found, told), breach=breach,
                at=iso(told.at), owed=not told.not_owed,
            )  # fmt: skip
            return _named(work, breach)

    def breaches(self, actor: Actor) -> tuple[Breach, ...]:
        """Every breach on record, oldest first."""
        with self._look(actor, Permission.INCIDENT_RECORD) as reading:
            return _on_record(reading)

    def _breach_alarms(self) -> tuple[str, ...]:
        """What whoever runs a long process is told, whoever they are: ids and times."""
        told = self._telling_alterations(PROGRAM, "say which breaches are due")
        with told, Reading(self._records) as reading:
            now = reading.now
            alarms = (breach.alarm(now) for breach in _on_record(reading))
            return tuple(alarm for alarm in alarms if alarm is not None)


def _words(found: Breach, told: RegulatorTold) -> dict[str, str]:
    if told.not_owed:
        return {"not_owed": required(told.not_owed, "why nothing is owed")}
    words = {"reference": required(told.reference, "the reference of the notification")}
    if told.at > found.due_at:
        words["why_late"] = required(told.why_late, "why it was later than 72 hours (--why-late)")
    return words


def _tell(
    work: UnitOfWork, actor: Actor, event: AuditEvent, words: dict[str, str], **facts: str | bool
) -> None:
    line = work.audit(event, words=digest_of(canonical_json(dict(words))), **facts)
    work.keep(
        EvidenceOnRecordRow(
            id=fresh_id(), by=actor.id, at=work.now, evidence=dict(words), audit_id=line,
            delete_after=delete_after(RecordKind.AUTHORISATION, None, work.now),
        )
    )  # fmt: skip


def _on_record(act: Act) -> tuple[Breach, ...]:
    lines = lines_of(act, AuditEvent.BREACH_REPORTED, AuditEvent.BREACH_TOLD)
    return breaches_told(map(as_told, lines))


def _named(act: Act, breach: str) -> Breach:
    for each in _on_record(act):
        if each.id == breach:
            return each
    raise Refused(f"there is no breach {breach[:40]!r}; overt incidents breaches")
