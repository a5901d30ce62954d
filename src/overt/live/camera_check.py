"""Look through a camera for some seconds, before anybody is watched: numbers and one still.

Faces are detected and measured, never templated or compared, and every one of them is pixelated
in the still before it leaves this module. No encoder is loaded.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from overt.config.deployment import CameraEntry
from overt.faces.camera_fitness import CameraReport, Look, judge_camera
from overt.faces.faces import Detector, Faces
from overt.faces.quality import LIVE, QualityRules, Rejection, assess, face_region
from overt.faces.redaction import pixelate
from overt.faces.zone import Zone
from overt.frames.frame import CameraLost, Frame, FrameSource
from overt.frames.view_measures import measure_view
from overt.units import Clock, Pixels, Seconds, UInt8

LOOKS_PER_SECOND: Final = 4.0
WIDEST_STILL: Final = 640
"""Pixels. Faces that the detector missed are small, and smaller still nobody recognises them."""
ZONE_COLOUR: Final = (60, 200, 60)


@dataclass(frozen=True, slots=True, eq=False)
class CameraCheck:
    report: CameraReport
    still: UInt8 | None
    """The picture with the most faces, all pixelated, and the zone drawn; None without one."""
    lost: str | None
    """Why a live camera gave nothing or broke off, without its address."""


@dataclass(slots=True)
class _Seen:
    looks: list[Look] = field(default_factory=list)
    still: UInt8 | None = None
    most_faces: int = -1
    last: Frame | None = None
    lost: str | None = None

    @property
    def fps(self) -> float | None:
        """What the camera gave a second, dropped frames included."""
        if self.last is None or self.last.media_time <= 0:
            return None
        return self.last.number / self.last.media_time


def check_camera(
    camera: CameraEntry, source: FrameSource, detector: Detector, *, span: Seconds, clock: Clock
) -> CameraCheck:
    """Look for `span` seconds of the source, or until a recording ends."""
    seen = _Seen()
    zone = Zone(camera.zone)
    rules = replace(LIVE, min_eye_distance_px=float(camera.min_eye_distance))
    try:
        for frame in _frames(source, seen, span, clock):
            seen.last = frame
            if len(seen.looks) <= frame.media_time * LOOKS_PER_SECOND:
                _look(frame, seen, detector, zone, rules)
    finally:
        source.stop()
        detector.scrub()
    report = judge_camera(camera.id, seen.looks, least_eyes=camera.min_eye_distance, fps=seen.fps)
    return CameraCheck(report, seen.still, seen.lost)


def _frames(source: FrameSource, seen: _Seen, span: Seconds, clock: Clock) -> Iterator[Frame]:
    """Give frames until the span is over, by the source's clock and by the wall's."""
    ends = clock.monotonic() + span + (span if source.live else 1e9)
    for sight in source.sights():
        if isinstance(sight, CameraLost):
            seen.lost = sight.reason
        if isinstance(sight, Frame):
            if sight.media_time > span:
                return
            yield sight
        if clock.monotonic() > ends:
            return


def _look(frame: Frame, seen: _Seen, detector: Detector, zone: Zone, rules: QualityRules) -> None:
    picture = frame.picture.bgr()
    faces = detector.find(frame.picture)
    inside = zone.holds_centres(faces.boxes, frame.picture.width, frame.picture.height)
    seen.looks.append(
        Look(
            view=measure_view(picture),
            eye_distances=tuple(
                Pixels(face.eye_distance)
                for face, within in zip(faces, inside, strict=True)
                if within
            ),
            outside=int(np.count_nonzero(~inside)),
            rejected=_rejections(picture, faces, inside.tolist(), rules),
        )
    )
    if len(faces) > seen.most_faces:
        seen.most_faces = len(faces)
        seen.still = _with_zone(_shrunk(pixelate(picture, faces.boxes)), zone)


def _rejections(
    picture: UInt8, faces: Faces, inside: list[bool], rules: QualityRules
) -> Counter[Rejection]:
    """Why faces in the zone that are large enough would still not be compared."""
    found: Counter[Rejection] = Counter()
    for face, within in zip(faces, inside, strict=True):
        if within and face.eye_distance >= rules.min_eye_distance_px:
            found.update(assess(face, face_region(picture, face.box), rules).reasons)
    return found


def _shrunk(picture: UInt8) -> UInt8:
    height, width = picture.shape[:2]
    if width <= WIDEST_STILL:
        return picture
    size = (WIDEST_STILL, max(1, round(height * WIDEST_STILL / width)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _with_zone(picture: UInt8, zone: Zone) -> UInt8:
    height, width = picture.shape[:2]
    corners = (np.array(zone.polygon) * (width - 1, height - 1)).round().astype(np.int32)
    cv2.polylines(picture, [corners], True, ZONE_COLOUR, 2, cv2.LINE_AA)
    return picture
