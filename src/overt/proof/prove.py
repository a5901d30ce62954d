"""Run the canary test: plant, watch, purge, and look for what must be gone (R50).

(1) A canary, its list, its clip and its words are made; the flow is watched in this process, so
    that every face and template that it makes is known.
(2) A process does with them what an operator does, under the pack, precision and threshold of the
    operator's own deployment, in records beside the operator's own, on the same disk.
(3) Its memory and that of the camera's process are searched while somebody is in view, when nobody
    is left, and after the purge; its files before the purge and after.
(4) Each search is shown to see: what must be found, is found first (the controls).
"""

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import overt
from overt.config.deployment import DeploymentFile, read_deployment
from overt.demo.street_papers import THRESHOLDS
from overt.errors import Fault, Refused
from overt.gate.canary_keys import CANARY, canary_keys, require_records_in_files
from overt.gate.gate import open_gate
from overt.models.library import default_pack, find_pack, search_folders
from overt.proof.company import Company, company
from overt.proof.moments import HOW_CHOSEN, Moment
from overt.proof.report import Check, Proof
from overt.proof.search import Opened, Search, Snapshot, files_below
from overt.proof.stage import Stage, Under, Words, canaries
from overt.units import Clock, Similarity, iso

KEPT: Final = "a thousand bytes that were to be kept"
DESK: Final = "overt.proof.desk"
WHY_BESIDE: Final = (
    "The test ran in records of its own, in the same folder tree, on the same disk, with the same "
    "program, pack and precision, at the deployment's threshold or what the canary reaches. It did not run in the deployment's own records, "
    "because that would put somebody on a list that nobody signed for, and its lines into a log "
    "that tells of real acts. Its clock was set ahead for the purge, in place of waiting."
)
LIMITS: Final = (
    "Memory was searched at three instants, for 64 bytes in a row of what was planted (32 of a key).",
    "Other encodings than those named (numbers as text, a library's own layouts) were not looked for.",
    "Blocks of the disk that no file holds any more, and those that an SSD keeps, were not read.",
    "Swap, hibernation files and snapshots of a virtual machine were not read.",
    "It shows what this program does on this machine now, not what was done with earlier records.",
)


@dataclass(slots=True)
class Trial:
    """One run of it, and what it has found so far."""

    stage: Stage
    folder: Path
    clock: Clock
    tell: Callable[[str], None]
    secrets: dict[str, bytes] = field(default_factory=dict, repr=False)
    checks: list[Check] = field(default_factory=list)
    memory: str = "not told"
    watched: str = "nothing"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def run(self, desk: str, models: str) -> None:
        self.tell("Making a canary: two portraits, a street, words that nobody wrote before ...")
        self.stage.set_up(self.clock.now())
        self.secrets = {**canaries(self.stage, self.clock), KEPT: self.stage.kept}
        self._look_at_files("the pictures and words, before they are handed in",
                            self.stage.folder, must_find=True)  # fmt: skip
        with company(self.folder, desk, self.home, models) as staff:
            staff.order("prepare")
            self.tell("Watching it as a camera would ...")
            self._watch(staff)
            staff.order("review")
            self._add_what_was_sealed()
            self._look_at_files("files, while the alert is kept: all of it is sealed",
                                self.folder, but=("given",), names=self._readable())  # fmt: skip
            copy = self._copy_database()
            self.tell("Purging ...")
            staff.order("purge")
            shutil.rmtree(self.stage.folder)
            self._after_the_purge(staff, copy)

    def _watch(self, staff: Company) -> None:
        looked: list[str] = []

        def news(event: Mapping[str, Any]) -> None:
            if event.get("event") == "started":
                self.memory = str(event.get("memory"))
                self._look_at_the_living(staff)
                looked.append(self.memory)

        told = staff.order("run", news)
        self.watched = f"passages: {told['passages']}, alerts: {told['alerts']}"
        if not looked:
            raise Fault("the canary's run never said that it had started")

    def _look_at_the_living(self, staff: Company) -> None:
        camera, desk = staff.memory_of("camera"), staff.memory_of("desk")
        clip = [name for name in self.secrets if "of the clip" in name]
        with staff.at(Moment.FACE_IN_HAND):
            in_view = _snapshot(camera)
        self._enter_memory("the camera's process, with people in view", in_view, clip,
                           must_find=True)  # fmt: skip
        with staff.at(Moment.NOBODY_LEFT):
            self._look_at_memory("the camera's process, two seconds after the last face",
                                 camera, clip)  # fmt: skip
            self._look_at_memory("the process that runs the deployment", desk, clip)

    def _add_what_was_sealed(self) -> None:
        """The evidence of the alert, and the keys: known now, to be looked for afterwards."""
        with open_gate(self.home, self.clock) as gate:
            actor = gate.whoami()
            (case,) = gate.alerts(actor)
            _, shown = gate.examine_alert(actor, case.alert.id)
        self.secrets["the face of the alert"] = shown.probe
        self.secrets["the scene of the alert"] = shown.scene
        self.secrets.update(canary_keys(self.home, self.clock))

    def _readable(self) -> list[str]:
        return [name for name in self.secrets if not name.endswith("as it is kept")]

    def _copy_database(self) -> Path:
        """What a thief of last night's disk has: the database as it was, without the keys' folder."""
        copy = self.folder.parent / f"{self.folder.name}-copy"
        copy.mkdir(mode=0o700)
        for each in self.home.glob("overt.db*"):
            shutil.copy(each, copy)
        return copy

    def _after_the_purge(self, staff: Company, copy: Path) -> None:
        try:
            self._look_at_files("database, journal, keys, temporary files, events and logs, "
                                "after the purge", self.folder)  # fmt: skip
            keys = [name for name in self.secrets if name.startswith("the key")]
            self._look_at_files("a copy of the database from before the purge: no key lies in it",
                                copy, names=keys)  # fmt: skip
        finally:
            shutil.rmtree(copy)
        desk = staff.memory_of("desk")
        self._look_at_memory("the process that did all of it, after the purge", desk,
                             [name for name in self.secrets if name != KEPT])  # fmt: skip
        self._look_at_memory("the same process, for what it was told to keep", desk, [KEPT],
                             must_find=True)  # fmt: skip
        self._look_at_new_temporary_files()

    def _look_at_memory(
        self, what: str, opened: Opened, names: Iterable[str], *, must_find: bool = False
    ) -> None:
        self._enter_memory(what, _snapshot(opened), names, must_find=must_find)

    def _enter_memory(
        self, what: str, snapshot: Snapshot, names: Iterable[str], *, must_find: bool = False
    ) -> None:
        found = [hit.secret for hit in self._search(names).in_snapshot(snapshot)]
        self._enter(what, f"{snapshot.size / 1e6:.0f} MB of memory", found, must_find=must_find)

    def _look_at_files(
        self,
        what: str,
        folder: Path,
        *,
        but: Iterable[str] = (),
        names: Iterable[str] | None = None,
        must_find: bool = False,
    ) -> None:
        search = self._search(self.secrets if names is None else names)
        left_out = [folder / each for each in but]
        files = [
            file
            for file in files_below(folder)
            if not any(file.is_relative_to(each) for each in left_out)
        ]
        found = [f"{hit.secret} in {hit.place}" for hit in search.in_paths(files, folder)]
        size = sum(f.stat().st_size for f in files) / 1e6
        self._enter(what, f"{len(files)} files, {size:.1f} MB", found, must_find=must_find)

    def _look_at_new_temporary_files(self) -> None:
        """Of this machine: nothing that overt makes there may hold any of it."""
        search, place = self._search(self.secrets), Path(tempfile.gettempdir())
        files = [
            file
            for each in place.glob("overt*")
            if os.access(each, os.R_OK | os.X_OK) and each.is_dir()
            for file in files_below(each)
        ]
        found = [f"{hit.secret} in {hit.place}" for hit in search.in_paths(files, place)]
        self._enter(f"files of overt in {place}", f"{len(files)} files", found)

    def _search(self, names: Iterable[str]) -> Search[str]:
        return Search({name: self.secrets[name] for name in names})

    def _enter(
        self, what: str, searched: str, found: Iterable[str], *, must_find: bool = False
    ) -> None:
        told = tuple(dict.fromkeys(found))
        passed = bool(told) if must_find else not told
        shown = (f"{len(told)} of what was planted",) if must_find and told else told
        self.checks.append(Check(what, searched, shown, passed, control=must_find))
        self.tell(f"{'as it must be' if passed else 'NOT AS IT MUST BE'}: {what}")


