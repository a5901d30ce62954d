"""What `overt assure` leaves in a folder of a test of equality, without the test."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from overt.identifiers import Digest
from overt.policy.equality_evidence import EqualityEvidence
from overt.policy.evidence_file import EVIDENCE_FILE, REPORT_FILE, evidence_in, write_evidence

TESTED_ON = date(2026, 11, 1)
MEASURES = ("fpir", "fnir")


def report_of(
    pack: Digest,
    *,
    lowest: float = 0.3,
    highest: float = 0.7,
    finding: str = "no gap shown",
    groups: tuple[str, ...] = ("age", "ethnicity", "sex"),
    validated: tuple[dict[str, Any], ...] = (),
    **changes: Any,
) -> dict[str, Any]:
    """The parts of a report.json that evidence sums up."""
    told: dict[str, Any] = {
        "pack": "open", "precision": "f32", "unit": "still", "list_size": 1_000,
        "sentence": "It does not follow that there is none.", "worst_ratio": 1.25, **changes,
    }  # fmt: skip
    return {
        "unit": told["unit"],
        "system": {
            "pack": told["pack"],
            "pack_digest": pack,
            "precision": told["precision"],
        },
        "data": {"digest": "sha256:" + "d" * 64},
        "validated": list(validated),
        "equality": {
            "list_size": told["list_size"],
            "worst_ratio": told["worst_ratio"],
            "tested": [
                {"threshold": at, "finding": finding, "sentence": told["sentence"]}
                for at in (lowest, highest)
            ],
            "disparities": [
                {"column": column, "crossed": False, "measure": measure}
                for column in groups
                for measure in MEASURES
            ],
        },
    }


def write_test(
    folder: Path, pack: Digest, *, tested_on: date = TESTED_ON, **changes: Any
) -> EqualityEvidence:
    """Lay report.json and equality.json into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    report = json.dumps(report_of(pack, **changes)).encode()
    evidence = evidence_in(report, tested_on, REPORT_FILE)
    (folder / REPORT_FILE).write_bytes(report)
    (folder / EVIDENCE_FILE).write_bytes(write_evidence(evidence))
    return evidence
