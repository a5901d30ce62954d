"""Runs one process per camera of an open deployment, and ends with its summary.

A camera, or its process, that dies is started again and does not stop the others. Events are
told here and nowhere else: what is printed was first committed to the records by the camera's
process, then written to the events file. The supervisor never sees a frame or a template.
"""

import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any, Final, Protocol

from overt.errors import Fault, Refused
from overt.gate.open_deployment import Standing
from overt.identifiers import CameraId
from overt.live.counts import (
    CameraCounts,
    Figures,
    added,
    frames_per_second,
    percentiles_ms,
    stage_figures,
)
from overt.live.envelope_watch import SoFar
from overt.live.events import EventLog
from overt.live.wire import STOP, Counted, Done, Failed, News, Ready, Told, from_line
from overt.units import Clock, UtcTime, iso

STATS_EVERY: Final = 10.0
ASK_EVERY: Final = 0.5
"""How often the records are asked whether somebody wants the deployment to stop."""
LAST_WORDS: Final = 8.0
"""A process that has not ended so long after it was told to is killed."""
MOST_DEATHS: Final = 5
"""Deaths in a row before a first frame: what kills it is not the camera."""
MOST_SHORT_LIVES: Final = 20
"""Deaths in a row of processes that saw frames but lived no longer than this:"""
SHORT_LIFE: Final = 30.0
PATIENCE: Final = 10.0
"""The longest pause before a camera's process is started again."""
SUMMED: Final = (
    "frames", "paused_frames", "dropped", "corrupt", "missing_seconds", "reconnects",
    "detections", "faces", "tracks", "encodes", "second_looks", "searches", "passages", "too_small", "out_of_zone",
    "glimpses", "alerts", "alert_updates", "not_matched_because", "looks_rejected_because",
    "outside_validated", "waiting", "newest_frame_age", "encodes_per_passage",
)  # fmt: skip
"""Counts of the cameras that the figures of a run tell, all of them together."""

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Start:
    """What a camera's process is told of those before it."""

    restarts: int
    resume_from: float
    """Media time up to which a recording has been seen."""
    envelope: SoFar = field(default_factory=dict)
    """What the faces have been like (R27): drift does not begin anew because a process died."""


class CameraProcess(Protocol):
    """What `subprocess.Popen` offers, as far as it is used here."""

    @property
    def stdin(self) -> IO[bytes] | None: ...

    @property
    def stdout(self) -> IO[bytes] | None: ...

    def wait(self, timeout: float | None = None) -> int:
        """Give the exit status; `subprocess.TimeoutExpired` where it goes on for so long."""
        ...

    def kill(self) -> None: ...


@dataclass(slots=True)
class Worker:
    """One camera's process and what it has told so far."""

    camera: CameraId
    process: CameraProcess | None = None
    earlier: list[CameraCounts] = field(default_factory=list)
    """Counts of its processes that died."""
    counts: CameraCounts = field(default_factory=CameraCounts)
    envelope: SoFar = field(default_factory=dict)
    ended: bool = False
    failure: Failed | None = None
    started_at: float = 0.0
    deaths: int = 0
    """In a row, each after a short life."""
    start_again_at: float | None = None
    died_at: float | None = None
    """Since when nobody looks through this camera."""


