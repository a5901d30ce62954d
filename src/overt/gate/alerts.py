"""The review of alerts: who reads, who judges, who is sent.

Seeing a face is an audited act (R55). What may follow an alert is decided by the tables of
`decisions`; `alert_moves` adds what the records know.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.decisions.case import Case
from overt.decisions.review import Act, require_words
from overt.decisions.states import JUDGED, JUDGEMENTS, JUDGING, Judgement, Move
from overt.errors import Refused
from overt.gate.account_standing import require_handed_over, standing_roles
from overt.gate.alert_moves import (
    NoSuchAlert,
    alert_row,
    judgements_wanted,
    let_lapse,
    moved,
    overdue,
    require_opened,
    require_own_judgement,
    require_unaltered_alerts,
    told_to,
    without_end,
)
from overt.gate.alert_rows import Exhibits, exhibits_of
from overt.gate.door import Door
from overt.gate.duties import AUTHORITY, done_to, profile_of, require_duty
from overt.gate.perceived import count_perceived
from overt.identifiers import ActorId, AlertId, DeploymentId
from overt.policy.access import Actor, Permission, Role
from overt.policy.conflicts import Duty, waives_separation
from overt.records.schema import AlertRow, DecisionRow
from overt.records.work import Reading, UnitOfWork

__all__ = ["AlertsGate", "NoSuchAlert", "judgements_wanted"]

MOST_LISTED: Final = 500
REVIEW: Final = "review"
EVALUATION: Final = "to evaluate the deployment"


class AlertsGate(Door):
    def alerts(self, actor: Actor, *, limit: int = MOST_LISTED) -> tuple[Case, ...]:
        """Read the alerts, newest first; no image is opened."""
        with self._as(actor, Permission.ALERT_READ) as work:
            require_unaltered_alerts(work)
            let_lapse(work)
            rows = work.session.scalars(
                select(AlertRow).order_by(AlertRow.raised_at.desc(), AlertRow.id).limit(limit)
            ).all()
            work.audit(AuditEvent.ALERT_READ, alerts=len(rows), justification=REVIEW)
            return tuple(told_to(work, row, actor.id) for row in rows)

    def alert(self, actor: Actor, alert_id: AlertId) -> Case:
        """Read one alert without its images."""
        with self._as(actor, Permission.ALERT_READ) as work:
            require_unaltered_alerts(work)
            let_lapse(work)
            row = alert_row(work, alert_id)
            work.audit(
                AuditEvent.ALERT_READ,
                alert=row.id, revision=row.revision, images=False, justification=REVIEW,
            )  # fmt: skip
            return told_to(work, row, actor.id)

    def examine_alert(self, actor: Actor, alert_id: AlertId) -> tuple[Case, Exhibits]:
        """Open one alert with its images, to judge it: the consultation of a face (R55)."""
        with self._as(actor, Permission.ALERT_READ) as work:
            require_unaltered_alerts(work)
            let_lapse(work)
            row = alert_row(work, alert_id)
            work.audit(
                AuditEvent.ALERT_READ,
                alert=row.id, revision=row.revision, images=True, justification=REVIEW,
            )  # fmt: skip
            return told_to(work, row, actor.id), exhibits_of(work, row)

    def disclose_alert(
        self, actor: Actor, alert_id: AlertId, *, recipient: str, justification: str
    ) -> tuple[Case, Exhibits]:
        """Hand the images out of the program, to somebody, for a reason, both kept (R56)."""
        with self._as(actor, Permission.ALERT_DISCLOSE) as work:
            for what, words in (("recipient", recipient), ("justification", justification)):
                if not words.strip():
                    raise Refused(f"a disclosure needs a {what}, in words; say it with --{what}")
                require_words(f"the {what} of a disclosure", words)
            require_unaltered_alerts(work)
            row = alert_row(work, alert_id)
            work.audit(
                AuditEvent.ALERT_DISCLOSED,
                alert=row.id, revision=row.revision,
                recipients=recipient.strip(), justification=justification.strip(),
            )  # fmt: skip
            return told_to(work, row, actor.id), exhibits_of(work, row)

    def alert_news(self, actor: Actor) -> Mapping[AlertId, int]:
        """Tell which alerts there are and how often each has changed; nothing about anybody.

        To whoever has yet to judge, another's judgement is no change.
        """
        with self._look(actor, Permission.ALERT_READ) as reading:
            return _marks(reading, actor.id)

    def unfinished_alerts(self, actor: Actor, deployment: DeploymentId) -> tuple[AlertId, ...]:
        """Name the alerts that nobody has brought to an end yet (R46)."""
        with self._as(actor, Permission.DEPLOYMENT_READ) as work:
            require_unaltered_alerts(work)
            let_lapse(work)
            found = tuple(without_end(work, deployment))
            work.audit(
                AuditEvent.ALERT_READ,
                deployment=deployment, unfinished=len(found), justification=EVALUATION,
            )  # fmt: skip
            return found

    def decide(
        self,
        actor: Actor,
        alert_id: AlertId,
        judgement: Judgement,
        *,
        reason: str,
        perceived: str | None = None,
    ) -> Case:
        """Record a person's judgement of an alert, after they opened its images (R38, R39, R42).

        `perceived` is the group in which a false alert is counted, as they perceive it (R67).
        """
        with self._as(actor, Permission.ALERT_DECIDE) as work:
            require_unaltered_alerts(work)
            row = alert_row(work, alert_id)
            done = done_to(work, row.deployment_id, *AUTHORITY, Duty.PLANT)
            require_duty(work, actor, Duty.JUDGE, done, profile=profile_of(work, row))
            if row.state in JUDGED:
                require_opened(work, row, actor.id)
            case = moved(work, alert_id, Act(JUDGING[judgement], actor.id, work.now, reason))
            count_perceived(work, actor, case, perceived)
            return case

    def dispatch(
        self, actor: Actor, alert_id: AlertId, *, recipients: tuple[str, ...], reason: str
    ) -> Case:
        """Record who is sent; refused before people judged it a possible match (R38, R39)."""
        with self._as(actor, Permission.ALERT_DISPATCH) as work:
            require_unaltered_alerts(work)
            row = alert_row(work, alert_id)
            profile = profile_of(work, row)
            require_handed_over(work, profile)
            require_own_judgement(work, row, actor.id)
            act = Act(Move.DISPATCH, actor.id, work.now, reason, recipients)
            case = moved(work, alert_id, act)
            if not waives_separation(profile):
                _require_officers(work, recipients)
            return case

    def stop_alert(self, actor: Actor, alert_id: AlertId, *, reason: str) -> Case:
        """Record a doubt, which ends it (R41)."""
        with self._as(actor, Permission.ALERT_DECIDE) as work:
            require_unaltered_alerts(work)
            require_own_judgement(work, alert_row(work, alert_id), actor.id)
            return moved(work, alert_id, Act(Move.STOP, actor.id, work.now, reason))

    def lapse_alerts(self, actor: Actor) -> int:
        """Let every alert lapse that nobody acted on before its window ended; say how many."""
        with self._look(actor, Permission.ALERT_READ) as reading:
            due = reading.session.scalars(overdue(reading.now)).all()
        if not due:
            return 0
        with self._as(actor, Permission.ALERT_READ) as work:
            require_unaltered_alerts(work)
            lapsed = let_lapse(work)
            work.audit(AuditEvent.ALERT_LAPSED, alerts=lapsed)
            return lapsed


def _require_officers(work: UnitOfWork, recipients: tuple[str, ...]) -> None:
    """An alert goes to accounts of officers who may engage, and to nobody else (R45)."""
    for name in recipients:
        if Role.ENGAGEMENT_OFFICER not in standing_roles(work, ActorId(name)):
            raise Refused(
                f"{name!r} is no engagement officer whose training is in force: an alert goes to "
                "named accounts (R45), as overt users list shows them"
            )


def _marks(reading: Reading, viewer: ActorId) -> dict[AlertId, int]:
    """As `Case.mark` of what the viewer may see: judgements of others do not count for the blind."""
    alerts = reading.session.execute(select(AlertRow.id, AlertRow.revision, AlertRow.state)).all()
    acts = reading.session.execute(select(DecisionRow.alert_id, DecisionRow.move, DecisionRow.by))
    told: dict[AlertId, list[tuple[Move, ActorId]]] = {row.id: [] for row in alerts}
    for alert_id, move, by in acts:
        told[alert_id].append((move, by))
    return {
        row.id: row.revision
        + sum(
            move not in JUDGEMENTS or not _blind(row.state in JUDGED, told[row.id], viewer)
            for move, _ in told[row.id]
        )
        for row in alerts
    }


def _blind(open_to_judgement: bool, acts: list[tuple[Move, ActorId]], viewer: ActorId) -> bool:  # noqa: FBT001  a fact about the alert, not a switch
    return open_to_judgement and all(by != viewer for move, by in acts if move in JUDGEMENTS)
