"""The engagement officer's side of an alert: open it, make sure of the person, say what came of it.

Only those named when somebody was sent may open it, only while it is on the street (R45); whoever
judged the images or sent somebody is not the one who confirms the person (R39).
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.decisions.case import Case
from overt.decisions.engagement import TELLING, IdentityMethod, NotEngaged, Outcome
from overt.decisions.review import Act
from overt.decisions.states import ON_THE_STREET, Move
from overt.errors import Refused
from overt.gate.alert_moves import (
    alert_row,
    moved,
    require_opened,
    require_unaltered_alerts,
    told_to,
)
from overt.gate.alert_rows import Exhibits, case_of, exhibits_of
from overt.gate.door import Door
from overt.gate.duties import AUTHORITY, done_to, require_duty
from overt.gate.perceived import count_perceived
from overt.identifiers import AlertId
from overt.policy.access import Actor, Permission
from overt.policy.conflicts import Duty, waives_separation
from overt.records.schema import AlertRow
from overt.records.work import UnitOfWork

ENGAGEMENT: Final = "engagement"


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of an alert, as whoever was sent tells it."""

    outcome: Outcome
    reason: str
    method: IdentityMethod | None = None
    because: NotEngaged | None = None
    perceived: str | None = None
    """The group in which a false alert is counted, as the officer perceived the person (R67)."""


class EngagementGate(Door):
    def sent_alerts(self, actor: Actor) -> tuple[Case, ...]:
        """Read the alerts that this officer was sent to and that are not ended; no image."""
        with self._as(actor, Permission.ALERT_ENGAGE) as work:
            require_unaltered_alerts(work)
            rows = work.session.scalars(
                select(AlertRow)
                .where(AlertRow.state.in_(ON_THE_STREET))
                .order_by(AlertRow.raised_at.desc(), AlertRow.id)
            ).all()
            cases = [told_to(work, row, actor.id) for row in rows]
            mine = tuple(case for case in cases if _is_sent(case, actor))
            work.audit(AuditEvent.ALERT_READ, alerts=len(mine), justification=ENGAGEMENT)
            return mine

    def open_sent_alert(self, actor: Actor, alert_id: AlertId) -> tuple[Case, Exhibits]:
        """Open the images on the officer's phone: the consultation of a face (R55)."""
        with self._as(actor, Permission.ALERT_ENGAGE) as work:
            row = _sent_row(work, actor, alert_id)
            work.audit(
                AuditEvent.ALERT_READ,
                alert=row.id, revision=row.revision, images=True, justification=ENGAGEMENT,
            )  # fmt: skip
            return told_to(work, row, actor.id), exhibits_of(work, row)

    def confirm_same_person(self, actor: Actor, alert_id: AlertId, *, reason: str) -> Case:
        """Say that the person before them is the one whom the images show (R40)."""
        with self._as(actor, Permission.ALERT_ENGAGE) as work:
            row = _sent_row(work, actor, alert_id)
            require_opened(work, row, actor.id)
            act = Act(Move.CONFIRM_SAME_PERSON, actor.id, work.now, reason)
            return moved(work, alert_id, act)

    def engage(self, actor: Actor, alert_id: AlertId, *, reason: str) -> Case:
        """Say that the person is spoken to; refused before the same person was confirmed."""
        with self._as(actor, Permission.ALERT_ENGAGE) as work:
            _sent_row(work, actor, alert_id)
            return moved(work, alert_id, Act(Move.ENGAGE, actor.id, work.now, reason))

    def end_alert(self, actor: Actor, alert_id: AlertId, ending: Ending) -> Case:
        """Say what came of it; a false engagement opens its incident record (R46 to R49)."""
        with self._as(actor, Permission.ALERT_ENGAGE) as work:
            _sent_row(work, actor, alert_id)
            act = Act(
                TELLING[ending.outcome], actor.id, work.now, ending.reason,
                method=ending.method, because=ending.because,
            )  # fmt: skip
            case = moved(work, alert_id, act)
            count_perceived(work, actor, case, ending.perceived)
            return case

    def doubt_alert(self, actor: Actor, alert_id: AlertId, *, reason: str) -> Case:
        """Record an officer's doubt, which ends it (R41)."""
        with self._as(actor, Permission.ALERT_ENGAGE) as work:
            _sent_row(work, actor, alert_id)
            return moved(work, alert_id, Act(Move.STOP, actor.id, work.now, reason))


def _sent_row(work: UnitOfWork, actor: Actor, alert_id: AlertId) -> AlertRow:
    require_unaltered_alerts(work)
    row = alert_row(work, alert_id)
    case = case_of(work, row)
    if row.state not in ON_THE_STREET:
        raise Refused(f"{row.id[:80]} is {row.state.value}: nobody is on the street for it")
    if not _is_sent(case, actor):
        raise Refused(f"{actor.id} was not sent to {row.id[:80]}: it opens to those named (R45)")
    done = {
        **done_to(work, row.deployment_id, *AUTHORITY),
        Duty.JUDGE: [act.by for act in case.review.judgements],
        Duty.DISPATCH: [act.by for act in case.review.acts if act.move is Move.DISPATCH],
    }
    require_duty(work, actor, Duty.ENGAGE, done, profile=case.profile)
    return row


def _is_sent(case: Case, actor: Actor) -> bool:
    """Named when somebody was sent; under a waiving profile names are free text, not accounts."""
    named = [name for act in case.review.acts for name in act.recipients]
    return actor.id in named or waives_separation(case.profile)
