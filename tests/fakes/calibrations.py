"""Calibrations as a measurement writes them, with scores that a test can reckon with."""

import json
from pathlib import Path
from typing import Any

from overt.models.library import find_pack


def calibration_of(name: str, digest: str, **changes: Any) -> dict[str, Any]:
    """A thousand people not listed; two hundred reach 0.999, 0.998, ... of one of three listed."""
    return {
        "format": "overt-calibration-1", "pack_name": name, "pack": digest, "precision": "f32",
        "unit": "still", "measured_on": "numbers that a test made up",
        "list_size": 3, "people": 1000, "probes": 1000,
        "tail_floor": 0.8, "tails": [[1, round(0.999 - i / 1000, 3)] for i in range(199)],
        **changes,
    }  # fmt: skip


def write_calibration(models: Path, name: str, **changes: Any) -> Path:
    """Lay a calibration beside the pack's files, as `file` if another name is given."""
    file: str = changes.pop("file", "calibration-f32.json")
    digest = find_pack(name, search=(models,)).digest
    path = models / name / file
    path.write_text(json.dumps(calibration_of(name, digest, **changes)))
    return path
