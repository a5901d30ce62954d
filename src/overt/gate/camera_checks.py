"""Looking through cameras before anybody is watched is an act too: it leaves a line."""

from overt.audit.events import AuditEvent
from overt.gate.door import Door
from overt.identifiers import CameraId, DeploymentId
from overt.policy.access import Actor, Permission


class CameraCheckGate(Door):
    def begin_camera_check(
        self, actor: Actor, deployment: DeploymentId, cameras: tuple[CameraId, ...]
    ) -> None:
        """Say, before the first frame, who looks through which cameras."""
        with self._as(actor, Permission.SECRET_USE) as work:
            work.audit(AuditEvent.CAMERA_CHECKED, deployment=deployment, cameras=", ".join(cameras))
