"""Suspends a deployment when a camera's faces leave what its test of accuracy covered (R27)."""

from overt.audit.events import AuditEvent
from overt.gate.door import Door
from overt.gate.life_lines import tell
from overt.gate.open_deployment import OpenDeployment
from overt.gate.opening import life_of, subject_of_run
from overt.identifiers import CameraId
from overt.policy.access import Actor, Permission
from overt.policy.life import Stage
from overt.rates.drift import Drift


class EnvelopeGate(Door):
    def hold_to_envelope(
        self, actor: Actor, deployment: OpenDeployment, camera: CameraId, drift: Drift
    ) -> bool:
        """Suspend it, unless it is suspended or over already; say whether."""
        with self._look(actor, Permission.ALERT_RAISE) as reading:
            deployment.camera(camera)
            if life_of(reading, deployment).stage is not Stage.OPEN:
                return False
        with self._as(actor, Permission.ALERT_RAISE) as work:
            tell(
                work, actor, subject_of_run(deployment), AuditEvent.DEPLOYMENT_SUSPENDED,
                run=deployment.run, camera=camera, test="validated-envelope",
                because=f"camera {camera}: {drift}",
            )  # fmt: skip
        return True
