"""Which earlier uses under a profile lack the report that was due (R70)."""

from sqlalchemy import select

from overt.gate.life_lines import told_of
from overt.gate.list_reading import Act
from overt.identifiers import DeploymentId
from overt.policy.life import Stage
from overt.policy.profile import Profile
from overt.policy.told import life_facts
from overt.records.schema import DeploymentRow


def overdue_reports(act: Act, profile: Profile) -> tuple[DeploymentId, ...]:
    """Deployments that ran and ended longer ago than the report may take, and have none."""
    if profile.report_due is None:
        return ()
    chosen = select(DeploymentRow).where(
        DeploymentRow.profile == profile.name,
        DeploymentRow.closes_at <= act.now - profile.report_due,
    )
    return tuple(row.id for row in act.session.scalars(chosen) if _lacks_it(act, row))


def _lacks_it(act: Act, row: DeploymentRow) -> bool:
    life = life_facts(told_of(act, row.id), row.digest)
    return life.opened and life.stage is not Stage.EVALUATED
