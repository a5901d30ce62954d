"""Nobody leaves a trace: not on disk, and two seconds after they left not in memory either (R50).

A street is watched by the program's own processes, as it plays. The same clip is watched by a
process that writes down every aligned face and every template it makes. No 64 bytes in a row of
any of them may be in anything that the real run wrote, nor, read as root, in what its processes
still hold. The same search finds them while the people are in view, and finds planted leaks.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import pytest
from tests.conftest import ROOT
from tests.fakes.camera_pids import camera_pids
from tests.fakes.canaries import Canaries, Form, Kind, read_canaries

from overt.demo import rehearsal
from overt.demo.portraits import Sitter
from overt.demo.rehearsal import Listed, Rehearsal
from overt.demo.street import DURATION, Walk, write_clip
from overt.demo.street_papers import THRESHOLDS
from overt.gate.gate import open_gate
from overt.models.library import find_pack
from overt.proof.search import (
    Hit,
    Search,
    Snapshot,
    may_read_memory,
    snapshot,
)
from overt.units import Clock, Seconds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.requirement("R50"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
MAY_READ: Final = os.geteuid() == 0 and may_read_memory()
ROOT_ONLY = pytest.mark.skipif(
    not MAY_READ, reason="only root with CAP_SYS_PTRACE may read a camera's memory"
)

SCENE: Final = (
    Walk(Sitter.HOPPER, Seconds(0.4), Seconds(2.6), 0.08, 0.12, 190, 270, 0.4),
    Walk(Sitter.HOPPER, Seconds(0.4), Seconds(2.6), 0.30, 0.34, 190, 270, 2.3),
    Walk(Sitter.HOPPER, Seconds(0.4), Seconds(2.6), 0.52, 0.56, 190, 270, 4.1),
    Walk(Sitter.COLLINS, Seconds(0.4), Seconds(5.2), 0.80, 0.84, 330, 280, 1.1),
)
"""Three who are on no list come nearer and leave. One who is listed stays a while, going farther
off, so that hers are not the last faces that the networks see. Then nobody, for six seconds."""
IN_VIEW: Final = 1.8
ONE_STAYS: Final = 2.6 + 2.0
NOBODY_LEFT: Final = 5.2 + 2.0
PATIENCE: Final = 240.0

REAL: Final = "overt.live.camera"
RECORDING: Final = "tests.fakes.recording_camera"
LEAKY: Final = "tests.fakes.leaky_camera"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clip, a list with one person, a signed deployment: to be copied for each run."""

    folder: Path
    pack: str
    models: str
    """OVERT_MODELS."""

    def run_in(self, folder: Path, camera_module: str, pace: str = "as it plays") -> "Running":
        shutil.copytree(self.folder, folder)
        for name in ("tmp", "work"):
            (folder / name).mkdir()
        environment = {
            **os.environ,
            "OVERT_MODELS": self.models,
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder / "tmp"),
            "CANARIES": str(folder.with_suffix(".npz")),
            "THRESHOLD": str(THRESHOLDS[self.pack]),
        }
        command = [
            sys.executable, "-m", "tests.fakes.watched_run", str(folder / "deployment.toml"),
            str(folder / "home"), str(folder / "events.jsonl"), camera_module, pace,
        ]  # fmt: skip
        with (folder / "out.txt").open("wb") as out, (folder / "err.txt").open("wb") as err:
            process = subprocess.Popen(
                command,
                cwd=folder / "work",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        return Running(folder, camera_module, process)


@dataclass(frozen=True, slots=True)
class Running:
    folder: Path
    camera_module: str
    supervisor: "subprocess.Popen[bytes]"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.supervisor.kill()  # it has ended, unless the test failed before
        self.supervisor.wait()

    def told(self, event: str) -> list[dict[str, Any]]:
        lines = (self.folder / "out.txt").read_text().splitlines()
        news = [json.loads(line) for line in lines if line.endswith("}")]
        return [each for each in news if each["event"] == event]

    def media_time(self) -> float:
        return max([0.0, *(float(each["media_time"]) for each in self.told("counted"))])

    def look_at(self, moment: float) -> tuple[Snapshot, Snapshot]:
        """The memory of the camera's process and of its supervisor, from this media time on."""
        self.wait_for(moment)
        (camera,) = camera_pids(self.supervisor.pid)
        both = snapshot(camera), snapshot(self.supervisor.pid)
        assert self.media_time() < DURATION - 0.5, "the clip had ended before anybody looked"
        return both

    def end(self) -> dict[str, Any]:
        """The summary of the run."""
        self._wait_for(lambda: bool(self.told("summary")))
        assert self.supervisor.wait(PATIENCE) == 0, self.complaint()
        return self.told("summary")[0]

    def complaint(self) -> str:
        return (self.folder / "err.txt").read_text(errors="replace")[-2000:]

    def wait_for(self, moment: float) -> None:
        self._wait_for(lambda: self.media_time() >= moment)

    def _wait_for(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not done():
            assert self.supervisor.poll() is None or done(), self.complaint()
            assert time.monotonic() < until, "the run did not come so far"
            time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Story:
    """What the real run left, and what it must not have left."""

    folder: Path
    """When the run had ended."""
    meanwhile: Path
    """The same folder two seconds after the last face, with the database's journal."""
    canaries: Canaries
    search: Search[Form]
    camera: dict[float, Snapshot]
    supervisor: dict[float, Snapshot]
    summary: dict[str, Any]
    recorded: dict[str, Any]


Recorded = dict[str, tuple[Prepared, Canaries]]


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    """What was prepared for a pack and written down with it, for the tests that come later."""
    return {}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "street.mp4"
    write_clip(path, walks=SCENE)
    return path


def prepare(folder: Path, pack: str, clip: Path, request: pytest.FixtureRequest) -> Prepared:
    """Everything that happens before a run."""
    models = models_for(pack, request)
    folder.mkdir()
    one = Rehearsal(folder, models, Listed.COLLINS, print, print)
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch, open_gate(one.home, clock) as gate:
        patch.setenv("OVERT_HOME", str(one.home))
        patch.setenv("OVERT_MODELS", os.pathsep.join(map(str, models)))
        patch.setattr(rehearsal, "write_clip", lambda path: shutil.copy(clip, path))
        one.prepare(gate, gate.whoami(), clock.now())
    return Prepared(folder, pack, os.pathsep.join(map(str, models)))


def models_for(pack: str, request: pytest.FixtureRequest) -> tuple[Path, ...]:
    if pack == "open":
        return (request.getfixturevalue("open_pack_folder"),)
    find_pack("dlib", search=[])  # installed with overt itself: absent, it is a failure
    return ()


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("open", marks=pytest.mark.open_pack),
        pytest.param("dlib", marks=pytest.mark.dlib_pack),
    ],
)
def story(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    clip: Path,
    recorded: Recorded,
) -> Story:
    folder = tmp_path_factory.mktemp(request.param)
    prepared = prepare(folder / "prepared", request.param, clip, request)
    # Both at once: what they compute does not depend on when they compute it.
    with (
        prepared.run_in(folder / "recording", RECORDING, "fast") as recording,
        prepared.run_in(folder / "real", REAL) as real,
    ):
        moments = (IN_VIEW, ONE_STAYS, NOBODY_LEFT) if MAY_READ else ()
        seen = {moment: real.look_at(moment) for moment in moments}
        real.wait_for(NOBODY_LEFT)
        shutil.copytree(real.folder, folder / "meanwhile")
        summary, wrote = real.end(), recording.end()
    canaries = read_canaries(folder / "recording.npz")
    recorded[request.param] = prepared, canaries
    return Story(
        folder=real.folder,
        meanwhile=folder / "meanwhile",
        canaries=canaries,
        search=Search(canaries.as_bytes()),
        camera={moment: camera for moment, (camera, _) in seen.items()},
        supervisor={moment: supervisor for moment, (_, supervisor) in seen.items()},
        summary=summary,
        recorded=wrote,
    )


