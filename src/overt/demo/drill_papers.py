"""The papers of a drill: every one says that it is a test document, in its first words.

Nothing here was measured, published or approved. They let people walk the steps of a deployment
under the full rules; in a real installation each of them is somebody's work.
"""

import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from overt.demo.street_papers import CAMERA, STREET
from overt.models.library import Pack
from overt.policy.evidence_file import EVIDENCE_FILE, REPORT_FILE, evidence_in, write_evidence
from overt.policy.public_record import DRILL
from overt.units import UtcTime, iso

KINDS: Final = ("dpia", "equality-impact", "appropriate-policy")
GROUPS: Final = ("age", "ethnicity", "sex")
MADE_UP: Final = f"{DRILL}. A test document: nothing was measured."


def paper(folder: Path, name: str) -> Path:
    """A test document; its name is in it, so that no two are the same file."""
    path = folder / name
    path.write_text(f"{DRILL}\n\n{name}: a test document. Nothing in it is real.\n", "utf-8")
    return path


def documents(folder: Path, now: UtcTime) -> str:
    """The DPIA, equality impact and policy of the drill, as DEPLOYMENT.toml names them."""
    parts = []
    for kind in KINDS:
        digest = sha256(paper(folder, f"{kind}.txt").read_bytes()).hexdigest()
        parts.append(
            f'[[deployment.documents]]\nkind = "{kind}"\nversion = "drill"\nsha256 = "{digest}"\n'
            f"review_by = {(now + timedelta(days=30)).date().isoformat()}\n"
        )
    return "\n".join(parts)


def equality_test(folder: Path, pack: Pack, threshold: float, today: date) -> Path:
    """What `overt assure` would leave in a folder, made up, and marked so in its own words."""
    folder.mkdir()
    report = json.dumps(_made_up(pack, threshold)).encode()
    evidence = evidence_in(report, today, REPORT_FILE)
    (folder / REPORT_FILE).write_bytes(report)
    (folder / EVIDENCE_FILE).write_bytes(write_evidence(evidence))
    return folder


def _made_up(pack: Pack, threshold: float) -> dict[str, Any]:
    measures = [(column, measure) for column in GROUPS for measure in ("fpir", "fnir")]
    return {
        "title": DRILL,
        "unit": "still",
        "system": {
            "pack": pack.manifest.name, "pack_digest": pack.digest, "precision": "f32",
        },
        "data": {"digest": f"sha256:{sha256(MADE_UP.encode()).hexdigest()}"},
        "validated": [],
        "equality": {
            "list_size": 1000,
            "worst_ratio": 1.0,
            "tested": [
                {"threshold": at, "finding": "no gap shown", "sentence": MADE_UP}
                for at in (round(threshold - 0.05, 4), round(min(threshold + 0.05, 0.99), 4))
            ],
            "disparities": [
                {"column": column, "crossed": False, "measure": measure}
                for column, measure in measures
            ],
        },
    }  # fmt: skip


def deployment_toml(
    folder: Path, *, deployment: str, pack: str, threshold: float, now: UtcTime
) -> Path:
    """A deployment under uk-police-2026, of which every word says that it is a drill."""
    path = folder / "deployment.toml"
    begins, ends = now + timedelta(hours=1), now + timedelta(hours=5)
    path.write_text(
        f"""# {DRILL}
[deployment]
id = "{deployment}"
profile = "uk-police-2026"
use_case = "sought-person"
purpose = "{DRILL}: to train, and to test the rules"
legal_basis = "{DRILL}: none is needed for public-domain portraits"
necessity = "{DRILL}"
proportionality = "{DRILL}: nobody is watched"
alternatives_considered = "{DRILL}"
place = "{STREET}"
starts_at = {iso(UtcTime(begins))}
ends_at = {iso(UtcTime(ends))}
notice_published_at = {iso(UtcTime(now - timedelta(days=2)))}
watchlist = "drill"
threshold = {threshold}
model_pack = "{pack}"
precision = "f32"
expected_footfall = 1000

{documents(folder, now)}
{CAMERA}""",
        encoding="utf-8",
    )
    return path
