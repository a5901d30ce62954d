"""Templates of the labelled stills, as they are and mirrored; kept under build/ between runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from benchmarks.passages import encoded, folders, index, test_data

from overt.faces.quality import LIVE, assess, face_region
from overt.frames.picture import StillPicture
from overt.identifiers import PackName
from overt.models.library import find_pack
from overt.templates.load import Networks, load_networks
from overt.units import Float32

ROLES: Final = ("enrol", "distractor", "mated_probe", "nonmated_probe")
LIST_SIZE: Final = 1000
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Stills:
    """Row i of each is one still in which a face was found."""

    role: npt.NDArray[np.str_]
    subject: npt.NDArray[np.str_]
    order: Float32
    worth: Float32
    vectors: Float32
    mirrored: Float32

    def of(self, role: str) -> Rows:
        """The rows of this role, in the order of the protocol."""
        rows = np.flatnonzero(self.role == role)
        return rows[np.argsort(self.order[rows], kind="stable")]

    def listed(self, enrolled: int) -> Rows:
        """A list of 1,000: so many enrolled people, and others who never walk past."""
        return np.concatenate(
            [self.of("enrol")[:enrolled], self.of("distractor")[: LIST_SIZE - enrolled]]
        )


def stills(cache: Path, pack: str, precision: str) -> Stills:
    path = cache / f"stills-{pack}-{precision}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **_encoded(pack, precision))
    with np.load(path) as stored:
        return Stills(**{name: stored[name] for name in Stills.__dataclass_fields__})


def _encoded(pack: str, precision: str) -> dict[str, Any]:
    cv2.setNumThreads(1)
    networks = load_networks(
        find_pack(PackName(pack), search=folders()),
        precision=precision,
        threads=1,
        working_size=(256, 256),
    )
    rows = [row for row in index() if row["set"] == "lfw" and row["role"] in ROLES]
    found = [(row, one) for row in rows if (one := _one(row["path"], networks)) is not None]
    return {
        "role": np.array([row["role"] for row, _ in found]),
        "subject": np.array([row["subject_id"] for row, _ in found]),
        "order": np.array([float(row["order"] or 0) for row, _ in found], np.float32),
        "worth": np.array([one[0] for _, one in found], np.float32),
        "vectors": np.stack([one[1] for _, one in found]),
        "mirrored": np.stack([one[2] for _, one in found]),
    }


def _one(name: str, networks: Networks) -> tuple[float, Float32, Float32] | None:
    image = np.asarray(cv2.imread(str(test_data() / name)), np.uint8)
    picture = StillPicture(image)
    faces = networks.detector.find(picture)
    if not len(faces):
        return None
    middles = (faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2
    away = np.hypot(*(middles - np.array([image.shape[1], image.shape[0]]) / 2).T)
    face = list(faces)[int(away.argmin())]
    worth = assess(face, face_region(image, face.box), LIVE).score
    closer = networks.look_closer(picture, face)
    straight, mirrored = encoded(image, [closer.landmarks], networks)
    return worth, straight, mirrored