def test_the_run_alerts_for_the_listed_person_alone(story: Story) -> None:
    assert story.summary["alerts"] == 1
    assert story.summary["passages"] >= 4


def test_what_was_written_down_is_what_the_run_made(story: Story) -> None:
    made = ("frames", "detections", "faces", "encodes", "passages", "alerts")
    assert [story.summary[each] for each in made] == [story.recorded[each] for each in made]


def test_three_unlisted_people_carry_the_canaries(story: Story) -> None:
    assert len({canary.track for canary in story.canaries.unlisted.all}) >= 3
    faces = [c for c in story.canaries.unlisted.all if c.kind is Kind.ALIGNED]
    assert len(faces) >= 8
    assert story.search.blocks > 1_000_000


@ROOT_ONLY
@pytest.mark.root
def test_while_they_are_in_view_the_search_finds_them(story: Story) -> None:
    found = story.search.in_snapshot(story.camera[IN_VIEW])
    unlisted = {canary.track for canary in story.canaries.unlisted.all}
    assert (
        len([h for h in found if h.secret.kind is Kind.TEMPLATE and h.secret.track in unlisted])
        >= 5
    )
    assert [hit for hit in found if hit.secret.kind is Kind.ALIGNED]


@ROOT_ONLY
@pytest.mark.root
def test_who_left_is_gone_within_two_seconds_though_another_stays(story: Story) -> None:
    found = story.search.in_snapshot(story.camera[ONE_STAYS])
    assert [hit for hit in found if hit.secret.track not in story.canaries.listed] == []


