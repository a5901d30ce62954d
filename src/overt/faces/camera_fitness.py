"""Whether a camera is good enough to compare faces with, and why not: pure.

It judges what an engineer can mend before anybody is watched: distance, focus, light, rate. It
cannot tell how well people will be recognised; a seeded walk measures that (R63).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from statistics import median
from typing import Final

from overt.faces.quality import Rejection
from overt.frames.view_measures import ViewMeasures
from overt.identifiers import CameraId
from overt.units import Pixels


class Fitness(Enum):
    GOOD = "good enough"
    DOUBTFUL = "doubtful"
    UNFIT = "not good enough"


@dataclass(frozen=True, slots=True)
class FitnessRules:
    """Each number is where trouble was seen to begin, not where it is certain."""

    darkest: float = 50.0
    lightest: float = 205.0
    flattest: float = 50.0
    least_detail: float = 12.0
    """Sharp clips of every kind at hand have 38 and more, blurred ones 9 and less (measured)."""
    least_fps: float = 8.0
    """A head crosses a zone in about three seconds; a passage takes three looks, well apart."""
    enough_faces: int = 10
    least_share_large: float = 0.2
    """Share of faces in the zone that reach the size: people approach, so not all do."""
    most_combed: float = 0.1
    most_rejected: float = 0.3
    """Of the faces that are large enough: people look away, but not most of the time."""


RULES: Final = FitnessRules()


@dataclass(frozen=True, slots=True)
class Look:
    """One frame of a camera under test, as numbers."""

    view: ViewMeasures
    eye_distances: tuple[Pixels, ...]
    """Of the faces in the zone."""
    outside: int
    """Faces out of the zone."""
    rejected: Mapping[Rejection, int] = field(default_factory=dict)
    """Why faces in the zone that are large enough would still not be compared."""


@dataclass(frozen=True, slots=True)
class CameraReport:
    camera: CameraId
    fitness: Fitness
    reasons: tuple[str, ...]
    """What keeps it from being good, each with what may mend it."""
    frames: int
    fps: float | None
    width: int
    height: int
    brightness: float
    contrast: float
    detail: float
    combed_share: float
    faces_in_zone: int
    large_enough: int
    too_small: int
    outside: int
    rejected: Mapping[Rejection, int]
    """Faces in the zone that are large enough, by what would keep them from being compared."""
    eye_distances: tuple[float, float, float] | None
    """Least, median, greatest; None where no face was in the zone."""


def judge_camera(
    camera: CameraId,
    looks: Sequence[Look],
    *,
    least_eyes: Pixels,
    fps: float | None,
    rules: FitnessRules = RULES,
) -> CameraReport:
    """Judge a camera by some seconds of it. No looks: it gave no picture, which is unfit.

    `fps` counts what the camera gave, which may be more than was looked at; None if unknown.
    """
    if not looks:
        return _no_picture(camera)
    eyes = sorted(distance for look in looks for distance in look.eye_distances)
    large = sum(distance >= least_eyes for distance in eyes)
    views = [look.view for look in looks]
    report = CameraReport(
        camera=camera,
        fitness=Fitness.GOOD,
        reasons=(),
        frames=len(looks),
        fps=fps,
        width=views[-1].width,
        height=views[-1].height,
        brightness=median(view.brightness for view in views),
        contrast=median(view.contrast for view in views),
        detail=median(view.detail for view in views),
        combed_share=sum(view.combed for view in views) / len(views),
        faces_in_zone=len(eyes),
        large_enough=large,
        too_small=len(eyes) - large,
        outside=sum(look.outside for look in looks),
        rejected=_added_up(looks),
        eye_distances=(eyes[0], median(eyes), eyes[-1]) if eyes else None,
    )
    return _with_verdict(report, least_eyes, rules)


def _with_verdict(report: CameraReport, least_eyes: Pixels, rules: FitnessRules) -> CameraReport:
    faults = _faults(report, least_eyes, rules)
    doubts = _doubts(report, rules)
    fitness = Fitness.UNFIT if faults else Fitness.DOUBTFUL if doubts else Fitness.GOOD
    return replace(report, fitness=fitness, reasons=(*faults, *doubts))


def _faults(report: CameraReport, least_eyes: Pixels, rules: FitnessRules) -> list[str]:
    faults = []
    if report.eye_distances and report.large_enough == 0:
        faults.append(
            f"no face in the zone reached {least_eyes:g} px between the eyes (the largest had "
            f"{report.eye_distances[2]:.0f}): move the camera nearer, zoom in or move the zone"
        )
    elif report.large_enough < rules.least_share_large * report.faces_in_zone:
        faults.append(
            f"only {report.large_enough} of {report.faces_in_zone} faces in the zone reached "
            f"{least_eyes:g} px between the eyes: move the camera nearer, zoom in or move the zone"
        )
    if report.brightness < rules.darkest:
        faults.append(f"too dark (mean grey {report.brightness:.0f} of 255): add light")
    if report.brightness > rules.lightest:
        faults.append(f"too bright (mean grey {report.brightness:.0f} of 255): close the iris")
    if report.contrast < rules.flattest:
        faults.append(f"flat ({report.contrast:.0f} grey levels): clean the lens, look for glare")
    if report.detail < rules.least_detail:
        faults.append(f"not sharp (detail {report.detail:.0f}): focus, or clean the lens")
    if report.fps is not None and report.fps < rules.least_fps:
        faults.append(f"{report.fps:.1f} frames a second: raise it to {rules.least_fps:g} or more")
    return faults


def _added_up(looks: Sequence[Look]) -> Mapping[Rejection, int]:
    found: Counter[Rejection] = Counter()
    for look in looks:
        found.update(look.rejected)
    return dict(found.most_common())


def _doubts(report: CameraReport, rules: FitnessRules) -> list[str]:
    doubts = []
    if report.combed_share > rules.most_combed:
        doubts.append(
            "interlaced, and not marked as such by the stream: set the camera to progressive"
        )
    if report.faces_in_zone == 0:
        doubts.append(
            "no face was in the zone: have somebody walk through it while this runs"
            + (f" ({report.outside} were outside it)" if report.outside else "")
        )
    elif report.faces_in_zone < rules.enough_faces:
        doubts.append(
            f"only {report.faces_in_zone} faces in the zone: too few to judge the distance by"
        )
    doubts.extend(
        f"{count} of {report.large_enough} faces large enough are {reason.value.replace('_', ' ')}"
        for reason, count in report.rejected.items()
        if count > rules.most_rejected * report.large_enough
    )
    if report.fps is None:
        doubts.append("too few frames to tell the rate")
    return doubts


def _no_picture(camera: CameraId) -> CameraReport:
    return CameraReport(
        camera=camera,
        fitness=Fitness.UNFIT,
        reasons=("no picture came: check the address, the network and the secret",),
        frames=0, fps=None, width=0, height=0, brightness=0.0, contrast=0.0, detail=0.0,
        combed_share=0.0, faces_in_zone=0, large_enough=0, too_small=0, outside=0,
        rejected={}, eye_distances=None,
    )  # fmt: skip
