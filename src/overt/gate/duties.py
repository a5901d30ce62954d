"""Whether somebody may do this to this very thing, after what they did to it before (R6, R39)."""

from collections.abc import Iterable, Mapping

from overt.audit.events import AuditEvent
from overt.gate.account_standing import Act, lines_of, require_handed_over
from overt.identifiers import ActorId, DeploymentId
from overt.policy.access import Actor
from overt.policy.conflicts import Duty, require_duties_apart
from overt.records.schema import AlertRow, DeploymentRow


def require_duty(
    act: Act, actor: Actor, duty: Duty, done: Mapping[Duty, Iterable[ActorId]], *, profile: str
) -> None:
    """Raise Refused where the profile keeps duties apart and the actor's meet in this thing.

    `done` says who did what to the same list, deployment or alert.
    """
    require_handed_over(act, profile)
    require_duties_apart(actor.id, duty, done, profile=profile)


def profile_of(act: Act, row: AlertRow) -> str:
    return act.session.get_one(DeploymentRow, row.deployment_id).profile


def signers_of(act: Act, deployment: DeploymentId) -> list[ActorId]:
    """Which accounts signed the deployment, in any of its forms, as the log tells it."""
    return [
        line.actor
        for line in lines_of(act, AuditEvent.DEPLOYMENT_SIGNED)
        if line.detail.get("deployment") == deployment
    ]
