"""The demonstration as an acceptance check calls it: one JSON line, and the right people alerted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.requirement("R30")
@pytest.mark.parametrize(("listed", "alerts"), [("collins", 1), ("none", 0)])
def test_the_demonstration_alerts_who_is_listed_and_nobody_else(
    listed: str, alerts: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if listed == "none":  # the other is told with the pack that is always there
        request.getfixturevalue("quickest_pack")
    ended = subprocess.run(
        [sys.executable, "-m", "overt", "demo", "--headless", "--json", "--listed", listed],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "OVERT_HOME": str(tmp_path / "home")},
        cwd=tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    (line,) = ended.stdout.splitlines()
    summary = json.loads(line)
    assert (summary["alerts"], summary["listed_alerted"], summary["unlisted_alerted"]) == (
        alerts,
        alerts,
        0,
    )
    assert summary["passages"] == 3
    assert ("nobody_listed" in summary["not_matched_because"]) is (listed == "none")
    assert list(tmp_path.iterdir()) == []  # nothing of it stays, here or in OVERT_HOME
    stages = summary["stages"]
    assert summary["tracks"] >= summary["passages"]
    assert 2 <= stages["encodes_per_passage"] < summary["frames"]
    for stage in ("detection", "tracking", "encoding", "search"):
        assert stages[f"{stage}_ms"] > 0
    assert (stages["raising_ms"] is None) is (alerts == 0)
    took = summary["evidence_ms"]["p99"]  # by the clip's clock: the same on every machine
    assert took is None if alerts == 0 else 0 < took <= 2000
