"""The watchlist of recordings that are measured, enrolled as an import enrols it.

One usable face an image, the same quality rules, the same templates. Somebody none of whose
images will do stays on the list as a failure to enrol: their passages are misses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from overt.assurance.datasets import StillSet, refusal_of
from overt.config.list_csv import RowProblem
from overt.errors import Refused
from overt.frames.stills import read_still, still_contents
from overt.identifiers import SubjectId
from overt.matches.gallery import Gallery, gallery_of
from overt.templates.enrol import enrol
from overt.templates.load import Networks


@dataclass(frozen=True, slots=True, eq=False)
class EnrolledList:
    file: str
    subjects: tuple[SubjectId, ...]
    """Everybody submitted."""
    gallery: Gallery
    """Whoever could be enrolled."""
    refused: Mapping[int, str]
    """Rows whose image will not do, and why."""
    images: Mapping[str, str]
    """The digest of each image file."""


def enrol_list(stills: StillSet, networks: Networks) -> EnrolledList:
    """Enrol a list; refused where an image cannot be read, or nobody is left."""
    owners, vectors, refused, images = [], [], {}, {}
    problems: list[RowProblem] = []
    for row in stills.rows:
        try:
            contents = still_contents(_below(stills.folder, row.image), row.image)
            pixels = read_still(contents, name=row.image)
        except Refused as refusal:
            problems.append(RowProblem(row.number, "image", str(refusal)))
            continue
        images[row.image] = sha256(contents).hexdigest()
        try:
            vectors.append(enrol(contents, pixels, row.face_box, networks).template)
            owners.append(row.subject_id)
        except Refused as refusal:
            refused[row.number] = str(refusal)
    if problems:
        raise refusal_of(stills.path.name, problems)
    if not vectors:
        raise Refused(f"{stills.path.name}: not one image could be enrolled: {refused}")
    gallery = gallery_of(networks.model, owners, np.stack(vectors))
    return EnrolledList(stills.path.name, stills.subjects, gallery, refused, images)


def _below(folder: Path, image: str) -> Path:
    path = (folder / image).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Refused("leads out of the CSV file's folder by a link; keep images below it")
    return path
