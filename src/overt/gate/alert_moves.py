"""One move of an alert within an act: what the records add to the table of `decisions`.

The window must be open and the person still sought for whatever leads to somebody; whoever judges
has opened the images first, and sees nothing of another's judgement (R39, R42).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import Select, select

from overt.audit.events import AuditEvent
from overt.audit.line import Fact
from overt.decisions.case import Case
from overt.decisions.review import Act, apply_move
from overt.decisions.sight import is_blind, seen_by
from overt.decisions.states import (
    ENGAGING,
    FINAL,
    INCIDENTS,
    JUDGING,
    MOVES,
    ON_THE_STREET,
    Move,
)
from overt.errors import Refused
from overt.gate.account_standing import lines_of
from overt.gate.alert_rows import case_of, keep_act
from overt.gate.decoy_marks import is_decoy
from overt.gate.duties import profile_of
from overt.gate.incident_rows import open_incident
from overt.gate.standing import no_longer_sought
from overt.identifiers import ActorId, AlertId, DeploymentId
from overt.policy.conflicts import waives_separation
from overt.records.records import PROGRAM
from overt.records.schema import AlertRow, DecisionRow, DecoyRow, DeploymentRow
from overt.records.work import UnitOfWork
from overt.units import UtcTime, iso

LAPSING: Final = frozenset(state for state, moves in MOVES.items() if Move.LAPSE in moves)
NOBODY_ACTED: Final = "nobody acted on it before the deployment closed"
JUDGED_POSSIBLE: Final = "judged a possible match; the words are sealed with the decision"
TOWARDS_A_PERSON: Final = frozenset(
    {Move.JUDGE_POSSIBLE_MATCH, Move.DISPATCH, Move.CONFIRM_SAME_PERSON, Move.ENGAGE}
)
MOVED: Final[Mapping[Move, AuditEvent]] = {
    **dict.fromkeys(JUDGING.values(), AuditEvent.ALERT_DECIDED),
    **dict.fromkeys(ENGAGING, AuditEvent.ALERT_ENDED),
    Move.CONFIRM_SAME_PERSON: AuditEvent.ALERT_ENGAGED,
    Move.ENGAGE: AuditEvent.ALERT_ENGAGED,
    Move.DISPATCH: AuditEvent.ALERT_DISPATCHED,
    Move.STOP: AuditEvent.ALERT_STOPPED,
    Move.LAPSE: AuditEvent.ALERT_LAPSED,
}


class NoSuchAlert(Refused):
    """No alert of this id, or not any more."""


def alert_row(work: UnitOfWork, alert_id: AlertId) -> AlertRow:
    row = work.session.get(AlertRow, alert_id)
    if row is None:
        raise NoSuchAlert(
            f"there is no alert {alert_id[:80]!r}, or not any more: alerts are destroyed after "
            "their time; `overt alerts list` shows those that there are"
        )
    return row


def require_unaltered_alerts(work: UnitOfWork) -> None:
    """What is read of alerts, and what follows from it, is what overt wrote; asked first."""
    work.require_unaltered(AlertRow, DecisionRow, DeploymentRow, DecoyRow)


def told_to(work: UnitOfWork, row: AlertRow, viewer: ActorId) -> Case:
    """The case as this person may see it."""
    case = case_of(work, row)
    listed = replace(case.listed, stood_down=_gone(work, row))
    return seen_by(replace(case, listed=listed), viewer)


def judgements_wanted(profile: str) -> int:
    """How many people judge before anybody is sent: two, unless the profile waives it (R39)."""
    return 1 if waives_separation(profile) else 2


def moved(work: UnitOfWork, alert_id: AlertId, act: Act) -> Case:
    row = alert_row(work, alert_id)
    case = case_of(work, row)
    wanted = judgements_wanted(profile_of(work, row))
    review = apply_move(case.review, act, judgements=wanted)
    _require_authority(work, case, row, act.move)
    if act.move is Move.DISPATCH and is_decoy(work, row.id):
        raise Refused(f"{row.id} was a test of the review, and shows nobody here: nobody is sent")
    line = _keep_move(work, row, act, position=len(case.review.acts))
    row.state = review.state
    if review.state in INCIDENTS:
        open_incident(work, row, act.by, line)
    return told_to(work, row, act.by)


def require_opened(work: UnitOfWork, row: AlertRow, actor: ActorId) -> None:
    """Raise Refused unless this person opened the images of this alert, as the log tells it."""
    lines = lines_of(work, AuditEvent.ALERT_READ, since=row.audit_id + 1)
    seen = (line.detail for line in lines if line.actor == actor)
    if not any(line.get("alert") == row.id and line.get("images") is True for line in seen):
        raise Refused(
            f"{actor} has not opened the images of {row.id}, and nobody judges what they have not "
            "seen (R42): open it in the console, or with overt alerts show"
        )


def require_own_judgement(work: UnitOfWork, row: AlertRow, actor: ActorId) -> None:
    """Whoever has yet to judge neither sends nor stops: that would tell them of another's."""
    if is_blind(case_of(work, row).review, actor):
        raise Refused(
            f"{actor} has not judged {row.id}: nobody is sent on a score alone (R38), and nobody "
            "acts on another's judgement before their own (R39). Judge it; unsure is a stop"
        )


