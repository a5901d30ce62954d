"""Which alerts are held: read from the log, so that no edited row keeps or destroys one."""

from datetime import datetime

from overt.audit.events import AuditEvent
from overt.audit.line import Line
from overt.gate.account_standing import lines_of
from overt.gate.list_reading import Act
from overt.identifiers import AlertId
from overt.policy.holds import Hold, HoldGround
from overt.records.schema import AlertRow
from overt.units import utc

PLACED, RELEASED = AuditEvent.HOLD_PLACED, AuditEvent.HOLD_RELEASED


def standing_holds(act: Act) -> dict[AlertId, Hold]:
    """By alert; one that was placed again has its newest review date and its first holder."""
    held: dict[AlertId, Hold] = {}
    for line in lines_of(act, PLACED, RELEASED):
        alert = AlertId(str(line.detail["alert"]))
        if line.event == RELEASED.value:
            held.pop(alert, None)
        else:
            held[alert] = _hold(line, held.get(alert))
    return {alert: hold for alert, hold in held.items() if act.session.get(AlertRow, alert)}


def _hold(line: Line, earlier: Hold | None) -> Hold:
    told = line.detail
    return Hold(
        alert=AlertId(str(told["alert"])),
        ground=HoldGround(told["ground"]),
        reference=str(told["reference"]),
        by=line.actor if earlier is None else earlier.by,
        set_by=line.actor,
        placed_at=line.at if earlier is None else earlier.placed_at,
        review_by=utc(datetime.fromisoformat(str(told["review_by"]))),
    )
