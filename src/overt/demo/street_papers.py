"""What is handed in for a street that never was: its list, and its authorisation under `consent`.

The demonstration and the canary test hand in the same papers; the drill has its own, under the
full rules, of which only the street, the list's columns and the thresholds are these.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from overt.identifiers import WatchlistName
from overt.units import UtcTime, iso

STREET: Final = "A street that does not exist"
CLIP: Final = "street.mp4"
THRESHOLDS: Final = {"open": 0.50, "dlib": 0.945}
"""For this clip; a real deployment's threshold comes from a measurement."""
COLUMNS: Final = (
    "subject_id", "image", "category", "reason", "image_source", "legal_basis", "image_date",
    "review_by", "response_plan",
)  # fmt: skip
CAMERA: Final = f"""[[camera]]
id = "street"
source = "{CLIP}"
zone = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
min_eye_distance_px = 24
"""


@dataclass(frozen=True, slots=True)
class StreetDeployment:
    """What differs between one deployment in that street and another."""

    id: str
    purpose: str
    watchlist: WatchlistName
    threshold: float
    pack: str
    precision: str = "f32"

    def write(self, path: Path, now: UtcTime) -> None:
        """Authorise the hour from now."""
        begins, ends = UtcTime(now - timedelta(minutes=1)), UtcTime(now + timedelta(hours=1))
        path.write_text(
            f"""# What the officer signs. Change anything and the signature no longer holds.
[deployment]
id = "{self.id}"
profile = "consent"
use_case = "demonstration"
purpose = "{self.purpose}"
legal_basis = "Public-domain portraits; nobody is watched"
place = "{STREET}"
starts_at = {iso(begins)}
ends_at = {iso(ends)}
watchlist = "{self.watchlist}"
threshold = {self.threshold}
model_pack = "{self.pack}"
precision = "{self.precision}"

{CAMERA}""",
            encoding="utf-8",
        )


def write_list(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a list as a list builder would; each row has the cells of COLUMNS."""
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        table.writerows(rows)
