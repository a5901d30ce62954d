"""The log, for whoever oversees: its lines, its public key, and the file that proves it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.audit.export import exported
from overt.audit.line import Line, read_line
from overt.audit.verify import verify
from overt.errors import Fault, Refused
from overt.gate.door import Door
from overt.policy.access import Actor, Permission
from overt.records.log import LINE, leaves, read_state
from overt.records.schema import AuditRow
from overt.records.whole_file import whole_file
from overt.records.work import Reading


@dataclass(frozen=True, slots=True)
class Exported:
    file: Path
    lines: int
    checkpoint: str
    """The signed note with which the file ends: keep it, and no later log can deny it."""


class AuditGate(Door):
    def audit_lines(self, actor: Actor, last: int | None = None) -> list[Line]:
        """Read the log's lines, oldest first: all of them, or the `last` few."""
        with self._as(actor, Permission.AUDIT_READ) as work:
            work.audit(AuditEvent.AUDIT_READ, last=last or 0)
            newest = select(LINE).order_by(AuditRow.seq.desc()).limit(last)
            return [read_line(raw) for raw in work.session.scalars(newest)][::-1]

    def audit_key(self, actor: Actor) -> str:
        """Give the public key that signs the checkpoints, as `overt.audit.note` writes it."""
        with self._look(actor, Permission.AUDIT_READ):
            return str(self._records.signer.verifier)

    def audit_checkpoint(self, actor: Actor) -> str:
        """Give the newest signed checkpoint, for a witness to keep."""
        with self._look(actor, Permission.AUDIT_READ) as reading:
            state = read_state(reading.session.connection(), self._records.signer.verifier)
            return state.checkpoint

    def export_audit(self, actor: Actor, to: Path) -> Exported:
        """Write the whole log, its export included, to a file that anybody can verify."""
        with self._as(actor, Permission.AUDIT_READ) as work:
            work.audit(AuditEvent.AUDIT_EXPORTED, file=to.name)
        # Only what has been committed is signed away: a checkpoint cannot be taken back.
        with Reading(self._records) as reading, whole_file(to, mode=0o644) as file:
            connection = reading.session.connection()
            state = read_state(connection, self._records.signer.verifier)
            file.writelines(exported(leaves(connection), state.checkpoint))
            file.seek(0)
            try:
                verify(file, self._records.signer.verifier)
            except Refused as refusal:
                raise Fault(
                    f"the audit log was altered outside overt ({refusal}): nothing is exported; "
                    "keep OVERT_HOME as it is for whoever looks into it"
                ) from refusal
        return Exported(to, state.tree.size, state.checkpoint)
