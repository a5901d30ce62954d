"""The review of alerts: who reads, who judges, who is sent.

Seeing a face is an audited act (R55). What may follow an alert is decided by the table of
`decisions`; this adds what the records know: that the window is still open and that the person is
still sought.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import Select, func, select

from overt.audit.events import AuditEvent
from overt.audit.line import Fact
from overt.decisions.case import Case
from overt.decisions.review import Act, apply_move, require_words
from overt.decisions.states import JUDGING, MOVES, Judgement, Move
from overt.errors import Refused
from overt.gate.account_standing import require_handed_over
from overt.gate.alert_rows import Exhibits, case_of, exhibits_of, keep_act
from overt.gate.door import Door
from overt.gate.duties import profile_of, require_duty, signers_of
from overt.gate.standing import no_longer_sought
from overt.identifiers import AlertId
from overt.policy.access import Actor, Permission
from overt.policy.conflicts import Duty
from overt.records.records import PROGRAM
from overt.records.schema import AlertRow, DecisionRow, DeploymentRow
from overt.records.work import Reading, UnitOfWork
from overt.units import UtcTime, iso

MOST_LISTED: Final = 500
LAPSING: Final = frozenset(state for state, moves in MOVES.items() if Move.LAPSE in moves)
NOBODY_ACTED: Final = "nobody acted on it before the deployment closed"
MOVED: Final[Mapping[Move, AuditEvent]] = {
    **dict.fromkeys(JUDGING.values(), AuditEvent.ALERT_DECIDED),
    Move.DISPATCH: AuditEvent.ALERT_DISPATCHED,
    Move.STOP: AuditEvent.ALERT_STOPPED,
    Move.LAPSE: AuditEvent.ALERT_LAPSED,
}


class NoSuchAlert(Refused):
    """No alert of this id, or not any more."""


class AlertsGate(Door):
    def alerts(self, actor: Actor, *, limit: int = MOST_LISTED) -> tuple[Case, ...]:
        """Read the alerts, newest first; no image is opened."""
        with self._as(actor, Permission.ALERT_READ) as work:
            _let_lapse(work)
            rows = work.session.scalars(
                select(AlertRow).order_by(AlertRow.raised_at.desc(), AlertRow.id).limit(limit)
            ).all()
            work.audit(AuditEvent.ALERT_READ, alerts=len(rows))
            return tuple(_told(work, row) for row in rows)

    def alert(self, actor: Actor, alert_id: AlertId) -> Case:
        """Read one alert without its images."""
        with self._as(actor, Permission.ALERT_READ) as work:
            _let_lapse(work)
            row = _alert(work, alert_id)
            work.audit(AuditEvent.ALERT_READ, alert=row.id, revision=row.revision, images=False)
            return _told(work, row)

    def examine_alert(self, actor: Actor, alert_id: AlertId) -> tuple[Case, Exhibits]:
        """Open one alert with its images, to judge it: the consultation of a face (R55)."""
        with self._as(actor, Permission.ALERT_READ) as work:
            _let_lapse(work)
            row = _alert(work, alert_id)
            work.audit(
                AuditEvent.ALERT_READ,
                alert=row.id, revision=row.revision, images=True, justification="review",
            )  # fmt: skip
            return _told(work, row), exhibits_of(work, row)

    def disclose_alert(
        self, actor: Actor, alert_id: AlertId, *, recipient: str, justification: str
    ) -> tuple[Case, Exhibits]:
        """Hand the images out of the program, to somebody, for a reason, both kept (R56)."""
        with self._as(actor, Permission.ALERT_DISCLOSE) as work:
            for what, words in (("recipient", recipient), ("justification", justification)):
                if not words.strip():
                    raise Refused(f"a disclosure needs a {what}, in words; say it with --{what}")
                require_words(f"the {what} of a disclosure", words)
            row = _alert(work, alert_id)
            work.audit(
                AuditEvent.ALERT_DISCLOSED,
                alert=row.id, revision=row.revision,
                recipient=recipient.strip(), justification=justification.strip(),
            )  # fmt: skip
            return _told(work, row), exhibits_of(work, row)

    def alert_news(self, actor: Actor) -> Mapping[AlertId, int]:
        """Tell which alerts there are and how often each has changed; nothing about anybody."""
        with self._look(actor, Permission.ALERT_READ) as reading:
            return _marks(reading)

    def decide(self, actor: Actor, alert_id: AlertId, judgement: Judgement, *, reason: str) -> Case:
        """Record a person's judgement of an alert (R38, R39)."""
        with self._as(actor, Permission.ALERT_DECIDE) as work:
            row = _alert(work, alert_id)
            signers = {Duty.SIGN: signers_of(work, row.deployment_id)}
            require_duty(work, actor, Duty.JUDGE, signers, profile=profile_of(work, row))
            return _moved(work, alert_id, Act(JUDGING[judgement], actor.id, work.now, reason))

    def dispatch(
        self, actor: Actor, alert_id: AlertId, *, recipients: tuple[str, ...], reason: str
    ) -> Case:
        """Record who is sent; refused before a person judged it a possible match (R38)."""
        with self._as(actor, Permission.ALERT_DISPATCH) as work:
            require_handed_over(work, profile_of(work, _alert(work, alert_id)))
            act = Act(Move.DISPATCH, actor.id, work.now, reason, recipients)
            return _moved(work, alert_id, act)

    def stop_alert(self, actor: Actor, alert_id: AlertId, *, reason: str) -> Case:
        """Record a doubt, which ends it (R41)."""
        with self._as(actor, Permission.ALERT_DECIDE) as work:
            return _moved(work, alert_id, Act(Move.STOP, actor.id, work.now, reason))

    def lapse_alerts(self, actor: Actor) -> int:
        """Let every alert lapse that nobody acted on before its window ended; say how many."""
        with self._look(actor, Permission.ALERT_READ) as reading:
            due = reading.session.scalars(_overdue(reading.now)).all()
        if not due:
            return 0
        with self._as(actor, Permission.ALERT_READ) as work:
            lapsed = _let_lapse(work)
            work.audit(AuditEvent.ALERT_LAPSED, alerts=lapsed)
            return lapsed


