"""The process that holds one camera: it opens the gate, the networks and the source, and watches.

Forked for the supervisor by live/fork_server.py, which has loaded this; it tells on standard output and
listens on standard input (live/wire.py). When it ends, whatever it knew of anybody ends with it.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

import cv2

from overt.alerts.raising import RaisingRules, margin_for
from overt.errors import Fault, Refused
from overt.faces.image_conditions import Bounds, Conditions
from overt.faces.zone import Zone
from overt.frames.frame import FrameSource
from overt.frames.open_source import Pace, open_source
from overt.gate.gate import open_gate
from overt.gate.open_deployment import OpenDeployment
from overt.identifiers import CameraId, RunId
from overt.live.crowd import Crowd
from overt.live.desk import Desk
from overt.live.envelope_watch import EnvelopeWatch, SoFar
from overt.live.fault_note import note_of
from overt.live.hygiene import end_with_the_parent, keep_out_of_swap, name_process
from overt.live.rhythm import LIVE, RECORDED
from overt.live.watch import watch
from overt.live.wire import Done, Failed, Ready, Told, envelope_from_text, to_line
from overt.memory import keep_memory_private
from overt.models.library import find_pack
from overt.models.rise import rise_of
from overt.models.shelf import Shelf
from overt.policy.profiles import profile_named
from overt.templates.load import Networks, load_networks
from overt.tracks.best_shots import rules_for
from overt.units import Clock, Seconds

UNEXPECTED: Final = 70
MOST_LANES: Final = 2
"""Faces encoded side by side, while one more thread looks for faces in the next frame."""
USUAL_SHAPE: Final = (1920, 1080)
"""Of what cameras send, of whatever size: the detector is ready for it before the first picture."""
ROUNDED: Final = 1e-3
"""More than float32 can be off: what reaches the threshold exactly is found out exactly."""
TAKE_TURNS: Final = 0.0005
"""Seconds: a thread that has waited for a network goes on at once, not five milliseconds later."""


@dataclass(frozen=True, slots=True)
class Instruments:
    """What stands between the flow and what it is made of; the canary test waits there."""

    networks: Callable[[Networks], Networks] = lambda plain: plain
    source: Callable[[FrameSource], FrameSource] = lambda plain: plain


NONE: Final = Instruments()


@dataclass(frozen=True, slots=True)
class Orders:
    """What the supervisor asks of this process."""

    home: Path
    deployment: Path
    run: RunId
    camera: CameraId
    pace: Pace
    models: tuple[Path, ...]
    restarts: int
    resume_from: Seconds
    """What a process that died had already seen of a recording is passed over."""
    envelope: SoFar
    """What processes that died had seen the faces to be like."""


def main(instruments: Instruments = NONE) -> None:
    """Watch one camera; every ending but a kill is told."""
    end_with_the_parent()
    for each in (signal.SIGINT, signal.SIGTERM):  # the supervisor decides, through its pipe
        signal.signal(each, signal.SIG_IGN)
    sys.setswitchinterval(TAKE_TURNS)
    cv2.setNumThreads(1)  # its own threads gain nothing on faces and starve the engine's
    lacks = keep_memory_private()
    pipe = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints goes to standard error, not into the protocol
    orders = _orders()
    name_process(orders.camera)
    try:
        _watch(orders, pipe, lacks, instruments)
        _say(pipe, Done())
    except Refused as refusal:
        _say(pipe, Failed(str(refusal), refused=True))
    except Fault as fault:
        _say(pipe, Failed(str(fault), refused=False))
    except Exception as unexpected:  # noqa: BLE001  the supervisor sees the status, an engineer the note
        sys.stderr.write(f"camera {orders.camera}: {note_of(unexpected)}\n")
        sys.exit(UNEXPECTED)


def _watch(
    orders: Orders, pipe: BinaryIO, lacks: tuple[str, ...], instruments: Instruments
) -> None:
    clock = Clock()
    with open_gate(orders.home, clock) as gate:
        deployment = gate.join_run(gate.whoami(), orders.deployment, orders.run)
        actor, entry = deployment.actor, deployment.camera(orders.camera)
        with ThreadPoolExecutor(1, "overt-load") as beside:
            shelf = gate.compiled_networks(actor)
            loading = beside.submit(_networks, deployment, orders.models, shelf)
            listed = gate.live_list(actor, deployment)
            networks = instruments.networks(loading.result())
        plain = open_source(
            gate.camera_address(actor, entry),
            clock=clock,
            pace=orders.pace,
            base=deployment.base,
            resume_from=orders.resume_from,
        )
        source = instruments.source(plain)
        rules = RaisingRules(
            threshold=deployment.threshold,
            ambiguous_margin=margin_for(deployment.threshold),
            lookalikes=listed.lookalikes,
        )
        crowd = Crowd(
            camera=entry.id,
            zone=Zone(entry.zone),
            min_eye_distance=entry.min_eye_distance,
            networks=networks,
            gallery=listed.gallery,
            restarts=orders.restarts,
            envelope=EnvelopeWatch(deployment.validated),
            shot_rules=replace(
                rules_for(rules.threshold, rules.min_shots, rise_of(networks.model)),
                told_from=rules.threshold - ROUNDED,
            ),
        )
        crowd.envelope.go_on_from(orders.envelope)
        desk = Desk(
            gate=gate,
            deployment=deployment,
            camera=entry.id,
            rules=rules,
            clock=clock,
            conditions=_conditions(deployment.profile),
            source=source.counts,
            say=lambda told: _say(pipe, told),
        )
        kept = keep_out_of_swap(crowd.biometrics, lacks)
        _say(
            pipe,
            Ready(deployment.pack, deployment.precision, networks.engine, kept.in_words),
        )
        _listen(desk, source)
        with closing(desk):
            watch(source.sights(), crowd, desk, LIVE if source.live else RECORDED)
            desk.tell_counts(crowd)


def _conditions(profile: str) -> Conditions | None:
    """What pictures must be like under the profile."""
    envelope = profile_named(profile).envelope
    if envelope is None:
        return None
    return Conditions(
        Bounds(
            darkest=envelope.darkest,
            lightest=envelope.lightest,
            flattest=envelope.flattest,
            least_detail=envelope.least_detail,
        )
    )


def _networks(deployment: OpenDeployment, models: Sequence[Path], shelf: Shelf) -> Networks:
    return load_networks(
        replace(find_pack(deployment.pack, search=models), shelf=shelf),
        precision=deployment.precision,
        threads=_lanes(len(deployment.cameras), len(os.sched_getaffinity(0))),
        working_size=None,
        detector_threads=1,
        expected=USUAL_SHAPE,
    )


def _lanes(cameras: int, processors: int) -> int:
    """How many faces this camera encodes at once, where all of them share the processors.

    With four cameras on two processors, eight lanes would only push each other out of the cache.
    """
    return min(MOST_LANES, max(1, processors // cameras))


def _listen(desk: Desk, source: FrameSource) -> None:
    """Stop when the supervisor says so, or when it is gone."""

    def until_told() -> None:
        os.read(0, 16)  # not through sys.stdin: its lock would outlive this thread at the end
        desk.stopped = True
        source.stop()

    threading.Thread(target=until_told, daemon=True).start()


def _say(pipe: BinaryIO, told: Told) -> None:
    pipe.write(to_line(told))


def _orders() -> Orders:
    parser = argparse.ArgumentParser(prog="overt.live.camera")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--deployment", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--camera", required=True)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--models", type=Path, action="append", default=[])
    parser.add_argument("--restarts", type=int, default=0)
    parser.add_argument("--resume-from", type=float, default=0.0)
    parser.add_argument("--envelope", type=envelope_from_text, default={})
    given = parser.parse_args()
    return Orders(
        home=given.home,
        deployment=given.deployment,
        run=RunId(given.run),
        camera=CameraId(given.camera),
        pace=Pace.FAST if given.fast else Pace.REAL_TIME,
        models=tuple(given.models),
        restarts=given.restarts,
        resume_from=Seconds(given.resume_from),
        envelope=given.envelope,
    )


if __name__ == "__main__":
    main()
