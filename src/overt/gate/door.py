"""How every act on the records begins: who acts, may they, and which line tells of it.

To write a gate method, put it in a mixin `class SubjectGate(Door)` in gate/<subject>.py, and add
the mixin to `Gate` in gate/gate.py. The method takes the actor first, and its first statement is
one of these (the door lock calls every public method with an actor without roles and junk):

    with self._as(actor, Permission.X) as work:      # reads or changes; commits on leaving
        line = work.audit(AuditEvent.Y, alert=alert_id)   # first: rows refer to it
        key = work.new_data_key(KeyKind.ALERT, line)
        row_id = fresh_id()
        sealed = key.seal(jpeg, Place("alert_evidence", row_id, "probe"))
        work.keep(EvidenceRow(id=row_id, ..., audit_id=line, delete_after=...))
        rows = work.session.scalars(select(AlertRow).where(...)).all()

    with self._look(actor, Permission.X) as reading: # housekeeping that shows nobody; no line
        due = reading.session.scalar(select(...))

    self._permit(actor, Permission.X)                # then long work without the write lock,
    ...                                              # then `_as` for the short act

`work.now` is the time of the act. Raise Refused inside and everything rolls back and one line
tells of the refusal. One act at a time in a thread: never call a public method within `_as`. A
public method is no generator, because a generator checks nothing until it is read.

The roles of an actor are a claim. Each of these reads which of them stand (`account_standing`), and
`policy/doors.py` names the permission that each public method asks for; a test compares.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.account_standing import standing_actor
from overt.identifiers import ActorId
from overt.policy.access import Actor, Permission, require
from overt.records.guard import AlteredRecords
from overt.records.journal import empty_journal
from overt.records.records import Records
from overt.records.work import Reading, UnitOfWork


class Door:
    """What the gate's mixins share. Nothing in it is public."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._clock = records.clock

    @contextmanager
    def _as(self, actor: Actor, permission: Permission) -> Iterator[UnitOfWork]:
        with self._telling_refusals(actor, permission):
            require(actor, permission)
            with UnitOfWork(self._records, actor.id) as work:
                require(standing_actor(work, actor), permission)
                yield work

    @contextmanager
    def _look(self, actor: Actor, permission: Permission) -> Iterator[Reading]:
        with self._telling_refusals(actor, permission):
            require(actor, permission)
            with Reading(self._records) as reading:
                require(standing_actor(reading, actor), permission)
                yield reading

    def _permit(self, actor: Actor, permission: Permission) -> None:
        with self._look(actor, permission):
            return

    @contextmanager
    def _telling_refusals(self, actor: Actor, permission: Permission) -> Iterator[None]:
        try:
            yield
        except Refused as refusal:  # a refusal is news too: it keeps its own line
            with UnitOfWork(self._records, actor.id) as note:
                note.audit(AuditEvent.REFUSED, to=permission.value, reason=refusal.for_the_log)
            raise

    @contextmanager
    def _telling_alterations(self, who: ActorId, to: str) -> Iterator[None]:
        """For what is read where nobody has been permitted anything yet, or nobody acts."""
        try:
            yield
        except AlteredRecords as altered:
            with UnitOfWork(self._records, who) as note:
                note.audit(AuditEvent.REFUSED, to=to, reason=altered.for_the_log)
            raise

    def _scrub(self) -> bool:
        """Call after an act that deleted: the write-ahead log may still hold what is gone."""
        return empty_journal(self._records.writer)
