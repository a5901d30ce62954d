"""A watchlist on its way in: sealed under its own key as it grows, nothing of it in the records.

The images wait in a file without a name, whose key exists only in this process until the list
is kept. Killed at any instant, the file is gone and its bytes mean nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from overt.config.canonical import Json, canonical_json, digest_of
from overt.config.list_csv import OF_NEED, FaceBox, ListRow
from overt.faces.quality import Quality
from overt.gate.enrolment import EnrolledRow
from overt.identifiers import Digest, ModelId, SubjectId
from overt.records.places import place_of_fields, place_of_image, place_of_template
from overt.records.vault import DataKey
from overt.records.work import fresh_id
from overt.templates.reference_image import ReferenceImage
from overt.units import Float32


def template_bytes(vector: Float32) -> bytes:
    return vector.astype("<f4").tobytes()


def vector_of(content: bytes) -> Float32:
    return np.frombuffer(content, "<f4").astype(np.float32)


@dataclass(frozen=True, slots=True)
class StagedImage:
    id: str
    row: ListRow
    sha256: str
    offset: int
    size: int
    face: dict[str, object]
    quality: dict[str, object]
    template_id: str
    sealed_template: bytes


@dataclass(frozen=True, slots=True)
class StagedEntry:
    id: str
    position: int
    images: list[StagedImage]

    @property
    def row(self) -> ListRow:
        """Any row says the same of the person; the import saw to that."""
        return self.images[0].row


@dataclass(slots=True)
class StagedList:
    key: DataKey
    wrapped_key: bytes
    spool: IO[bytes]
    entries: dict[SubjectId, StagedEntry] = field(default_factory=dict)
    owners: list[SubjectId] = field(default_factory=list)
    """Of `vectors`, row by row."""
    vectors: list[Float32] = field(default_factory=list, repr=False)
    """Until the list has been compared with itself."""

    def add(self, enrolled: EnrolledRow, model: ModelId) -> None:
        row = enrolled.row
        fresh = StagedEntry(fresh_id(), len(self.entries), [])
        entry = self.entries.setdefault(row.subject_id, fresh)
        entry.images.append(self._staged(entry.id, enrolled, model))
        self.owners.append(row.subject_id)
        self.vectors.append(enrolled.enrolled.template)

    def _staged(self, entry_id: str, enrolled: EnrolledRow, model: ModelId) -> StagedImage:
        image_id, template_id = fresh_id(), fresh_id()
        made = enrolled.enrolled
        sealed = self.key.seal(made.image.contents, place_of_image(image_id, entry_id))
        offset = self.spool.seek(0, 2)
        self.spool.write(sealed)
        template = self.key.seal(
            template_bytes(made.template), place_of_template(template_id, image_id, model)
        )
        return StagedImage(
            id=image_id,
            row=enrolled.row,
            sha256=enrolled.sha256,
            offset=offset,
            size=len(sealed),
            face=face_as_json(made.image),
            quality=quality_as_json(made.quality),
            template_id=template_id,
            sealed_template=template,
        )

    def sealed_image(self, image: StagedImage) -> bytes:
        self.spool.seek(image.offset)
        return self.spool.read(image.size)

    def sealed_fields(self, entry: StagedEntry) -> bytes:
        return self.key.seal(canonical_json(_fields(entry)), place_of_fields(entry.id))

    def images(self) -> Iterator[tuple[StagedEntry, int, StagedImage]]:
        """Every image with its entry and its position within that."""
        for entry in self.entries.values():
            for position, image in enumerate(entry.images):
                yield entry, position, image

    def digest(self) -> Digest:
        """What an officer signs."""
        return list_digest(
            SignedEntry(subject, entry.row.category, entry.row.review_by, _fields(entry))
            for subject, entry in self.entries.items()
        )


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """What the signature says of one person."""

    subject_id: SubjectId
    category: str
    review_by: date
    fields: Mapping[str, Json]
    """What is sealed of the entry."""


def list_digest(entries: Iterable[SignedEntry]) -> Digest:
    """Cover every field of every entry and the digest of every image."""
    told: list[Json] = [
        {"subject_id": entry.subject_id, "category": entry.category,
         "review_by": entry.review_by.isoformat(), **entry.fields}
        for entry in sorted(entries, key=lambda entry: entry.subject_id)
    ]  # fmt: skip
    return digest_of(canonical_json(told))


def staged_list(key: DataKey, wrapped_key: bytes, folder: Path) -> StagedList:
    """`folder` is on the disk that will hold the list, and closed to others."""
    return StagedList(key, wrapped_key, TemporaryFile(dir=folder))


def _fields(entry: StagedEntry) -> dict[str, Json]:
    """What is sealed of an entry, and signed with it."""
    row = entry.row
    return {
        "reason": row.reason,
        "response_plan": row.response_plan,
        "date_of_birth": row.date_of_birth.isoformat() if row.date_of_birth else None,
        "status": row.status,
        "lookalikes": list(row.lookalikes),
        **({name: getattr(row, name) for name in OF_NEED} if row.necessity else {}),
        "images": [_image_fields(image) for image in entry.images],
    }


def _image_fields(image: StagedImage) -> dict[str, Json]:
    return {
        "sha256": image.sha256,
        "face_box": _box(image.row.face_box),
        "image_source": image.row.image_source,
        "legal_basis": image.row.legal_basis,
        "image_date": image.row.image_date.isoformat(),
    }


def _box(box: FaceBox | None) -> Json:
    return None if box is None else [box.x, box.y, box.width, box.height]


def face_as_json(image: ReferenceImage) -> dict[str, object]:
    return {
        "box": [round(float(v), 2) for v in image.box],
        "landmarks": [[round(float(v), 2) for v in point] for point in image.landmarks],
    }


def quality_as_json(quality: Quality) -> dict[str, object]:
    return {
        "score": round(quality.score, 4),
        "eye_distance": round(quality.eye_distance, 1),
        "yaw": round(quality.yaw, 1),
        "pitch": round(quality.pitch, 1),
        "roll": round(quality.roll, 1),
        "sharpness": round(quality.sharpness, 4),
        "brightness": round(quality.brightness, 1),
        "contrast": round(quality.contrast, 1),
    }
