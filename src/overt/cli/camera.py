"""`overt camera`: find out whether each camera is good enough, before anybody is watched."""

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import cv2
import typer

from overt.cli.acting import acting
from overt.cli.answer import answer, remark
from overt.config.deployment import CameraEntry, DeploymentFile, read_deployment
from overt.errors import Fault, Refused
from overt.faces.camera_fitness import CameraReport, Fitness
from overt.faces.faces import Detector
from overt.frames.open_source import open_source
from overt.frames.pace import Pace
from overt.gate.gate import Gate
from overt.live.camera_check import CameraCheck, check_camera
from overt.models.library import Pack, default_pack, find_pack, search_folders
from overt.policy.access import Actor
from overt.units import Clock, Seconds, UInt8

app = typer.Typer(help="Cameras: check them before anybody is watched.", no_args_is_help=True)


@app.callback()
def camera() -> None:
    """Keep `check` a command of its own, for others will come."""


@app.command()
def check(
    deployment: Annotated[Path, typer.Argument(help="DEPLOYMENT.toml; it need not be signed.")],
    out: Annotated[
        Path, typer.Option(help="Folder for one still per camera, every face pixelated.")
    ] = Path("camera-check"),
    seconds: Annotated[float, typer.Option(min=1, max=60, help="How long to look.")] = 5.0,
    threads: Annotated[int, typer.Option(min=1, max=64, help="For the detector.")] = 2,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Look through each camera: eye distances, sharpness, light, rate, and a pixelated still.

    Nobody is compared with anything and no template is made. Status 1 if a camera is unfit.
    """
    file = read_deployment(deployment)
    detector = _detector(file, threads)
    _make(out)
    with acting() as (gate, actor):
        gate.begin_camera_check(actor, file)
        engineer = _Engineer(gate, actor, deployment.parent, detector, Seconds(seconds))
        checks = [engineer.looks_through(each) for each in file.cameras]
    stills = {each.report.camera: _write(out, each) for each in checks}
    answer(
        {
            "deployment": file.id,
            "cameras": [_facts(each, stills[each.report.camera]) for each in checks],
        },
        (line for each in checks for line in _told(each, stills[each.report.camera])),
        as_json=as_json,
    )
    unfit = [each.report.camera for each in checks if each.report.fitness is Fitness.UNFIT]
    if unfit:
        raise Refused(f"not good enough to compare faces with: {', '.join(unfit)}")


@dataclass(frozen=True, slots=True)
class _Engineer:
    """Who looks, through what, for how long."""

    gate: Gate
    actor: Actor
    base: Path
    detector: Detector
    span: Seconds

    def looks_through(self, camera: CameraEntry) -> CameraCheck:
        if sys.stderr.isatty():
            remark(f"looking through {camera.id} ...")
        clock = Clock()
        address = self.gate.camera_address(self.actor, camera)
        source = open_source(address, clock=clock, pace=Pace.FAST, base=self.base)
        return check_camera(camera, source, self.detector, span=self.span, clock=clock)


def _detector(file: DeploymentFile, threads: int) -> Detector:
    """Load the pack's detector and nothing that could make a template."""
    from overt.faces.load_detector import load_detector
    from overt.templates.load import precision_of

    pack = _pack(file)
    facts = pack.manifest.detector
    if facts is None:
        raise Refused(f"the pack {pack.manifest.name} cannot run: {pack.manifest.listed_only}")
    precision = precision_of(pack.manifest, file.precision)
    remark(f"detector of the pack {pack.manifest.name}, {precision.value}")
    return load_detector(pack, facts, precision=precision, threads=threads, working_size=None)


def _pack(file: DeploymentFile) -> Pack:
    if file.model_pack is None:
        return default_pack(search=search_folders())
    return find_pack(file.model_pack, search=search_folders())


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {error.strerror}; name another --out") from None


def _write(folder: Path, check: CameraCheck) -> Path | None:
    if check.still is None:
        return None
    path = folder / f"{check.report.camera}.png"
    try:
        path.write_bytes(_png(check.still))
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error.strerror}") from error
    return path


def _png(picture: UInt8) -> bytes:
    done, encoded = cv2.imencode(".png", picture)
    if not done:
        raise Fault("the still cannot be encoded")
    return encoded.tobytes()


def _facts(check: CameraCheck, still: Path | None) -> dict[str, object]:
    report = check.report
    rounded = {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in asdict(report).items()
    }
    eyes = report.eye_distances
    return {
        **rounded,
        "fitness": report.fitness.value,
        "rejected": {reason.value: count for reason, count in report.rejected.items()},
        "eye_distances": None
        if eyes is None
        else dict(zip(("least", "median", "greatest"), (round(e, 1) for e in eyes), strict=True)),
        "lost": check.lost,
        "still": None if still is None else str(still),
    }


def _told(check: CameraCheck, still: Path | None) -> Iterator[str]:
    report = check.report
    yield f"{report.camera}: {report.fitness.value}"
    for reason in report.reasons:
        yield f"  - {reason}"
    if check.lost:
        yield f"  - the camera was lost: {check.lost}"
    if report.frames:
        yield from _measured(report)
    if still is not None:
        yield f"  still      {still} (every face pixelated)"


def _measured(report: CameraReport) -> Iterator[str]:
    fps = "unknown" if report.fps is None else f"{report.fps:.1f} a second"
    yield f"  picture    {report.width}x{report.height}, {fps}, {report.frames} looks"
    yield (
        f"  light      mean grey {report.brightness:.0f}, contrast {report.contrast:.0f}, "
        f"detail {report.detail:.0f}"
    )
    yield (
        f"  faces      {report.faces_in_zone} in the zone, {report.large_enough} large enough, "
        f"{report.too_small} too small; {report.outside} outside"
    )
    if report.eye_distances is not None:
        least, middle, greatest = report.eye_distances
        yield f"  eyes       {least:.0f} to {greatest:.0f} px apart, median {middle:.0f}"
