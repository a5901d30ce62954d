"""Everybody a deployment looks for, as templates in the memory of whoever holds a camera."""

import numpy as np
from sqlalchemy import select

from overt.errors import Refused
from overt.gate.list_reading import fields_of, measured_lookalikes
from overt.gate.list_standing import sought
from overt.gate.open_deployment import LiveList, OpenDeployment
from overt.gate.staged_list import vector_of
from overt.gate.untouched_list import altered_list, require_untouched
from overt.identifiers import SubjectId
from overt.matches.gallery import gallery_of
from overt.policy.profiles import profile_named
from overt.records.places import place_of_template
from overt.records.schema import EntryRow, ImageRow, TemplateRow, WatchlistRow
from overt.records.vault import DataKey
from overt.records.work import UnitOfWork
from overt.units import Float32


def live_list(work: UnitOfWork, deployment: OpenDeployment) -> LiveList:
    row = work.session.get(WatchlistRow, deployment.watchlist_id)
    if row is None:
        raise Refused(f"the watchlist {deployment.watchlist} was deleted")
    require_untouched(work, row)
    key = work.data_key(row.data_key_id)
    profile = profile_named(deployment.profile)
    entries = list(sought(work, row, profile, deployment.signed_line).entries)
    subjects: list[SubjectId] = []
    vectors: list[Float32] = []
    unsealed = _vectors(work, deployment, key)
    if not unsealed:
        raise Refused(
            f"{row.name} has no templates of {deployment.model}; sign the deployment again"
        )
    for entry in entries:
        own = unsealed.get(entry.id, [])
        if len(own) != len(fields_of(entry, key)["images"]):
            raise altered_list(row, f"{entry.subject_id} has not a template for each image")
        subjects += [entry.subject_id] * len(own)
        vectors += own
    if not vectors:
        raise Refused(f"nobody on {row.name} is looked for any more")
    gallery = gallery_of(deployment.model, subjects, np.stack(vectors))
    return LiveList(gallery, _alike(work, deployment, entries, key))


def _vectors(
    work: UnitOfWork, deployment: OpenDeployment, key: DataKey
) -> dict[str, list[Float32]]:
    """The templates of each entry, in the order of its images."""
    chosen = (
        select(TemplateRow.id, TemplateRow.sealed, ImageRow.id, ImageRow.entry_id)
        .join(ImageRow, ImageRow.id == TemplateRow.image_id)
        .join(EntryRow, EntryRow.id == ImageRow.entry_id)
        .where(
            EntryRow.watchlist_id == deployment.watchlist_id,
            TemplateRow.model == deployment.model,
        )
        .order_by(EntryRow.position, ImageRow.position)
    )
    made: dict[str, list[Float32]] = {}
    for template_id, sealed, image_id, entry_id in work.session.execute(chosen):
        place = place_of_template(template_id, image_id, deployment.model)
        made.setdefault(entry_id, []).append(vector_of(key.unseal(sealed, place)))
    return made


def _alike(
    work: UnitOfWork, deployment: OpenDeployment, entries: list[EntryRow], key: DataKey
) -> dict[SubjectId, tuple[SubjectId, ...]]:
    """Who resembles whom, by measurement and by what the list's maker wrote, both ways."""
    listed = {entry.subject_id for entry in entries}
    measured = measured_lookalikes(work, deployment.watchlist_id, deployment.model)
    alike: dict[SubjectId, dict[SubjectId, None]] = {
        subject: dict.fromkeys(others) for subject, others in measured.items()
    }
    for entry in entries:
        for name in fields_of(entry, key)["lookalikes"]:
            other = SubjectId(name)
            alike.setdefault(entry.subject_id, {})[other] = None
            if other in listed:
                alike.setdefault(other, {})[entry.subject_id] = None
    return {subject: tuple(others) for subject, others in alike.items() if subject in listed}
