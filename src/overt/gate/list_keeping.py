"""The rows of an imported list: its key, entries, images, templates, lookalikes and manifest."""

from collections.abc import Iterator
from dataclasses import dataclass

from overt.gate.staged_list import StagedEntry, StagedImage, StagedList
from overt.identifiers import ActorId, ModelId, WatchlistName
from overt.matches.lookalikes import Lookalikes
from overt.policy.profiles import governing
from overt.policy.retention import RecordKind, delete_after
from overt.policy.watchlists import is_under_age
from overt.records.columns import EntryState, Table
from overt.records.schema import (
    EntryRow,
    ImageRow,
    LookalikeRow,
    ManifestRow,
    TemplateRow,
    WatchlistRow,
)
from overt.records.vault import KeyKind
from overt.records.work import UnitOfWork
from overt.units import UtcTime


@dataclass(frozen=True, slots=True)
class KeptList:
    id: str
    name: WatchlistName
    profile: str | None
    model: ModelId


@dataclass(frozen=True, slots=True)
class ListKeeping:
    """Writes the rows of one list within one act."""

    work: UnitOfWork
    by: ActorId
    kept: KeptList
    staged: StagedList
    alike: tuple[Lookalikes, ...]
    line: int
    dies: UtcTime

    def keep(self) -> None:
        key = self.staged.key
        self.work.keep_data_key(key.id, KeyKind.WATCHLIST, self.staged.wrapped_key, self.line)
        self.work.keep(self._list())
        self.work.keep(*(self._entry(entry) for entry in self.staged.entries.values()))
        self.work.keep(*self._alike(), *self._manifest())
        batch: list[Table] = []
        for entry, position, image in self.staged.images():
            batch += self._image(entry, position, image)
            if len(batch) > 200:  # what is written need not stay in memory
                self._flush(batch)
        self._flush(batch)

    def _flush(self, batch: list[Table]) -> None:
        images = [row for row in batch if isinstance(row, ImageRow)]
        self.work.keep(*images)
        self.work.keep(*(row for row in batch if not isinstance(row, ImageRow)))
        for row in batch:
            self.work.session.expunge(row)
        batch.clear()

    def _list(self) -> WatchlistRow:
        return WatchlistRow(
            id=self.kept.id, name=self.kept.name, profile=self.kept.profile,
            digest=self.staged.digest(), imported_at=self.work.now,
            imported_by=self.by, data_key_id=self.staged.key.id,
            governed_by=governing(self.kept.profile),
            audit_id=self.line, delete_after=self.dies,
        )  # fmt: skip

    def _entry(self, entry: StagedEntry) -> EntryRow:
        return EntryRow(
            id=entry.id, watchlist_id=self.kept.id, subject_id=entry.row.subject_id,
            position=entry.position, category=entry.row.category, review_by=entry.row.review_by,
            state=EntryState.LISTED, sealed=self.staged.sealed_fields(entry),
            stood_down_at=None, stood_down_by=None, sealed_stand_down_reason=None,
            under_age=is_under_age(entry.row.date_of_birth, self.work.now.date()),
            sealed_rationale=None,
            audit_id=self.line, delete_after=self.dies,
        )  # fmt: skip

    def _image(self, entry: StagedEntry, position: int, image: StagedImage) -> Iterator[Table]:
        yield ImageRow(
            id=image.id, entry_id=entry.id, position=position, sha256=image.sha256,
            sealed=self.staged.sealed_image(image), face=image.face, quality=image.quality,
            audit_id=self.line, delete_after=self.dies,
        )  # fmt: skip
        yield TemplateRow(
            id=image.template_id, image_id=image.id, model=self.kept.model,
            sealed=image.sealed_template, audit_id=self.line, delete_after=self.dies,
        )  # fmt: skip

    def _alike(self) -> Iterator[Table]:
        return lookalike_rows(
            self.alike, self.kept.id, self.kept.model, line=self.line, dies=self.dies
        )

    def _manifest(self) -> Iterator[Table]:
        dies = delete_after(RecordKind.MANIFEST, self.kept.profile, self.work.now)
        for subject_id, entry in self.staged.entries.items():
            yield ManifestRow(
                watchlist_id=self.kept.id, subject_id=subject_id, name=self.kept.name,
                category=entry.row.category, imported_at=self.work.now,
                governed_by=governing(self.kept.profile), audit_id=self.line, delete_after=dies,
            )  # fmt: skip


def lookalike_rows(
    alike: tuple[Lookalikes, ...], list_id: str, model: ModelId, *, line: int, dies: UtcTime
) -> Iterator[LookalikeRow]:
    for pair in alike:
        first, second = sorted((pair.first, pair.second))
        yield LookalikeRow(
            watchlist_id=list_id, first=first, second=second, model=model,
            similarity=pair.similarity, audit_id=line, delete_after=dies,
        )  # fmt: skip
