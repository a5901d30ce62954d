"""What `overt run` makes of composed clips, judged against their truth: the whole program.

Each clip is a deployment of its own, signed under the profile `consent` in a temporary home and
run with --fast by the command itself, so that processes, records and evidence are in the figure.

    python -m benchmarks.overt_run TRUTH.json --threshold 0.5
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.judge import ClipAlert, ClipTruth, Verdict, judged, read_truth

DEPLOYMENT: Final = """[deployment]
id = "measurement-{number}"
profile = "consent"
use_case = "demonstration"
purpose = "Measure the program on a composed clip"
legal_basis = "Test data; nobody is watched"
place = "A composed clip"
starts_at = {starts}
ends_at = {ends}
watchlist = "composed"
threshold = {threshold}
model_pack = "{pack}"
precision = "{precision}"

[[camera]]
id = "north"
source = "{video}"
zone = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
min_eye_distance_px = {smallest}
"""


@dataclass(frozen=True, slots=True)
class Clip:
    verdict: Verdict
    summary: dict[str, Any]


def run_clip(clip: ClipTruth, number: int, options: argparse.Namespace) -> Clip:
    """Run one clip in a home of its own; its files lie beside the clip's folder."""
    with tempfile.TemporaryDirectory(prefix="overt-bench-") as folder:
        here = Path(folder)
        (here / "clip.mp4").symlink_to(clip.video.resolve())
        now = datetime.now(UTC)
        (here / "deployment.toml").write_text(
            DEPLOYMENT.format(
                number=number,
                starts=(now - timedelta(minutes=5)).isoformat(),
                ends=(now + timedelta(hours=2)).isoformat(),
                threshold=options.threshold,
                pack=options.pack,
                precision=options.precision,
                video="clip.mp4",
                smallest=options.min_eye_distance,
            )
        )
        _overt(here, "keys", "new", "--name", "bench", "--out", "keys")
        imported = ["watchlist", "import", str(clip.watchlist.resolve()), "--name", "composed"]
        _overt(here, *imported, "--pack", options.pack, "--skip-refused", "refused.csv")
        _overt(here, "deployment", "sign", "deployment.toml", "--key", "keys/officer.key")
        told = _overt(
            here, "run", "deployment.toml", "--fast", "--json", "--events", "events.jsonl"
        )
        events = [json.loads(line) for line in (here / "events.jsonl").read_text().splitlines()]
    alerts = [
        ClipAlert(event["media_time"], event["subject_id"])
        for event in events
        if event["event"] == "alert"
    ]
    return Clip(judged(clip, alerts), json.loads(told))


def _overt(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "overt", *arguments],
        cwd=folder,
        env={**os.environ, "OVERT_HOME": str(folder / "home")},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"overt {arguments[0]} ended with status {ran.returncode}")
    return ran.stdout


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--pack", default="open")
    parser.add_argument("--precision", default="f32")
    parser.add_argument("--min-eye-distance", type=float, default=20)
    options = parser.parse_args(arguments)
    if "OVERT_MODELS" in os.environ:
        os.environ["OVERT_MODELS"] = os.path.abspath(os.environ["OVERT_MODELS"])  # noqa: PTH100
    clips = [run_clip(c, n, options) for n, c in enumerate(read_truth(options.truth), 1)]
    verdict = sum((clip.verdict for clip in clips), Verdict(0, 0, 0, 0, 0))
    frames = sum(clip.summary["frames"] for clip in clips)
    seconds = sum(clip.summary["frames"] / clip.summary["fps"] for clip in clips)
    print(
        json.dumps(
            {
                "listed": verdict.listed,
                "alerted": verdict.alerted,
                "repeated": verdict.repeated,
                "wrong": verdict.wrong,
                "true_passages": verdict.passages,
                "counted_passages": sum(clip.summary["passages"] for clip in clips),
                "frames": frames,
                "fps": round(frames / seconds, 2),
                "encodes": sum(clip.summary["encodes"] for clip in clips),
                "not_matched_because": [c.summary["not_matched_because"] for c in clips],
            }
        )
    )


if __name__ == "__main__":
    main()
