"""Suspends a deployment whose false alerts rise above the profile's ceiling (R33).

A false alert is one that a person judged not to be the person listed, or found so on the street;
decoys are none. Faces are what the run's cameras counted, and no fewer than those that the records
have alerts on; of two false alerts on one face one counts, so that a rate is one of faces. What was
counted before the last time it was let go on counts no more.
"""

from sqlalchemy import Select, distinct, func, select

from overt.audit.events import AuditEvent
from overt.decisions.states import Move as Judged
from overt.errors import Refused
from overt.gate.decoy_marks import lines_of_decoys
from overt.gate.door import Door
from overt.gate.life_lines import tell, told_of
from overt.gate.list_reading import Act
from overt.gate.open_deployment import OpenDeployment
from overt.gate.opening import subject_of_run
from overt.identifiers import RunId
from overt.policy.access import Actor, Permission
from overt.policy.life import Stage
from overt.policy.profiles import profile_named
from overt.policy.told import life_facts
from overt.rates.false_alert_rate import FalseAlertRate, false_alert_rate
from overt.rates.how_many import how_many
from overt.rates.sequential import Verdict
from overt.records.schema import AlertRow, DecisionRow

_STOPPED = AuditEvent.DEPLOYMENT_SUSPENDED.value


class FalseAlertGate(Door):
    def hold_to_ceiling(self, actor: Actor, deployment: OpenDeployment, *, faces: int) -> bool:
        """Suspend it where false alerts among the faces seen breach the ceiling; say whether."""
        with self._look(actor, Permission.ALERT_RAISE) as reading:
            false_alerts = false_alerts_of(reading, deployment.run)
            faces = faces_of(reading, deployment.run, faces)
            if not false_alerts or not _breach(reading, deployment, false_alerts, faces):
                return False
        with self._as(actor, Permission.ALERT_RAISE) as work:
            ceiling = profile_named(deployment.profile).most_false_alerts
            tell(
                work, actor, subject_of_run(deployment), AuditEvent.DEPLOYMENT_SUSPENDED,
                run=deployment.run, false_alerts=false_alerts, faces=faces,
                because=f"{how_many(false_alerts, 'false alert')} in {how_many(faces, 'face')}, above 1 in {1 / ceiling:,.0f}",
            )  # fmt: skip
        return True

    def false_alert_rate(
        self, actor: Actor, deployment: OpenDeployment, *, faces: int
    ) -> FalseAlertRate:
        """Where the whole run stands: false alerts among the faces seen, with its interval."""
        with self._look(actor, Permission.ALERT_RAISE) as reading:
            return rate_of_run(reading, deployment.run, deployment.profile, faces)


def rate_of_run(act: Act, run: RunId, profile: str, faces: int) -> FalseAlertRate:
    ceiling = profile_named(profile).most_false_alerts
    return false_alert_rate(false_alerts_of(act, run), faces_of(act, run, faces), ceiling)


def _breach(act: Act, deployment: OpenDeployment, false_alerts: int, faces: int) -> bool:
    told = told_of(act, deployment.id, deployment.first_line)
    if life_facts(told, deployment.digest).stage is not Stage.OPEN:
        return False
    before = [
        line
        for line in told
        if line.event == _STOPPED
        and line.text("run") == deployment.run
        and "false_alerts" in line.detail  # not by another test
    ]
    new = false_alerts - (before[-1].count("false_alerts") if before else 0)
    seen = faces - (before[-1].count("faces") if before else 0)
    if faces < 0 or false_alerts < new:
        raise Refused("faces and false alerts are counted upwards")
    ceiling = profile_named(deployment.profile).most_false_alerts
    return new > 0 and false_alert_rate(new, seen, ceiling).verdict is Verdict.TRIPPED


def false_alerts_of(act: Act, run: RunId) -> int:
    """On how many faces of a run an alert was judged or found false."""
    chosen = (
        _alerted(act, run)
        .join(DecisionRow, DecisionRow.alert_id == AlertRow.id)
        .where(DecisionRow.move.in_((Judged.JUDGE_NOT_THE_PERSON, Judged.FIND_FALSE)))
    )
    return act.session.scalar(chosen) or 0


def faces_of(act: Act, run: RunId, counted: int) -> int:
    """What the cameras counted; an alert may be on record before its face was told of."""
    return max(counted, act.session.scalar(_alerted(act, run)) or 0)


def _alerted(act: Act, run: RunId) -> Select[int]:
    """How many faces of a run the records have alerts on, decoys apart."""
    return select(func.count(distinct(AlertRow.passage))).where(
        AlertRow.run_id == run, AlertRow.audit_id.not_in(lines_of_decoys(act))
    )
