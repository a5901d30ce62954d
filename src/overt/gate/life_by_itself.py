"""The moves that the program makes by itself where a profile waives them, or urgency does.

They are made all the same, by whoever signs, and the log says that nobody was asked: so the life of
every deployment goes through the same stages, and an auditor reads one table.
"""

from overt.audit.events import AuditEvent
from overt.config.deployment import as_json
from overt.gate.authority import Presented
from overt.gate.life_lines import Subject, facts_of, tell
from overt.policy.access import Actor
from overt.policy.life import Stage
from overt.policy.rule import Rule
from overt.records.work import UnitOfWork


def submit_by_itself(
    work: UnitOfWork, actor: Actor, subject: Subject, presented: Presented
) -> None:
    waived = Rule.SUBMITTED in subject.profile.waived
    if waived and facts_of(work, subject).stage is Stage.DRAFTED:
        words = {"deployment": as_json(presented.file)}
        tell(work, actor, subject, AuditEvent.DEPLOYMENT_SUBMITTED, words=words, by_itself=True)


def notice_by_itself(
    work: UnitOfWork, actor: Actor, subject: Subject, presented: Presented
) -> None:
    """Nobody is told beforehand: nobody but volunteers passes, or a critical threat allows it."""
    urgent = subject.profile.urgent
    spared = presented.file.urgent and urgent is not None and Rule.NOTICED in urgent.spares
    waived = Rule.NOTICED in subject.profile.waived
    if (waived or spared) and facts_of(work, subject).stage is Stage.AUTHORISED:
        tell(
            work, actor, subject, AuditEvent.DEPLOYMENT_NOTICED,
            by_itself=True, urgent=presented.file.urgent,
        )  # fmt: skip