def _alert(work: UnitOfWork, alert_id: AlertId) -> AlertRow:
    row = work.session.get(AlertRow, alert_id)
    if row is None:
        raise NoSuchAlert(
            f"there is no alert {alert_id[:80]!r}, or not any more: alerts are destroyed after "
            "their time; `overt alerts list` shows those that there are"
        )
    return row


def _told(work: UnitOfWork, row: AlertRow) -> Case:
    case = case_of(work, row)
    listed = replace(case.listed, stood_down=no_longer_sought(work, row, row.subject_id))
    return replace(case, listed=listed)


def _moved(work: UnitOfWork, alert_id: AlertId, act: Act) -> Case:
    row = _alert(work, alert_id)
    case = case_of(work, row)
    review = apply_move(case.review, act)
    _require_authority(work, case, row, act.move)
    _keep_move(work, row, act, position=len(case.review.acts))
    row.state = review.state
    return _told(work, row)


def _require_authority(work: UnitOfWork, case: Case, row: AlertRow, move: Move) -> None:
    """A doubt may be recorded at any time; what leads to a person takes a standing authority."""
    if move not in {Move.JUDGE_POSSIBLE_MATCH, Move.DISPATCH}:
        return
    if work.now >= case.closes_at:
        raise Refused(
            f"the deployment {case.deployment} ended at {iso(case.closes_at)}: nobody can "
            f"{move.value} now"
        )
    if (why := no_longer_sought(work, row, row.subject_id)) is not None:
        raise Refused(f"{row.subject_id} is no longer sought: {why}; nobody can {move.value}")


def _keep_move(work: UnitOfWork, row: AlertRow, act: Act, *, position: int) -> None:
    facts: dict[str, Fact] = {
        "alert": row.id,
        "move": act.move.name.lower().replace("_", "-"),
        "revision": row.revision,
        "after_ms": round((act.at - row.raised_at).total_seconds() * 1000),
    }
    if act.recipients:
        facts["recipients"] = "; ".join(act.recipients)
    audit_id = work.audit(MOVED[act.move], **facts)
    keep_act(work, row, act, position=position, audit_id=audit_id)


def _let_lapse(work: UnitOfWork) -> int:
    overdue = work.session.scalars(_overdue(work.now)).all()
    for row in overdue:
        review = case_of(work, row).review
        act = Act(Move.LAPSE, PROGRAM, work.now, NOBODY_ACTED)
        row.state = apply_move(review, act).state
        _keep_move(work, row, act, position=len(review.acts))
    return len(overdue)


def _overdue(now: UtcTime) -> Select[AlertRow]:
    return (
        select(AlertRow)
        .join(DeploymentRow, DeploymentRow.id == AlertRow.deployment_id)
        .where(AlertRow.state.in_(LAPSING), DeploymentRow.closes_at <= now)
    )


def _marks(reading: Reading) -> dict[AlertId, int]:
    moves = (
        select(DecisionRow.alert_id, func.count().label("n"))
        .group_by(DecisionRow.alert_id)
        .subquery()
    )
    rows = reading.session.execute(
        select(AlertRow.id, AlertRow.revision + func.coalesce(moves.c.n, 0)).outerjoin(
            moves, moves.c.alert_id == AlertRow.id
        )
    )
    return {alert_id: int(mark) for alert_id, mark in rows}