@dataclass(slots=True)
class Supervisor:
    """`start` starts a camera's process."""

    cameras: Sequence[CameraId]
    start: Callable[[CameraId, Start], CameraProcess]
    closes_at: UtcTime
    ask: Callable[[int], Standing]
    """Asks the gate whether to go on, telling it how many faces were seen; the cameras' processes
    ask for themselves too."""
    clock: Clock
    events: EventLog
    show: Callable[[Event], None]
    """Shows an event to the operator; latency ends when it returns."""
    started: Mapping[str, Any]
    """Fields of the `started` event that are known before the first process is ready."""
    gauges: Callable[[int], Mapping[str, Any]] = lambda _: {}
    """Asks the gate what people found of the alerts so far, telling it how many faces were seen."""
    keep: Callable[[Event], None] = lambda _: None
    """Keeps the figures of the run where the console finds them."""
    _inbox: "queue.Queue[tuple[CameraId, Told | None]]" = field(default_factory=queue.Queue)
    _workers: dict[CameraId, Worker] = field(default_factory=dict)
    _latencies: list[float] = field(default_factory=list)
    _evidence_took: list[float] = field(default_factory=list)
    _ready: Ready | None = None
    _why: str | None = None
    _paused: str | None = None
    _asked_at: float = 0.0
    _told_to_stop_at: float = 0.0
    _unread: BrokenPipeError | None = None
    _unkept: Fault | None = None
    _gauged: Mapping[str, Any] = field(default_factory=dict)

    def stop(self, why: str) -> None:
        """Ask for a clean end, from a signal or another thread."""
        self._why = self._why or why

    def at_present(self) -> Figures:
        """Give what the run stands at, from any thread."""
        return Figures(
            {
                camera: added([*worker.earlier, worker.counts])
                for camera, worker in dict(self._workers).items()
            },
            tuple(self._latencies),
            self._gauged.get("false_alerts", {}),
        )

    @property
    def came_to_nothing(self) -> bool:
        """Whether no camera showed anything, because each was refused: the refusal says it all."""
        refused = [
            worker.failure is not None and worker.failure.refused
            for worker in self._workers.values()
        ]
        return bool(refused) and all(refused) and not self._total().frames

    def run(self) -> Event:
        """Watch until the sources end, the window closes or somebody stops it; the summary."""
        try:
            for camera in self.cameras:
                self._workers[camera] = Worker(camera)
                self._start(self._workers[camera])
            next_stats = time.monotonic() + STATS_EVERY
            while not all(worker.ended for worker in self._workers.values()):
                self._listen()
                self._decide_whether_to_stop()
                self._start_again_who_died()
                if time.monotonic() >= next_stats:
                    next_stats += STATS_EVERY
                    self._tell_figures()
        finally:
            self._end_everybody()
        return self._summary()

    def _start(self, worker: Worker) -> None:
        worker.start_again_at = None
        worker.started_at = time.monotonic()
        seen = max([0.0, *(counts.media_time for counts in worker.earlier)])
        worker.process = self.start(
            worker.camera, Start(len(worker.earlier), seen, worker.envelope)
        )
        threading.Thread(
            target=_read, args=(worker.camera, worker.process, self._inbox), daemon=True
        ).start()

    def _listen(self) -> None:
        """Take in what was told, waiting a little for the first of it."""
        try:
            camera, told = self._inbox.get(timeout=0.1)
            while True:
                self._take(self._workers[camera], told)
                camera, told = self._inbox.get_nowait()
        except queue.Empty:
            return

    def _take(self, worker: Worker, told: Told | None) -> None:
        match told:
            case Ready():
                self._begin(told)
                self._tell_of_return(worker)
            case News():
                self._tell(told.event)
                if told.event["event"] == "alert":
                    self._time(told)
            case Counted():
                worker.counts, worker.envelope = told.counts, told.envelope
            case Done():
                worker.ended = True
            case Failed():
                worker.failure, worker.ended = told, True
                self._tell(
                    {"event": "refused" if told.refused else "fault", "camera": worker.camera,
                     "at": iso(self.clock.now()), "reason": told.message}
                )  # fmt: skip
                if not told.refused:  # no matching on a machine that cannot keep its records
                    self.stop(f"fault: {told.message}")
            case None:
                self._died(worker)

    def _begin(self, ready: Ready) -> None:
        if self._ready is None:
            self._ready = ready
            self._tell({"event": "started", **self.started, "pack": ready.pack,
                        "precision": ready.precision, "engine": ready.engine,
                        "memory": ready.memory})  # fmt: skip

    def _tell_of_return(self, worker: Worker) -> None:
        if worker.died_at is not None:
            after, worker.died_at = time.monotonic() - worker.died_at, None
            self._tell({"event": "camera", "camera": worker.camera, "state": "back",
                        "at": iso(self.clock.now()), "after_seconds": round(after, 3)})  # fmt: skip

    def _died(self, worker: Worker) -> None:
        """Its pipe ended. Unless it had finished, count what it told and start it again."""
        if worker.process is None:
            return
        status = _reap(worker.process)
        worker.process = None
        if worker.ended:
            return
        if self._why is not None:
            worker.ended = True
            return
        lived = time.monotonic() - worker.started_at
        worker.deaths = 1 if lived > SHORT_LIFE else worker.deaths + 1
        seen = worker.counts.frames or any(counts.frames for counts in worker.earlier)
        worker.earlier.append(worker.counts)
        worker.counts = CameraCounts()
        if worker.deaths >= (MOST_SHORT_LIVES if seen else MOST_DEATHS):
            self._give_up(worker, _how(status))
            return
        pause = min(PATIENCE, 0.25 * 2 ** (worker.deaths - 1))
        now = time.monotonic()
        worker.start_again_at, worker.died_at = now + pause, worker.died_at or now
        self._tell({"event": "camera", "camera": worker.camera, "state": "lost",
                    "at": iso(self.clock.now()),
                    "reason": f"its process ended ({_how(status)}); starting again"})  # fmt: skip

    def _give_up(self, worker: Worker, how: str) -> None:
        """Leave one camera, loudly; the others go on."""
        why = f"camera {worker.camera}: its process keeps ending ({how})"
        worker.failure, worker.ended = Failed(why, refused=False), True
        self._tell({"event": "fault", "camera": worker.camera,
                    "at": iso(self.clock.now()), "reason": why})  # fmt: skip

    def _start_again_who_died(self) -> None:
        for worker in self._workers.values():
            due = worker.start_again_at
            if due is None or worker.ended:
                continue
            if self._why is not None:
                worker.ended = True
            elif time.monotonic() >= due:
                self._start(worker)

    def _decide_whether_to_stop(self) -> None:
        now = time.monotonic()
        if self._why is None and self.clock.now() >= self.closes_at:
            self._why = "the authorised window closed"
        if self._why is None and now - self._asked_at >= ASK_EVERY:
            self._asked_at = now
            standing = self.ask(self._faces())
            self._why = self._why or standing.closed_because  # a signal may have come meanwhile
            self._tell_of_pause(standing.paused_because)
        if self._why is not None and not self._told_to_stop_at:
            self._told_to_stop_at = now
            for worker in self._workers.values():
                _say_stop(worker.process)
        if self._told_to_stop_at and now - self._told_to_stop_at > LAST_WORDS:
            for worker in self._workers.values():
                if worker.process is not None:
                    worker.process.kill()

    def _faces(self) -> int:
        workers = self._workers.values()
        return sum(c.passages for w in workers for c in (*w.earlier, w.counts))

    def _tell_of_pause(self, why: str | None) -> None:
        """Say when a pause begins, why, and when it is over; not before anything has begun."""
        if self._ready is None or why == self._paused:
            return
        self._paused = why
        state = {"event": "went_on"} if why is None else {"event": "paused", "reason": why}
        self._tell({**state, "at": iso(self.clock.now())})

    def _end_everybody(self) -> None:
        for worker in self._workers.values():
            if worker.process is not None:
                _say_stop(worker.process)
                _reap(worker.process)

    def _tell(self, event: Event) -> None:
        """File first, then screen: what was seen can be found again."""
        self.events.write(event)
        if self.came_to_nothing:  # one refusal ends the command: no figures of nothing before it
            return
        try:
            self.show(event)
        except BrokenPipeError as gone:  # an alert that nobody sees protects nobody
            self._unread = gone
            self.stop("nobody reads what it prints any more")

    def _tell_figures(self) -> None:
        """Nothing comes before `started`: loading the networks may take a while."""
        if self._ready is not None:
            figures = self._figures()
            self._tell({"event": "stats", "at": iso(self.clock.now()), **figures})
            try:
                self.keep(figures)
            except Fault as fault:  # records that cannot be written would lose an alert too
                self._unkept = fault
                self.stop(f"fault: {fault}")

    def _time(self, told: News) -> None:
        """How long an alert took that was shown just now, and how much of it was evidence (R30)."""
        took = told.event.get("evidence_seconds")
        if took is not None:
            self._evidence_took.append(took)
        if told.usable_since is not None:
            self._latencies.append(time.monotonic() - told.usable_since)

    def _figures(self) -> dict[str, Any]:
        workers, total = self._workers.values(), self._total()
        figures = {name: getattr(total, name) for name in SUMMED}
        figures["newest_frame_age"] = round(total.newest_frame_age, 4)
        figures["stages"] = stage_figures(total)
        figures["restarts"] = sum(len(w.earlier) for w in workers)
        figures["fps"] = round(frames_per_second(total), 2)
        figures["latency_ms"] = percentiles_ms(self._latencies)
        figures["evidence_ms"] = percentiles_ms(self._evidence_took)
        return {**figures, **self._gauge()}

    def _total(self) -> CameraCounts:
        workers = self._workers.values()
        return added([c for w in workers for c in (*w.earlier, w.counts)])

    def _gauge(self) -> Mapping[str, Any]:
        """What was told last, where the records cannot be read any more: then it ends."""
        try:
            with suppress(Refused):  # ended meanwhile: what was told last stands
                self._gauged = self.gauges(self._faces())
        except Fault as fault:
            self._unkept = fault
            self.stop(f"fault: {fault}")
        return self._gauged

    def _summary(self) -> Event:
        ready = self._ready
        summary = {
            "event": "summary",
            **self._figures(),
            "pack": ready.pack if ready else None,
            "precision": ready.precision if ready else None,
            "engine": ready.engine if ready else None,
            "memory": ready.memory if ready else None,
            "cameras": len(self.cameras),
            "ended_because": self._why or "the sources ended",
            "seen_until": self._seen_until(),
            "ended_at": iso(self.clock.now()),
        }
        self._tell(summary)
        return summary

    def _seen_until(self) -> str | None:
        """The time of day of the newest frame; None where none was seen."""
        newest = self._total().seen_until
        return iso(UtcTime(datetime.fromtimestamp(newest, UTC))) if newest else None

    def raise_failures(self) -> None:
        """After the summary: a fault ends with status 2, a refused camera with status 1."""
        failures = [w.failure for w in self._workers.values() if w.failure is not None]
        for failure in failures:
            if not failure.refused:
                raise Fault(failure.message)
        if self._unkept is not None:
            raise self._unkept
        if self._unread is not None:
            raise self._unread
        if failures:
            raise Refused("; ".join(sorted({f.message for f in failures})))


def _read(
    camera: CameraId,
    process: CameraProcess,
    inbox: "queue.Queue[tuple[CameraId, Told | None]]",
) -> None:
    """In a thread of its own: everything that the process tells, then None when its pipe ends."""
    assert process.stdout is not None
    with process.stdout as pipe:
        for line in pipe:
            try:
                inbox.put((camera, from_line(line)))
            except Fault as broken:
                inbox.put((camera, Failed(str(broken), refused=False)))
    inbox.put((camera, None))


def _say_stop(process: CameraProcess | None) -> None:
    if process is None or process.stdin is None:
        return
    try:
        process.stdin.write(STOP)
        process.stdin.flush()
    except (BrokenPipeError, ValueError):
        return  # it has ended; `_died` hears of it


def _reap(process: CameraProcess) -> int:
    """Wait for a process that is ending; after its last words, kill it."""
    try:
        status = process.wait(LAST_WORDS)
    except subprocess.TimeoutExpired:
        process.kill()
        status = process.wait()
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()
    return status


def _how(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"status {status}"