def prove_erasure(
    deployment: Path,
    home: Path,
    clock: Clock,
    tell: Callable[[str], None],
    *,
    desk: str = DESK,
) -> Proof:
    """Run the test under what this deployment says. Raises Fault where it could not be run."""
    if platform.system() != "Linux":
        raise Refused("the canary test reads a process's memory as Linux shows it; run it there")
    require_records_in_files()
    file = read_deployment(deployment)
    under = _under(file)
    made_at = iso(clock.now())
    beside = home / "aside"
    with tempfile.TemporaryDirectory(dir=beside, prefix="canary-") as name:
        folder = Path(name)
        (folder / CANARY).touch()
        trial = Trial(Stage(folder / "given", under, Words()), folder, clock, tell)
        trial.run(desk, os.pathsep.join(map(str, search_folders())))
    return Proof(
        deployment=str(file.id),
        digest=f"sha256:{hashlib.sha256(deployment.read_bytes()).hexdigest()}",
        made_at=made_at,
        overt=f"overt {overt.__version__}, Python {platform.python_version()}",
        pack=f"{under.pack.manifest.pack_name}@{under.pack.digest}",
        precision=under.precision,
        threshold=_at(under, file),
        watched=trial.watched,
        system=f"{platform.platform()}, {_swap()}",
        memory=trial.memory,
        moments=HOW_CHOSEN,
        planted=tuple(trial.secrets),
        why_beside=WHY_BESIDE,
        checks=tuple(trial.checks),
        limits=LIMITS,
    )


def _under(file: DeploymentFile) -> Under:
    """The pack and precision as signed; the threshold no higher than the canary can reach."""
    folders = search_folders()
    pack = (
        find_pack(file.model_pack, search=folders)
        if file.model_pack
        else default_pack(search=folders)
    )
    reached = THRESHOLDS.get(pack.manifest.pack_name, THRESHOLDS["open"])
    signed = reached if file.threshold is None else float(file.threshold)
    return Under(pack, file.precision, Similarity(min(signed, reached)))


def _at(under: Under, file: DeploymentFile) -> str:
    signed = "a target rate" if file.threshold is None else f"{float(file.threshold):g}"
    return f"{float(under.threshold):g}; the deployment's is {signed}"


def _swap() -> str:
    areas = Path("/proc/swaps").read_text().splitlines()[1:]
    return f"swap on {len(areas)} areas" if areas else "no swap"


def _snapshot(opened: Opened) -> Snapshot:
    try:
        return opened.snapshot()
    except ProcessLookupError:
        raise Fault("a process of the canary test ended before it was searched") from None