def let_lapse(work: UnitOfWork) -> int:
    overdue_rows = work.session.scalars(overdue(work.now)).all()
    for row in overdue_rows:
        review = case_of(work, row).review
        act = Act(Move.LAPSE, PROGRAM, work.now, NOBODY_ACTED)
        row.state = apply_move(review, act).state
        _keep_move(work, row, act, position=len(review.acts))
    return len(overdue_rows)


def overdue(now: UtcTime) -> Select[AlertRow]:
    return (
        select(AlertRow)
        .join(DeploymentRow, DeploymentRow.id == AlertRow.deployment_id)
        .where(AlertRow.state.in_(LAPSING), DeploymentRow.closes_at <= now)
    )


def without_end(work: UnitOfWork, deployment: DeploymentId) -> list[AlertId]:
    """The alerts of a deployment that a person has still to bring to an end (R46)."""
    rows = work.session.scalars(
        select(AlertRow)
        .where(AlertRow.deployment_id == deployment, AlertRow.state.not_in(FINAL))
        .order_by(AlertRow.raised_at, AlertRow.id)
    )
    return [row.id for row in rows if row.state in ON_THE_STREET or not is_decoy(work, row.id)]


def _gone(work: UnitOfWork, row: AlertRow) -> str | None:
    return None if is_decoy(work, row.id) else no_longer_sought(work, row, row.subject_id)


def _require_authority(work: UnitOfWork, case: Case, row: AlertRow, move: Move) -> None:
    """A doubt may be recorded at any time; what leads to a person takes a standing authority."""
    if move not in TOWARDS_A_PERSON:
        return
    if work.now >= case.closes_at:
        raise Refused(
            f"the deployment {case.deployment} ended at {iso(case.closes_at)}: nobody can "
            f"{move.value} now"
        )
    if (why := _gone(work, row)) is not None:
        raise Refused(f"{row.subject_id} is no longer sought: {why}; nobody can {move.value}")


def _keep_move(work: UnitOfWork, row: AlertRow, act: Act, *, position: int) -> int:
    facts: dict[str, Fact] = {
        "alert": row.id,
        "move": act.move.name.lower().replace("_", "-"),
        "revision": row.revision,
        "after_ms": round((act.at - row.raised_at).total_seconds() * 1000),
    }
    if act.recipients:
        facts["recipients"] = "; ".join(act.recipients)
        facts["justification"] = JUDGED_POSSIBLE
    if act.method is not None:
        facts["method"] = act.method.value
    if act.because is not None:
        facts["because"] = act.because.value
    audit_id = work.audit(MOVED[act.move], **facts)
    keep_act(work, row, act, position=position, audit_id=audit_id)
    return audit_id
