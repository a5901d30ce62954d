"""Whether somebody may do this to this very thing, after what they did to it before (R6, R39).

Who did what is told by the log's lines, so that it stays with an account whatever roles it is given.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from overt.audit.events import AuditEvent
from overt.gate.account_standing import Act, lines_of, require_handed_over
from overt.gate.life_lines import as_told
from overt.identifiers import ActorId, AlertId, DeploymentId
from overt.policy.access import Actor
from overt.policy.conflicts import Duty, require_duties_apart
from overt.policy.took_part import EVENTS, events_of, who_did
from overt.records.schema import AlertRow, DeploymentRow

_OF_AN_ALERT: Final = {
    AuditEvent.ALERT_DECIDED: Duty.JUDGE,
    AuditEvent.ALERT_DISPATCHED: Duty.DISPATCH,
    AuditEvent.ALERT_ENGAGED: Duty.ENGAGE,
    AuditEvent.ALERT_ENDED: Duty.ENGAGE,
}
Done = Mapping[Duty, Iterable[ActorId]]
AUTHORITY: Final = (Duty.SIGN, Duty.APPROVE, Duty.RESUME)
"""Acts by which somebody lets a deployment look at people."""


def require_duty(act: Act, actor: Actor, duty: Duty, done: Done, *, profile: str) -> None:
    """Raise Refused where the profile keeps duties apart and the actor's meet in this thing.

    `done` says who did what to the same list, deployment or alert.
    """
    require_handed_over(act, profile)
    require_duties_apart(actor.id, duty, done, profile=profile)


def profile_of(act: Act, row: AlertRow) -> str:
    return act.session.get_one(DeploymentRow, row.deployment_id).profile


def done_to(act: Act, deployment: DeploymentId, *duties: Duty) -> Done:
    """Who did these duties about the deployment, in any of its forms; without any, who did what.

    Asked by name, a duty is one whose lines name the deployment themselves.
    """
    events = sorted(events_of(*duties) if duties else EVENTS)
    lines = lines_of(act, *(AuditEvent(event) for event in events))
    done = who_did(map(as_told, lines), deployment)
    return {duty: by for duty, by in done.items() if not duties or duty in duties}


def done_to_alert(act: Act, alert: AlertId) -> Mapping[Duty, frozenset[ActorId]]:
    """Who judged an alert, sent somebody and engaged, also once the alert itself is gone."""
    done: dict[Duty, frozenset[ActorId]] = {}
    for line in lines_of(act, *_OF_AN_ALERT):
        if line.detail.get("alert") == alert:
            duty = _OF_AN_ALERT[AuditEvent(line.event)]
            done[duty] = done.get(duty, frozenset()) | {line.actor}
    return done
