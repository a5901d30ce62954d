"""The drill: a whole police deployment, draft to evaluation, without a question asked."""

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from overt.audit.note import read_verifier
from overt.audit.verify import verify
from overt.policy.public_record import DRILL

STAGES = [
    "drafted", "submitted", "authorised", "noticed", "suspended", "open", "closed", "purged",
    "evaluated",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("quickest_pack")
@pytest.mark.requirement("R58")
@pytest.mark.requirement("R60")
def test_a_drill_walks_a_whole_deployment_and_is_marked_as_one(tmp_path: Path) -> None:
    out = tmp_path / "drilled"
    command = [sys.executable, "-m", "overt", "drill", "--out", str(out), "--json"]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=420
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["stages"] == STAGES
    assert told["drill"] is True
    assert told["alerts"]["confirmed-true"] >= 1
    (row,) = csv.DictReader(io.StringIO((out / "DRILL-record.csv").read_text()))
    for column in ("Deployment", "Deployment type", "Place"):
        assert row[column].startswith(DRILL)
    log = (out / "DRILL-log.jsonl").read_bytes()
    verify(io.BytesIO(log), read_verifier((out / "DRILL-log.key").read_text().strip()))
    _recount(row, log)


def _recount(row: dict[str, str], log: bytes) -> None:
    """Another count than the program's, from the exported lines alone, comes to the same (R58)."""
    lines = [json.loads(line) for line in log.splitlines()]
    events = [each for each in lines if "event" in each]
    alerts = [each for each in events if each["event"] == "alert-raised"]
    wrong = {
        each["detail"]["alert"]
        for each in events
        if each["detail"].get("move") in {"judge-not-the-person", "find-false"}
    }
    moves = Counter(each["detail"].get("move") for each in events)
    faces = sum(each["detail"]["faces"] for each in events if each["event"] == "run-ended")
    assert int(row["Total alerts"]) == len(alerts)
    assert int(row["Incorrect alerts"]) == len(wrong)
    assert int(row["Positive interventions"]) == moves["find-true"]
    assert int(row["Incorrect interventions"]) == 0
    assert int(row["Faces seen"]) == faces
