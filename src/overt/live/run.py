"""Run a signed deployment: open it through the gate, supervise its cameras, close it again.

Opening and closing are acts of the gate; between them nothing runs but what the signature covers.
"""

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from overt.errors import Fault, Refused
from overt.gate.gate import Gate
from overt.gate.open_deployment import OpenDeployment, Standing
from overt.identifiers import CameraId
from overt.live.camera_processes import CameraProcesses, Forked
from overt.live.events import EventLog
from overt.live.supervise import Event, Start, Supervisor
from overt.live.wire import envelope_to_text
from overt.policy.access import Actor
from overt.units import Clock, iso


@dataclass(frozen=True, slots=True)
class Run:
    """How a deployment is to be run."""

    deployment: Path
    home: Path
    models: Sequence[Path]
    show: Callable[[Event], None]
    events: Path | None = None
    fast: bool = False
    cameras: CameraProcesses = field(default_factory=CameraProcesses)
    """The canary test (`overt.proof`) has some whose memory may be searched."""
    metrics: int | None = None
    """The port of loopback on which a Prometheus server may ask."""
    note: Callable[[str], object] = str
    """Told the log's checkpoint when the run is closed, so that somebody may keep it."""


def run_deployment(gate: Gate, actor: Actor, clock: Clock, run: Run) -> Mapping[str, Any]:
    """Run until it closes; the summary. Raises Refused or Fault after everything is closed.

    A refusal to open goes to the events file too: whoever reads it learns why nothing ran.
    """
    with run.cameras, EventLog(run.events) as events:
        try:
            opened = gate.open_deployment(actor, run.deployment)
        except Refused as refusal:
            events.write({"event": "refused", "at": iso(clock.now()), "reason": str(refusal)})
            raise
        supervisor = _supervisor(gate, clock, opened, run, events)
        supervisor.keep = partial(_keep, gate, actor, opened)
        summary: Mapping[str, Any] = {}
        try:
            with _metrics_told(supervisor, run.metrics), _signals(supervisor):
                summary = supervisor.run()
        finally:
            checkpoint = _close(gate, actor, opened, summary)
            if checkpoint and not supervisor.came_to_nothing:
                run.note(checkpoint)
    supervisor.raise_failures()
    return summary


def _keep(gate: Gate, actor: Actor, opened: OpenDeployment, figures: Event) -> None:
    with suppress(Refused):  # ended meanwhile: its summary says all of it
        gate.note_figures(actor, opened, figures)


def _close(gate: Gate, actor: Actor, opened: OpenDeployment, summary: Mapping[str, Any]) -> str:
    """End the run in the records, then delete what is past its date; give the log's checkpoint."""
    checkpoint = ""
    try:
        checkpoint = gate.close_run(actor, opened, summary)
        gate.expire(actor)
    except Fault:
        # Without a summary something worse is on its way to the person already.
        if summary:
            raise
    return checkpoint


def _supervisor(
    gate: Gate, clock: Clock, opened: OpenDeployment, run: Run, events: EventLog
) -> Supervisor:
    def start(camera: CameraId, told: Start) -> Forked:
        models = [part for folder in run.models for part in ("--models", str(folder))]
        pace = ["--fast"] if run.fast else []
        return run.cameras.start([
            "--home", str(run.home), "--deployment", str(run.deployment.absolute()),
            "--run", opened.run, "--camera", camera,
            "--restarts", str(told.restarts), "--resume-from", str(told.resume_from),
            "--envelope", envelope_to_text(told.envelope),
            *pace, *models,
        ])  # fmt: skip

    def ask(faces: int) -> Standing:
        gate.hold_to_ceiling(opened.actor, opened, faces=faces)
        return gate.standing(opened.actor, opened)

    def gauges(faces: int) -> Mapping[str, Any]:
        gate.hold_to_footfall(opened.actor, opened)
        rate = gate.false_alert_rate(opened.actor, opened, faces=faces)
        return {"false_alerts": rate.as_json()}

    return Supervisor(
        cameras=[camera.id for camera in opened.cameras],
        start=start,
        closes_at=opened.closes_at,
        ask=ask,
        gauges=gauges,
        clock=clock,
        events=events,
        show=run.show,
        started={
            "deployment": opened.id,
            "run": opened.run,
            "profile": opened.profile,
            "banner": opened.banner,
            "at": iso(clock.now()),
            "closes_at": iso(opened.closes_at),
            "cameras": [camera.id for camera in opened.cameras],
            "watchlist": opened.watchlist,
            "list_size": opened.list_size,
            "threshold": opened.threshold,
        },
    )


def _metrics_told(supervisor: Supervisor, port: int | None) -> AbstractContextManager[int | None]:
    """Without a port nothing listens, and what would listen is not loaded."""
    if port is None:
        return nullcontext()
    from overt.live.metrics import metrics_told

    return metrics_told(supervisor.at_present, port)


@contextmanager
def _signals(supervisor: Supervisor) -> Iterator[None]:
    """SIGTERM, SIGINT and a terminal that is gone stop cleanly, as `overt stop` does."""

    def stop(number: int, _: FrameType | None) -> None:
        supervisor.stop(f"{signal.Signals(number).name}")

    stopping = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to go on
        stopping.append(signal.SIGHUP)
    earlier = {each: signal.signal(each, stop) for each in stopping}
    try:
        yield
    finally:
        for each, handler in earlier.items():
            signal.signal(each, handler)
