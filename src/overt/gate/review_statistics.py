"""How the review goes, person by person, from the log: time, rejections, disagreement, decoys (R42).

Alerts are destroyed after a day; what people judged stands in the log. Decoys count for nobody's
work and for the statistics of decoys alone; alerts of seeded walks count for nothing here.
"""

from overt.audit.events import AuditEvent
from overt.decisions.performance import Judged, OperatorStatistics, statistics_of
from overt.decisions.states import Move
from overt.gate.account_standing import lines_of
from overt.gate.decoy_marks import marks
from overt.gate.door import Door
from overt.gate.list_reading import Act
from overt.gate.walk_rows import walks_of
from overt.identifiers import AlertId
from overt.policy.access import Actor, Permission
from overt.units import Seconds

_MOVES = {move.name.lower().replace("_", "-"): move for move in Move}


class StatisticsGate(Door):
    def review_statistics(self, actor: Actor) -> tuple[OperatorStatistics, ...]:
        """Tell how each person judged; no alert and nobody on a list is named."""
        with self._as(actor, Permission.ALERT_STATISTICS) as work:
            decoys = {mark.alert: mark.same_person for mark in marks(work)}
            seeded = _alerts_of_walks(work)
            judged = [
                Judged(
                    by=line.actor,
                    alert=AlertId(str(line.detail["alert"])),
                    move=_MOVES[str(line.detail["move"])],
                    after=Seconds(int(line.detail["after_ms"]) / 1000),
                )
                for line in lines_of(work, AuditEvent.ALERT_DECIDED)
                if line.detail["alert"] not in seeded
            ]
            work.audit(AuditEvent.STATISTICS_READ, judgements=len(judged))
            return statistics_of(judged, decoys)


def _alerts_of_walks(act: Act) -> set[object]:
    """Alerts of seeded walks: their people know that they are looked for (R25)."""
    walks = {walk.id for walk in walks_of(act)}
    raised = lines_of(act, AuditEvent.ALERT_RAISED) if walks else []
    return {line.detail["alert"] for line in raised if line.detail.get("deployment") in walks}
