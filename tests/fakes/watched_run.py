"""Runs a deployment with the program's own supervisor, and also tells where the clip stands.

`python -m tests.fakes.watched_run DEPLOYMENT HOME EVENTS CAMERA_MODULE PACE`. With
`overt.live.camera` as CAMERA_MODULE the camera's process is the real one; a test may name a
module of its own that wraps it, to listen in or to plant a leak.
"""

import json
import sys
from pathlib import Path
from typing import Any

from overt.gate.gate import open_gate
from overt.live import run
from overt.live.camera_processes import CameraProcesses
from overt.live.run import Run, run_deployment
from overt.live.supervise import Supervisor, Worker
from overt.live.wire import Counted, Told
from overt.models.library import search_folders
from overt.units import Clock


class Telling(Supervisor):
    """The supervisor, telling how far the clip has come."""

    def _take(self, worker: Worker, told: Told | None) -> None:
        Supervisor._take(self, worker, told)
        if isinstance(told, Counted):
            tell({"event": "counted", "media_time": told.counts.media_time})


def tell(event: Any) -> None:
    print(json.dumps(event), flush=True)


def main(deployment: str, home: str, events: str, camera_module: str, pace: str) -> None:
    setattr(run, "Supervisor", Telling)  # noqa: B010  mypy knows it as another module's
    clock = Clock()
    with open_gate(Path(home), clock) as gate:
        run_deployment(
            gate,
            gate.whoami(),
            clock,
            Run(
                deployment=Path(deployment),
                home=Path(home),
                models=search_folders(),
                show=tell,
                events=Path(events),
                fast=pace == "fast",
                cameras=CameraProcesses(camera_module),
            ),
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