@ROOT_ONLY
@pytest.mark.root
def test_two_seconds_after_the_last_face_nobody_is_in_the_cameras_memory(story: Story) -> None:
    assert story.search.in_snapshot(story.camera[NOBODY_LEFT]) == []  # nor the listed person


@ROOT_ONLY
@pytest.mark.root
@pytest.mark.parametrize("moment", [IN_VIEW, ONE_STAYS, NOBODY_LEFT])
def test_the_supervisor_never_holds_anybody(story: Story, moment: float) -> None:
    assert story.search.in_snapshot(story.supervisor[moment]) == []


def test_nothing_that_was_written_holds_anybody(story: Story) -> None:
    assert {"events.jsonl", "out.txt", "err.txt", "overt.db"} <= names_in(story.folder)
    assert story.search.in_files(story.folder) == []


def test_while_it_runs_the_journal_of_the_database_holds_nobody_either(story: Story) -> None:
    assert "overt.db-wal" in names_in(story.meanwhile)
    assert story.search.in_files(story.meanwhile) == []


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


@dataclass(frozen=True, slots=True)
class Leaks:
    canaries: Canaries
    in_files: list[Hit[Form]]
    in_memory: list[Hit[Form]]


@pytest.fixture(scope="module")
def leaks(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    clip: Path,
    recorded: Recorded,
) -> Leaks:
    """What the search finds of a camera's process with three leaks planted in it."""
    folder = tmp_path_factory.mktemp("leaks")
    if not recorded:
        _record(folder, clip, request, recorded)
    prepared, canaries = next(iter(recorded.values()))
    with prepared.run_in(folder / "leaky", LEAKY) as leaky:
        seen = [leaky.look_at(NOBODY_LEFT)[0]] if MAY_READ else []
        leaky.end()
    search = Search(canaries.as_bytes())
    in_memory = [hit for each in seen for hit in search.in_snapshot(each)]
    return Leaks(canaries, search.in_files(leaky.folder), in_memory)


def _record(folder: Path, clip: Path, request: pytest.FixtureRequest, recorded: Recorded) -> None:
    try:
        prepared = prepare(folder / "open", "open", clip, request)
    except pytest.skip.Exception:
        prepared = prepare(folder / "dlib", "dlib", clip, request)
    with prepared.run_in(folder / "recording", RECORDING, "fast") as recording:
        recording.end()
    recorded[prepared.pack] = prepared, read_canaries(folder / "recording.npz")


def test_a_face_that_is_written_to_the_log_is_found(leaks: Leaks) -> None:
    assert [h.secret.kind for h in leaks.in_files if h.place == "err.txt"] == [Kind.ALIGNED]


def test_a_template_in_a_temporary_file_is_found(leaks: Leaks) -> None:
    found = [h.secret.kind for h in leaks.in_files if h.place.startswith("tmp/")]
    assert Kind.TEMPLATE in found


@ROOT_ONLY
@pytest.mark.root
def test_templates_that_are_kept_in_a_list_are_found_in_memory(leaks: Leaks) -> None:
    made = {
        form
        for form in leaks.canaries.as_bytes()
        if form.kind is Kind.TEMPLATE and form.name == "float16"
    }
    found = {hit.secret for hit in leaks.in_memory if hit.secret.kind is Kind.TEMPLATE}
    assert found == made
