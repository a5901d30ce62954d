"""Seal anew what an overt before 0006 sealed: then only to its row, now to what it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, update

from overt.identifiers import KeyId
from overt.records.key_folder import KeyFolder
from overt.records.places import (
    place_of_evidence,
    place_of_image,
    place_of_template,
    place_of_words,
)
from overt.records.schema import (
    AlertRow,
    DataKeyRow,
    DecisionRow,
    EntryRow,
    EvidenceRow,
    ImageRow,
    TemplateRow,
    WatchlistRow,
)
from overt.records.vault import Place, Vault

FIRST_BOUND: Final = "0006"


@dataclass(frozen=True, slots=True)
class _Sealed:
    table: type[ImageRow | TemplateRow | EvidenceRow | DecisionRow]
    row: str
    key: KeyId
    earlier: str
    place: Place


def rebind(connection: Connection, vault: Vault, before: str | None, keys: KeyFolder) -> None:
    """Bind every sealed value of older records as `places` says.

    Their keys are in their rows, or, where a backup was restored, in files already.
    """
    if before is not None and before >= FIRST_BOUND:
        return
    for value in [*_of_lists(connection), *_of_alerts(connection)]:
        wrapped = connection.execute(
            select(DataKeyRow.wrapped).where(DataKeyRow.id == value.key)
        ).scalar_one()
        wrapped = wrapped or keys.get(value.key)
        if wrapped is not None:  # else it was destroyed, and nobody reads it again
            _seal_anew(connection, vault, value, wrapped)


def _seal_anew(connection: Connection, vault: Vault, value: _Sealed, wrapped: bytes) -> None:
    table, key = value.table, vault.unwrap(value.key, wrapped)
    sealed = connection.execute(select(table.sealed).where(table.id == value.row)).scalar_one()
    plain = key.unseal(sealed, Place(table.__tablename__, value.row, value.earlier))
    anew = key.seal(plain, value.place)
    connection.execute(update(table).where(table.id == value.row).values(sealed=anew))


def _of_lists(connection: Connection) -> Iterator[_Sealed]:
    images = (
        select(ImageRow.id, ImageRow.entry_id, WatchlistRow.data_key_id)
        .join(EntryRow, EntryRow.id == ImageRow.entry_id)
        .join(WatchlistRow, WatchlistRow.id == EntryRow.watchlist_id)
    )
    keys = {}
    for image, entry, key in connection.execute(images).all():
        keys[image] = key
        yield _Sealed(ImageRow, image, key, "image", place_of_image(image, entry))
    templates = select(TemplateRow.id, TemplateRow.image_id, TemplateRow.model)
    for row, image, model in connection.execute(templates).all():
        place = place_of_template(row, image, model)
        yield _Sealed(TemplateRow, row, keys[image], "vector", place)


def _of_alerts(connection: Connection) -> Iterator[_Sealed]:
    alerts = select(AlertRow.id, AlertRow.data_key_id)
    keys = {row.id: row.data_key_id for row in connection.execute(alerts)}
    pieces = select(EvidenceRow.id, EvidenceRow.alert_id, EvidenceRow.kind, EvidenceRow.revision)
    for row, alert, kind, revision in connection.execute(pieces).all():
        place = place_of_evidence(row, alert, kind, revision)
        yield _Sealed(EvidenceRow, row, keys[alert], kind.value, place)
    moves = select(
        DecisionRow.id, DecisionRow.alert_id, DecisionRow.move, DecisionRow.by, DecisionRow.at
    )
    for row, alert, move, by, at in connection.execute(moves).all():
        place = place_of_words(row, alert, move, by, at)
        yield _Sealed(DecisionRow, row, keys[alert], "words", place)
