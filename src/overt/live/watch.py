"""The flow, on one page: what a camera sees becomes alerts, and everybody else is forgotten.

Read this first. Frames, faces and templates exist only below this function, in the memory of the
one process that holds the camera. Only an alert leaves it, through the gate.
"""

from collections.abc import Iterable

from overt.frames.frame import CameraBack, CameraLost, Frame, Sight, Silence
from overt.live.crowd import Crowd
from overt.live.desk import Desk
from overt.live.rhythm import Rhythm


def watch(sights: Iterable[Sight], crowd: Crowd, desk: Desk) -> None:
    """Turn what a camera gives into alerts, until it ends or the deployment closes."""
    rhythm = Rhythm()
    for sight in sights:
        if not desk.open(crowd):  # closed or stopped: nothing more is looked at
            break
        match sight:
            case Frame() if rhythm.due(sight.media_time, eager=crowd.hopeful):
                faces = crowd.networks.detector.find(sight.picture)
                looks = crowd.follow(sight, faces)  # in the zone, clear, and worth a template
                for evidence, look in crowd.compare(looks, sight):
                    desk.consider(evidence, look, sight, faces, crowd)
                # No match: the aligned face is overwritten already; the templates are as soon
                # as the track ends. Nothing was kept, written, sent or logged.
            case Frame():
                pass  # between two looks: never converted, never looked at
            case Silence():
                crowd.wait(sight.media_time)
            case CameraLost() | CameraBack():
                desk.tell_of_camera(sight)
        desk.count(sight, crowd)
        if isinstance(sight, Frame):
            sight.picture.forget()
    crowd.disperse()
