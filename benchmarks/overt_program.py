"""The whole of overt under measurement: a signed deployment for every clip, run by the command.

One temporary home for all: a key, the list imported once, a deployment a clip. Only `overt run`
is timed. What it costs is read from outside, of all its processes together, from the moment at
which it tells that it has started; frames a second and percentiles are those of its summary.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from benchmarks.program import Order, ProgramDied, Told, Watched

TICKS: Final = os.sysconf("SC_CLK_TCK")
LOOK_EVERY: Final = 0.05
DEPLOYMENT: Final = """[deployment]
id = "{name}"
profile = "consent"
use_case = "demonstration"
purpose = "Measure the program on composed clips"
legal_basis = "Test data; nobody is watched"
place = "A composed clip"
starts_at = {starts}
ends_at = {ends}
watchlist = "composed"
threshold = {threshold}
model_pack = "open"
precision = "{precision}"
"""
CAMERA: Final = """
[[camera]]
id = "{camera}"
source = "{source}"
zone = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
min_eye_distance_px = {smallest}
"""


@dataclass(slots=True)
class Costs:
    """What a family of processes has used, looked at every so often until it ends."""

    root: int
    cpu_seconds: float = 0.0
    _peaks: dict[int, float] = field(default_factory=dict)
    _cpu: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        for pid in family(self.root):
            with suppress(OSError, IndexError, ValueError):
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                self._cpu[pid] = (int(fields[11]) + int(fields[12])) / TICKS
                status = Path(f"/proc/{pid}/status").read_text()
                self._peaks[pid] = int(status.split("VmHWM:")[1].split()[0]) / 1024
        self.cpu_seconds = sum(self._cpu.values())

    @property
    def peak_mib(self) -> float:
        """Each process's own peak, added up."""
        return sum(self._peaks.values())


def family(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [root]
    for pid in found:
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


class Overt:
    """`overt run` as a program that is given orders, in a home of its own."""

    def __init__(self, watchlist: Path, *, precision: str = "f32") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="overt-bench-")
        self.here = Path(self._folder.name)
        self.precision = precision
        self.summary: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.costs = Costs(0)
        self.cpu_seconds = 0.0
        self._deployments: dict[tuple[str, float], str] = {}
        self._overt("keys", "new", "--name", "bench", "--out", "keys")
        self._overt(
            "watchlist", "import", str(watchlist.resolve()), "--name", "composed",
            "--pack", "open", "--skip-refused", "refused.csv",
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    @property
    def ready(self) -> dict[str, str]:
        return {"version": version("overt")}

    def watch(self, order: Order) -> Watched:
        """Run a clip once; `most_frames` does not apply: it is run to its end."""
        self.run(self._deployment(order.video, order.threshold), live=order.live)
        told = []
        for event in self.events:
            if event["event"] == "alert":
                began = _moment(event["captured_at"]) - event["media_time"]
                after = _moment(event["raised_at"]) - began
                told.append(Told(event["media_time"], event["subject_id"], after))
        summary = self.summary
        return Watched(
            frames=summary["frames"],
            seconds=summary["frames"] / summary["fps"],
            cpu_seconds=self.cpu_seconds,
            peak_mib=self.costs.peak_mib,
            dropped=summary["dropped"],
            told=told,
            encodes=summary["encodes"],
            second_looks=summary["second_looks"],
            detections=summary["detections"],
        )

    def _deployment(self, video: str, threshold: float) -> str:
        key = (video, threshold)
        if key not in self._deployments:
            name = f"bench-{len(self._deployments) + 1}"
            self._deployments[key] = self.signed(
                name, {"north": str(Path(video).resolve())}, threshold
            )
        return self._deployments[key]

    def signed(
        self, name: str, sources: Mapping[str, str], threshold: float, *, smallest: float = 16
    ) -> str:
        """Sign a deployment with these cameras; its file's name."""
        now = datetime.now(UTC)
        text = DEPLOYMENT.format(
            name=name,
            starts=(now - timedelta(minutes=5)).isoformat(),
            ends=(now + timedelta(hours=3)).isoformat(),
            threshold=threshold,
            precision=self.precision,
        )
        for camera, source in sources.items():
            if "://" not in source:
                link = self.here / f"{name}-{camera}{Path(source).suffix}"
                link.symlink_to(source)
                source = link.name  # noqa: PLW2901  as the deployment names it
            text += CAMERA.format(camera=camera, source=source, smallest=smallest)
        (self.here / f"{name}.toml").write_text(text)
        self._overt("deployment", "sign", f"{name}.toml", "--key", "keys/officer.key")
        return f"{name}.toml"

    def run(
        self,
        deployment: str,
        *,
        live: bool,
        stop_after: float | None = None,
        when_started: Callable[[], None] | None = None,
        looks: Path | None = None,
    ) -> None:
        """Run it to its end, or stop it so long after it has started.

        With a folder for `looks`, its cameras write down what they look at.
        """
        events = self.here / f"{Path(deployment).stem}-{time.monotonic_ns()}.jsonl"
        program = COMMAND if looks is None else LISTENING
        command = [*program, "run", deployment, "--json", "--events", str(events)]
        with (self.here / "run.log").open("w") as log, subprocess.Popen(
            command if live else [*command, "--fast"],
            cwd=self.here, env=self._environment | _listening(looks),
            stdout=subprocess.PIPE, stderr=log, text=True,
        ) as process:  # fmt: skip
            self.costs, started, before = Costs(process.pid), None, 0.0
            output: list[str] = []
            reader = threading.Thread(target=lambda: output.append(_rest(process)))
            reader.start()
            while process.poll() is None:
                self.costs.look()
                if started is None and events.is_file() and events.stat().st_size:
                    started, before = time.monotonic(), self.costs.cpu_seconds
                    if when_started is not None:
                        when_started()
                if started and stop_after and time.monotonic() - started > stop_after:
                    process.terminate()
                    stop_after = None
                time.sleep(LOOK_EVERY)
            reader.join()
        self.cpu_seconds = self.costs.cpu_seconds - before
        if process.returncode:
            said = (self.here / "run.log").read_text()
            raise ProgramDied(f"overt run ended with status {process.returncode}: {said[-300:]}")
        self.summary = json.loads(output[0])
        self.events = [json.loads(line) for line in events.read_text().splitlines()]

    def _overt(self, *arguments: str) -> str:
        ran = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.here, env=self._environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ran.returncode:
            raise ProgramDied(
                f"overt {arguments[0]} ended with status {ran.returncode}: {ran.stderr[-300:]}"
            )
        return ran.stdout

    @property
    def _environment(self) -> dict[str, str]:
        models = os.environ.get("OVERT_MODELS", "../shared/models")
        folders = os.pathsep.join(str(Path(f).resolve()) for f in models.split(os.pathsep) if f)
        home = str(self.here / "home")
        return {**os.environ, "OVERT_HOME": home, "OVERT_MODELS": folders}


COMMAND: Final[Sequence[str]] = (sys.executable, "-m", "overt")
LISTENING: Final[Sequence[str]] = (sys.executable, "-m", "benchmarks.listening_run")


def _listening(looks: Path | None) -> dict[str, str]:
    """What the environment needs where it runs in a folder from which benchmarks are not found."""
    if looks is None:
        return {}
    here = str(Path(__file__).resolve().parents[1])
    known = [path for path in [os.environ.get("PYTHONPATH")] if path]
    return {"PYTHONPATH": os.pathsep.join([here, *known]), "LOOKS": str(looks)}


def _rest(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.read()


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
