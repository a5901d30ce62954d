"""The log, for whoever oversees: its lines, its public key, and the file that proves it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from overt.audit.events import AuditEvent
from overt.audit.export import exported
from overt.audit.line import Line, read_line
from overt.audit.proof import Consistency, Inclusion
from overt.audit.tree import TreeHash, consistency_proof, inclusion_proof, tree_of
from overt.audit.verify import read_since, verify
from overt.errors import Fault, Refused
from overt.gate.door import Door
from overt.policy.access import Actor, Permission
from overt.policy.retention import RETENTION, RecordKind
from overt.records.log import leaves, read_state, sealed_range
from overt.records.sealing import leaf_hashes, seal, sealable
from overt.records.whole_file import whole_file
from overt.records.work import Reading
from overt.units import UtcTime

SHORTEST: Final = timedelta(days=184)
"""Article 19 of Regulation (EU) 2024/1689: logs are kept for six months at least."""


OVERSIGHT: Final = "oversight"
"""What logs may be used for is a closed list (section 62(4)), and this is the part of it here."""


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
            work.audit(AuditEvent.AUDIT_READ, last=last or 0, justification=OVERSIGHT)
            since = 0 if last is None else max(0, work.lines.size - last)
            return [read_line(raw) for raw in work.lines.of(None, since)]

    def audit_key(self, actor: Actor) -> str:
        """Give the public key that signs the checkpoints, as `overt.audit.note` writes it."""
        with self._look(actor, Permission.AUDIT_READ):
            return str(self._records.signer.verifier)

    def audit_checkpoint(self, actor: Actor) -> str:
        """Give the newest signed checkpoint, for a witness to keep."""
        with self._look(actor, Permission.AUDIT_READ) as reading:
            state = read_state(reading.session.connection(), self._records.signer.verifier)
            return state.checkpoint

    def prove_line(self, actor: Actor, seq: int) -> str:
        """Give the proof that a line is in the log, for whoever is to believe just that line."""
        with self._as(actor, Permission.AUDIT_READ) as work:
            line = work.lines.at(seq)
            if line is None:
                raise Refused(f"the log has no line {seq}, or it was sealed")
            work.audit(AuditEvent.AUDIT_READ, line=seq, justification=OVERSIGHT)
        with Reading(self._records) as reading:
            hashes, checkpoint = self._proven(reading)
        steps = tuple(inclusion_proof(hashes, seq))
        return str(Inclusion(line, seq, steps, checkpoint))

    def prove_consistency(self, actor: Actor, earlier: str) -> str:
        """Give the proof that the log only appended to an earlier checkpoint of it."""
        with self._look(actor, Permission.AUDIT_READ) as reading:
            old = read_since(earlier, self._records.signer.verifier).head
            hashes, checkpoint = self._proven(reading)
            if old.size > len(hashes):
                raise Refused(
                    f"that checkpoint is of {old.size} lines and this log has {len(hashes)}: "
                    "the log was rolled back, or the checkpoint is another's"
                )
        if old.size and tree_of(hashes[: old.size]).root() != old.root:
            raise Refused(
                "that checkpoint is of another history than this log's: one was rewritten"
            )
        steps = consistency_proof(hashes, old.size) if old.size else []
        return str(Consistency(old.size, tuple(steps), checkpoint))

    def seal_audit(self, actor: Actor) -> int:
        """Seal the lines whose time is over; say how many are sealed now (0: none were due)."""
        with self._look(actor, Permission.EXPIRE) as reading:
            if not sealable(reading, _log_kept_since(reading.now)):
                return 0
        with self._as(actor, Permission.EXPIRE) as work:
            until = _log_kept_since(work.now)
            end = sealable(work, until)
            seal(work, end, until)
        self._scrub()
        return end

    def _proven(self, reading: Reading) -> tuple[list[TreeHash], str]:
        """The hashes that a proof is made of, which are those that were signed."""
        connection = reading.session.connection()
        state = read_state(connection, self._records.signer.verifier)
        hashes = leaf_hashes(connection)
        if tree_of(hashes) != state.tree:
            raise Fault("the audit log was altered outside overt: nothing of it can be proven")
        return hashes, state.checkpoint

    def export_audit(
        self, actor: Actor, to: Path, *, recipient: str = "", justification: str = ""
    ) -> Exported:
        """Write the whole log, its export included, to a file that anybody can verify."""
        with self._as(actor, Permission.AUDIT_READ) as work:
            work.audit(
                AuditEvent.AUDIT_EXPORTED, file=to.name,
                justification=justification.strip() or OVERSIGHT,
                recipients=recipient.strip() or "whoever is given the file",
            )  # fmt: skip
        # Only what has been committed is signed away: a checkpoint cannot be taken back.
        with Reading(self._records) as reading, whole_file(to, mode=0o644) as file:
            connection = reading.session.connection()
            state = read_state(connection, self._records.signer.verifier)
            file.writelines(
                exported(leaves(connection), state.checkpoint, sealed_range(connection))
            )
            file.seek(0)
            try:
                verify(file, self._records.signer.verifier)
            except Refused as refusal:
                raise Fault(
                    f"the audit log was altered outside overt ({refusal}): nothing is exported; "
                    "keep OVERT_HOME as it is for whoever looks into it"
                ) from refusal
        return Exported(to, state.tree.size, state.checkpoint)


def _log_kept_since(now: UtcTime) -> UtcTime:
    """One log holds the lines of every profile: it is kept for as long as the longest asks."""
    longest = max(table[RecordKind.AUDIT].period for table in RETENTION.values())
    return UtcTime(now - max(longest, SHORTEST))
