"""Legal holds: one alert is kept beyond its time, for a ground, until a date on which it is reviewed."""

from sqlalchemy import update

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.alert_moves import alert_row
from overt.gate.door import Door
from overt.gate.duties import profile_of, require_duty
from overt.gate.hold_lines import standing_holds
from overt.identifiers import AlertId
from overt.policy.access import Actor, Permission
from overt.policy.conflicts import Duty
from overt.policy.holds import Hold, HoldGround, require_reference, require_review
from overt.records.schema import AlertRow, DecisionRow, EvidenceRow
from overt.records.work import UnitOfWork
from overt.units import UtcTime, iso


class HoldGate(Door):
    def place_hold(
        self,
        actor: Actor,
        alert_id: AlertId,
        ground: HoldGround,
        *,
        reference: str,
        review_by: UtcTime,
    ) -> Hold:
        """Keep an alert beyond its time; on one that is held, set another review date.

        Not by whoever set the last: nobody keeps a face for years alone.
        """
        with self._as(actor, Permission.HOLD_PLACE) as work:
            words = require_reference(reference)
            require_review(work.now, review_by)
            row = alert_row(work, alert_id)
            if (held := standing_holds(work).get(row.id)) is not None:
                require_duty(
                    work, actor, Duty.EXTEND_HOLD, {Duty.HOLD: [held.set_by]},
                    profile=profile_of(work, row),
                )  # fmt: skip
            work.audit(
                AuditEvent.HOLD_PLACED,
                alert=row.id, ground=ground.value, reference=words, review_by=iso(review_by),
            )  # fmt: skip
            return standing_holds(work)[row.id]

    def release_hold(self, actor: Actor, alert_id: AlertId, *, reason: str) -> None:
        """Let the alert die: at its time, or now where that is past. Not by whoever holds it."""
        with self._as(actor, Permission.HOLD_RELEASE) as work:
            words = require_reference(reason)
            row = alert_row(work, alert_id)
            hold = standing_holds(work).get(row.id)
            if hold is None:
                raise Refused(f"{row.id} is not held")
            require_duty(
                work, actor, Duty.RELEASE_HOLD, {Duty.HOLD: [hold.by]},
                profile=profile_of(work, row),
            )  # fmt: skip
            work.audit(AuditEvent.HOLD_RELEASED, alert=row.id, because=words)
            _die_by_now(work, row)

    def holds(self, actor: Actor) -> tuple[Hold, ...]:
        """Every hold that stands, the next review first."""
        with self._look(actor, Permission.HOLD_READ) as reading:
            found = standing_holds(reading).values()
            return tuple(sorted(found, key=lambda hold: (hold.review_by, hold.alert)))


def _die_by_now(work: UnitOfWork, row: AlertRow) -> None:
    """Its time may be long past: then it ends with the hold, and nobody was late."""
    if row.delete_after > work.now:
        return
    for table, of_it in (
        (EvidenceRow, EvidenceRow.alert_id == row.id),
        (DecisionRow, DecisionRow.alert_id == row.id),
    ):
        work.session.execute(update(table).where(of_it).values(delete_after=work.now))
    row.delete_after = work.now
