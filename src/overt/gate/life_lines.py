"""What the log tells of a deployment, and how it is told: the line counts, the row has the words.

A row of `deployment_facts` that no line tells of is worth nothing, a line without its row shows
that somebody took the row away, and words whose digest is not the line's were rewritten.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.audit.line import Fact, Line
from overt.config.canonical import Json, canonical_json, digest_of
from overt.errors import Refused
from overt.gate.account_standing import parsed, raw_lines
from overt.gate.list_reading import Act
from overt.identifiers import DeploymentId, Digest
from overt.policy.access import Actor
from overt.policy.life import Move, why_not
from overt.policy.profile import Profile
from overt.policy.retention import RecordKind, delete_after
from overt.policy.told import EVENTS, LifeFacts, Told, life_facts
from overt.records.schema import DeploymentFactRow
from overt.records.work import UnitOfWork, fresh_id


@dataclass(frozen=True, slots=True)
class Subject:
    """Which authorisation an act is about."""

    id: DeploymentId
    digest: Digest
    profile: Profile


def told_of(act: Act, deployment: DeploymentId, since: int = 0) -> list[Told]:
    """Everything that the log tells of a deployment's life since a line, oldest first."""
    return list(_told(act, deployment, since))


def _told(act: Act, deployment: DeploymentId, since: int) -> Iterator[Told]:
    mark = canonical_json(deployment)
    for raw in raw_lines(act, EVENTS, since):
        if mark not in raw:  # most lines are of other deployments; reading one costs more
            continue
        line = parsed(raw)
        if line.detail.get("deployment") == deployment:
            yield as_told(line)


def as_told(line: Line) -> Told:
    return Told(line.seq, line.at, line.actor, line.event, line.detail)


def facts_of(act: Act, subject: Subject, since: int = 0) -> LifeFacts:
    return life_facts(told_of(act, subject.id, since), subject.digest)


def require_move(act: Act, subject: Subject, move: Move) -> LifeFacts:
    """Refuse a move that the table does not allow from where the deployment stands."""
    life = facts_of(act, subject)
    if (why := why_not(life.stage, move)) is not None:
        raise Refused(f"{subject.id}: {why}")
    return life


def tell(
    work: UnitOfWork,
    actor: Actor,
    subject: Subject,
    event: AuditEvent,
    *,
    words: Mapping[str, Json] | None = None,
    **facts: Fact,
) -> int:
    """Write a line about a deployment, and the row that keeps its words."""
    written = dict(words) if words else None
    line = work.audit(
        event,
        deployment=subject.id,
        digest=subject.digest,
        profile=subject.profile.governs,
        **({"words": digest_of(canonical_json(written))} if written else {}),
        **facts,
    )
    work.keep(
        DeploymentFactRow(
            id=fresh_id(), deployment_id=subject.id, event=event.value,
            governed_by=subject.profile.governs, by=actor.id, at=work.now,
            evidence=dict(written) if written else None, audit_id=line,
            delete_after=delete_after(RecordKind.AUTHORISATION, subject.profile.name, work.now),
        )
    )  # fmt: skip
    return line


def words_of(act: Act, told: Told) -> Mapping[str, object]:
    """The words behind a line; refuse those that are not what the line covers."""
    covered = told.text("words")
    if not covered:
        return {}
    row = act.session.scalar(
        select(DeploymentFactRow).where(DeploymentFactRow.audit_id == told.seq)
    )
    found = row.evidence if row is not None else None
    if found is None or digest_of(canonical_json(found)) != covered:  # type: ignore[arg-type]  # JSON as it was kept
        raise Refused(
            f"what was said in line {told.seq} of the log was altered outside overt: keep this "
            "copy for whoever looks into it, and restore a backup (overt restore)"
        )
    return found
