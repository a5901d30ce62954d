"""Looking through cameras before anybody is watched is an act too: it leaves a line."""

from overt.audit.events import AuditEvent
from overt.config.deployment import DeploymentFile
from overt.gate.door import Door
from overt.policy.access import Actor, Permission
from overt.policy.profiles import named_profile


class CameraCheckGate(Door):
    def begin_camera_check(self, actor: Actor, file: DeploymentFile) -> None:
        """Say, before the first frame, who looks through which cameras, under whose rules."""
        with self._as(actor, Permission.SECRET_USE) as work:
            cameras = ", ".join(each.id for each in file.cameras)
            work.audit(
                AuditEvent.CAMERA_CHECKED, deployment=file.id, cameras=cameras,
                **named_profile(file.profile),
            )  # fmt: skip
