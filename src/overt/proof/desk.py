"""The process of the canary test that does what an operator's would: list, run, review, purge.

It takes one order a line on standard input and answers each with one JSON object. It goes on living
after the purge, so that its memory can be searched then.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from overt.decisions.states import Judgement
from overt.errors import Fault, Refused
from overt.gate.gate import open_gate
from overt.gate.watchlist_orders import ImportOrder
from overt.identifiers import WatchlistName
from overt.live.camera_processes import CameraProcesses
from overt.live.run import Run, run_deployment
from overt.memory import keep_memory_private, lock_memory
from overt.models.library import search_folders
from overt.proof.watched import hand_over_memory
from overt.units import Clock

LIST: Final = WatchlistName("canary")
KEPT: list[bytes] = []
"""What this process keeps on purpose, so that a search of its memory has something to find."""
CAMERA_MODULE: Final = "overt.proof.watched_camera"


def main() -> None:
    """Take orders until the pipe ends."""
    given, home = Path(sys.argv[1]), Path(sys.argv[2])
    hand_over_memory("desk")
    keep_memory_private()
    lock_memory()
    acts: Mapping[str, Callable[[Path, Path], Mapping[str, Any]]] = {
        "prepare": prepare,
        "run": run,
        "review": review,
        "purge": purge,
    }
    for line in sys.stdin:
        try:
            _say({"done": line.strip(), **acts[line.strip()](given, home)})
        except (Refused, Fault) as trouble:
            _say({"failed": line.strip(), "because": str(trouble)})


def prepare(given: Path, home: Path) -> Mapping[str, Any]:
    """A key, the list and the signature."""
    KEPT.append((given / "kept.bin").read_bytes())
    clock = Clock()
    with open_gate(home, clock) as gate:
        actor = gate.whoami()
        gate.new_officer_key(actor, "Canary", given / "officer")
        order = ImportOrder(given / "list.csv", LIST, profile="consent", pack=_pack(given))
        gate.import_watchlist(actor, order)
        gate.sign_deployment(actor, given / "deployment.toml", given / "officer" / "officer.key")
    return {}


def run(given: Path, home: Path) -> Mapping[str, Any]:
    """Watch the clip as it plays; one process holds the camera."""
    clock = Clock()
    with open_gate(home, clock) as gate:
        summary = run_deployment(
            gate,
            gate.whoami(),
            clock,
            Run(
                deployment=given / "deployment.toml",
                home=home,
                models=search_folders(),
                show=_say,
                events=home.parent / "events.jsonl",
                cameras=CameraProcesses(CAMERA_MODULE),
            ),
        )
    return {"alerts": summary["alerts"], "passages": summary["passages"]}


def review(given: Path, home: Path) -> Mapping[str, Any]:
    """Open the alert's images and judge it, in words."""
    with open_gate(home, Clock()) as gate:
        actor = gate.whoami()
        (case,) = gate.alerts(actor)
        gate.examine_alert(actor, case.alert.id)
        words = (given / "judgement.txt").read_text()
        gate.decide(actor, case.alert.id, Judgement.NOT_THE_PERSON, reason=words)
    return {}


def purge(given: Path, home: Path) -> Mapping[str, Any]:
    """What the records do when everything's time is over: the clock is set ahead to then."""
    del given
    ahead = timedelta(days=62).total_seconds()
    clock = Clock()
    late = Clock(wall=lambda: clock.now().timestamp() + ahead)
    with open_gate(home, late) as gate:
        gone = gate.expire(gate.whoami())
    return {"keys": gone.keys}


def _pack(given: Path) -> str:
    lines = (given / "deployment.toml").read_text().splitlines()
    return next(line.split('"')[1] for line in lines if line.startswith("model_pack"))


def _say(told: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(dict(told)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
