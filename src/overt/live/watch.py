"""The flow, on one page: what a camera sees becomes alerts, and everybody else is forgotten.

Read this first. Frames, faces and templates exist only below this function, in the memory of the
one process that holds the camera. Only an alert leaves it, through the gate.
"""

from collections.abc import Iterable
from contextlib import closing
from typing import Protocol

from overt.alerts.track_evidence import TrackEvidence
from overt.frames.frame import CameraBack, CameraLost, Frame, Sight, Silence
from overt.live.crowd import Crowd, Look
from overt.live.glances import Glance, glances
from overt.live.rhythm import ONE_BY_ONE, RECORDED, Tempo
from overt.live.scene import Scene


class Outlet(Protocol):
    """Where evidence goes: the desk before the gate, or a notebook while a rule is measured."""

    @property
    def paused(self) -> bool: ...
    def open(self, crowd: Crowd) -> bool: ...
    def passes_over(self, frame: Frame, crowd: Crowd) -> bool: ...
    def consider(self, evidence: TrackEvidence, look: Look, scene: Scene, crowd: Crowd) -> None: ...
    def tell_of_camera(self, news: CameraLost | CameraBack) -> None: ...
    def count(self, glance: Glance, crowd: Crowd) -> None: ...
    def settle(self) -> None: ...


def watch(sights: Iterable[Sight], crowd: Crowd, desk: Outlet, tempo: Tempo = RECORDED) -> None:
    """Turn what a camera gives into alerts, until it ends or the deployment closes."""
    detector = crowd.networks.detector  # looks at the next frame while this one is compared
    desk.open(crowd)  # asked before anybody is looked at: it may be paused (R10)
    looking = glances(
        sights, detector, lambda: crowd.hopeful, lambda: not desk.paused,
        ahead=tempo.ahead,
    )  # fmt: skip
    with closing(looking) as seen:
        for glance in seen:
            if not desk.open(crowd):  # closed or stopped: nothing more is looked at
                glance.forget()
                break
            match glance:
                case Glance(Frame() as frame) if desk.passes_over(frame, crowd):
                    glance.forget()  # nobody is looked at until it goes on (R10, R27)
                case Glance(Frame() as frame, faces) if faces is not None:
                    scene = crowd.follow(frame, faces)  # who is who, by where they are
                    _hand_over(crowd, desk, tempo, scene)  # what earlier looks told
                    crowd.compare(scene, hurried=tempo.prompt)  # in the zone, worth a template
                    # No match: the aligned face is overwritten and the picture forgotten as soon
                    # as it is compared, the templates as soon as the track ends. Nothing was
                    # kept, written, sent or logged.
                case Glance(Frame()):
                    glance.forget()  # between two looks: never converted, never looked at
                    _hand_over(crowd, desk, tempo)
                case Glance(Silence(media_time)):
                    _hand_over(crowd, desk, ONE_BY_ONE)
                    crowd.wait(media_time)
                case Glance(CameraLost() | CameraBack() as news):
                    desk.tell_of_camera(news)
            desk.count(glance, crowd)
        else:
            _hand_over(crowd, desk, ONE_BY_ONE)
    crowd.disperse()
    desk.settle()  # what was decided on is in the records


def _hand_over(crowd: Crowd, desk: Outlet, tempo: Tempo, newest: Scene | None = None) -> None:
    told = crowd.compared(leaving=tempo.beside, prompt=tempo.prompt, scene=newest)
    for evidence, look, scene in told:
        desk.consider(evidence, look, scene, crowd)
