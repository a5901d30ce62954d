"""Whose data may be kept and not used: a restricted person is looked for on no list (s.47(3)).

Read from the log, like roles: no row that somebody edits can lift a restriction.
"""

from overt.audit.events import AuditEvent
from overt.gate.account_standing import lines_of
from overt.gate.list_reading import Act
from overt.identifiers import SubjectId

RESTRICTED = AuditEvent.PROCESSING_RESTRICTED
LIFTED = AuditEvent.RESTRICTION_LIFTED


def restricted(act: Act) -> frozenset[SubjectId]:
    """Who is restricted now, on lists of now and on those to come."""
    standing: set[SubjectId] = set()
    for line in lines_of(act, RESTRICTED, LIFTED):
        subject = SubjectId(str(line.detail["subject"]))
        if line.event == RESTRICTED.value:
            standing.add(subject)
        else:
            standing.discard(subject)
    return frozenset(standing)
