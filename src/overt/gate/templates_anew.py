"""Templates of a kept list by other networks, made from its sealed images when it is signed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import exists, select

from overt.config.list_csv import FaceBox
from overt.errors import Refused
from overt.frames.stills import read_still
from overt.gate.enrolment import Progress
from overt.gate.list_reading import Act
from overt.gate.staged_list import template_bytes
from overt.identifiers import ModelId, SubjectId
from overt.matches.gallery import Gallery, gallery_of
from overt.records.places import place_of_image, place_of_template
from overt.records.schema import EntryRow, ImageRow, TemplateRow
from overt.records.vault import DataKey
from overt.records.work import fresh_id
from overt.templates.enrol import enrol_again
from overt.templates.load import Networks
from overt.units import Float32


@dataclass(frozen=True, slots=True)
class NewTemplate:
    id: str
    image_id: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class NewTemplates:
    templates: tuple[NewTemplate, ...]
    gallery: Gallery
    """Of the same templates, to compare the list with itself."""


def images_without(act: Act, list_id: str, model: ModelId) -> list[str]:
    """Which images have no template of the model."""
    has = exists().where(TemplateRow.image_id == ImageRow.id, TemplateRow.model == model)
    chosen = (
        select(ImageRow.id)
        .join(EntryRow)
        .where(EntryRow.watchlist_id == list_id, ~has)
        .order_by(EntryRow.position, ImageRow.position)
    )
    return list(act.session.scalars(chosen))


def make_templates(
    act: Act, images: list[str], key: DataKey, networks: Networks, progress: Progress
) -> NewTemplates:
    """Make the template of every image; an image in which the pack finds no face is refused."""
    made: list[NewTemplate] = []
    owners: list[SubjectId] = []
    vectors: list[Float32] = []
    for image_id, subject, vector in _vectors(act, images, key, networks):
        template_id = fresh_id()
        sealed = key.seal(
            template_bytes(vector), place_of_template(template_id, image_id, networks.model)
        )
        made.append(NewTemplate(template_id, image_id, sealed))
        owners.append(subject)
        vectors.append(vector)
        progress(len(made), len(images))
    return NewTemplates(tuple(made), gallery_of(networks.model, owners, np.stack(vectors)))


def _vectors(
    act: Act, images: list[str], key: DataKey, networks: Networks
) -> Iterator[tuple[str, SubjectId, Float32]]:
    for image_id in images:
        sealed, face, entry, subject = act.session.execute(
            select(ImageRow.sealed, ImageRow.face, EntryRow.id, EntryRow.subject_id)
            .join(EntryRow)
            .where(ImageRow.id == image_id)
        ).one()
        pixels = read_still(key.unseal(sealed, place_of_image(image_id, entry)))
        try:
            yield image_id, subject, enrol_again(pixels, face_box(face), networks)
        except Refused as refusal:
            raise Refused(
                f"{networks.model} cannot use an image of {subject}: {refusal}; "
                "import the list anew with that pack, or sign for another"
            ) from refusal


def face_box(face: dict[str, object]) -> FaceBox:
    corners = face["box"]
    assert isinstance(corners, list)
    x1, y1, x2, y2 = (float(v) for v in corners)
    return FaceBox(x1, y1, x2 - x1, y2 - y1)
