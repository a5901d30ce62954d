"""Counts one false alert in the group that a person perceived, and nothing else (R67).

The line names the deployment and the group, not the alert, nor anybody. It counts where the same
act judged the alert false; each alert is judged so at most once, because that ends it.
"""

from overt.audit.events import AuditEvent
from overt.decisions.case import Case
from overt.decisions.states import Move
from overt.errors import Refused
from overt.gate.decoy_marks import is_decoy
from overt.gate.life_lines import tell
from overt.gate.life_subject import subject_named
from overt.policy.access import Actor
from overt.policy.footfall import require_group
from overt.records.work import UnitOfWork

FALSE = frozenset({Move.JUDGE_NOT_THE_PERSON, Move.FIND_FALSE})


def count_perceived(work: UnitOfWork, actor: Actor, case: Case, group: str | None) -> None:
    """Refused where the alert was not judged false by this act, or the group is none."""
    if group is None:
        return
    subject = subject_named(work, case.deployment)
    require_group(subject.profile, group)
    if case.review.acts[-1].move not in FALSE:
        raise Refused("only a false alert is counted by perceived group: leave the group out")
    if is_decoy(work, case.alert.id):
        return  # a test of the review shows nobody who passed
    tell(work, actor, subject, AuditEvent.FALSE_ALERT_PERCEIVED, group=group)
