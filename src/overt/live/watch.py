"""The flow, on one page: what a camera sees becomes alerts, and everybody else is forgotten.

Read this first. Frames, faces and templates exist only below this function, in the memory of the
one process that holds the camera. Only an alert leaves it, through the gate.
"""

from collections.abc import Iterable
from contextlib import closing
from typing import Protocol

from overt.alerts.track_evidence import TrackEvidence
from overt.faces.faces import Faces
from overt.frames.frame import CameraBack, CameraLost, Frame, Sight, Silence
from overt.live.crowd import Crowd, Look
from overt.live.glances import Glance, glances


class Outlet(Protocol):
    """Where evidence goes: the desk before the gate, or a notebook while a rule is measured."""

    @property
    def paused(self) -> bool: ...
    def open(self, crowd: Crowd) -> bool: ...
    def passes_over(self, frame: Frame, crowd: Crowd) -> bool: ...
    def consider(
        self, evidence: TrackEvidence, look: Look, frame: Frame, faces: Faces, crowd: Crowd
    ) -> None: ...
    def tell_of_camera(self, news: CameraLost | CameraBack) -> None: ...
    def count(self, glance: Glance, crowd: Crowd) -> None: ...


def watch(sights: Iterable[Sight], crowd: Crowd, desk: Outlet) -> None:
    """Turn what a camera gives into alerts, until it ends or the deployment closes."""
    detector = crowd.networks.detector  # looks at the next frame while this one is compared
    desk.open(crowd)  # asked before anybody is looked at: it may be paused (R10)
    looking = glances(sights, detector, lambda: crowd.hopeful, lambda: not desk.paused)
    with closing(looking) as seen:
        for glance in seen:
            if not desk.open(crowd):  # closed or stopped: nothing more is looked at
                glance.forget()
                break
            match glance:
                case Glance(Frame() as frame) if desk.passes_over(frame, crowd):
                    pass  # nobody is looked at until the team or the light is back (R10, R27)
                case Glance(Frame() as frame, faces) if faces is not None:
                    looks = crowd.follow(frame, faces)  # in the zone, clear, worth a template
                    for evidence, look in crowd.compare(looks, frame):
                        desk.consider(evidence, look, frame, faces, crowd)
                    # No match: the aligned face is overwritten already; the templates are as
                    # soon as the track ends. Nothing was kept, written, sent or logged.
                case Glance(Frame()):
                    pass  # between two looks: never converted, never looked at
                case Glance(Silence(media_time)):
                    crowd.wait(media_time)
                case Glance(CameraLost() | CameraBack() as news):
                    desk.tell_of_camera(news)
            desk.count(glance, crowd)
            glance.forget()  # every frame's picture, looked at or not
    crowd.disperse()
