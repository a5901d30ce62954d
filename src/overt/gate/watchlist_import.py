"""Import of a watchlist: whole or not at all, or without its bad rows if that was asked.

The long work (images, templates, the list against itself) is done without the write lock; then
one short act keeps everything. Whoever imports is told every refused row; the log learns how
many there were.
"""

import os
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.config.list_csv import ListFile, ListRow, RowProblem, parse_list, refused_rows_csv
from overt.config.toml_table import NAME
from overt.errors import Refused
from overt.frames.stills import still_contents
from overt.gate.door import Door
from overt.gate.enrolment import Progress, enrolled_rows
from overt.gate.list_keeping import KeptList, ListKeeping
from overt.gate.staged_list import StagedList, staged_list
from overt.gate.watchlist_orders import ImportOrder, ImportReport, RowsRefused
from overt.identifiers import ModelId
from overt.matches.gallery import gallery_of
from overt.matches.lookalikes import Lookalikes, lookalikes
from overt.models.library import Pack, default_pack, find_pack, search_folders
from overt.policy.access import Actor, Permission
from overt.policy.profile import Profile
from overt.policy.profiles import governing, profile_named
from overt.policy.retention import RecordKind, delete_after
from overt.policy.watchlists import (
    adults_unproven,
    image_warning,
    lookalike_bound,
    row_problems,
    subject_problems,
)
from overt.records.home import unwritable
from overt.records.schema import WatchlistRow
from overt.records.work import Reading, UnitOfWork, fresh_id
from overt.templates.load import load_networks
from overt.units import Seconds, Similarity, UtcTime


def no_progress(done: int, of: int) -> None:
    """Tell nobody."""


NOT_YET: Final = ModelId("")
NO_TIME: Final = Seconds(0.0)


@dataclass(slots=True)
class _Made:
    """A list ready to be kept."""

    listed: ListFile
    good: list[ListRow]
    problems: list[RowProblem]
    pack: Pack
    staged: StagedList
    ignored: int = 0
    seconds: Seconds = NO_TIME
    """For the images alone, networks loaded."""
    model: ModelId = NOT_YET
    engine: str = ""
    alike: tuple[Lookalikes, ...] = ()


class WatchlistImportGate(Door):
    def import_watchlist(
        self, actor: Actor, order: ImportOrder, progress: Progress = no_progress
    ) -> ImportReport:
        """Import LIST.csv whole, or refuse it; with `skip_refused`, without its bad rows."""
        self._permit(actor, Permission.WATCHLIST_IMPORT)
        with self._telling_refusals(actor, Permission.WATCHLIST_IMPORT):
            made = self._made(order, progress)
        with made.staged.spool:
            dies = None if order.dry_run else self._keep_list(actor, order, made)
        return _report(order, made, dies, self._clock.now().date())

    def _made(self, order: ImportOrder, progress: Progress) -> _Made:
        profile = profile_named(order.profile) if order.profile else None
        self._require_free(order)
        listed = parse_list(still_contents(order.file, order.file.name), file=order.file.name)
        pack = _pack(order, profile)
        today = self._clock.now().date()
        problems = [*listed.problems, *subject_problems(listed.rows)]
        problems += [
            p for row in listed.rows for p in row_problems(row, profile=profile, today=today)
        ]
        _refuse_rows(order, listed, problems)
        bad = {problem.row for problem in problems}
        good = [row for row in listed.rows if row.number not in bad]
        made = _Made(listed, good, problems, pack, self._staged_list())
        try:
            self._enrol(made, order, progress)
            _refuse_rows(order, listed, made.problems)
        except OSError as error:
            made.staged.spool.close()
            raise unwritable(self._records.home.path, error) from error
        except BaseException:
            made.staged.spool.close()
            raise
        return made

    def _enrol(self, made: _Made, order: ImportOrder, progress: Progress) -> None:
        networks = load_networks(
            made.pack, precision=order.precision, threads=os.cpu_count() or 1, working_size=None
        )
        made.model, made.engine = networks.model, networks.engine
        began = self._clock.now()
        try:
            for each in enrolled_rows(made.good, order.file.parent, networks, progress):
                if isinstance(each, RowProblem):
                    made.problems.append(each)
                else:
                    made.ignored += each.enrolled.ignored
                    made.staged.add(each, made.model)
        finally:
            networks.scrub()
        made.seconds = Seconds((self._clock.now() - began).total_seconds())
        if made.staged.vectors:
            gallery = gallery_of(made.model, made.staged.owners, np.stack(made.staged.vectors))
            floor = Similarity(made.pack.manifest.threshold_floor)
            made.alike = lookalikes(gallery, lookalike_bound(floor))

    def _staged_list(self) -> StagedList:
        key, wrapped = self._records.vault.new_key()
        try:
            return staged_list(key, wrapped, self._records.home.path)
        except OSError as error:
            raise unwritable(self._records.home.path, error) from error

    def _require_free(self, order: ImportOrder) -> None:
        if not NAME.fullmatch(order.name):
            raise Refused(
                f"{order.name!r} is no name of a watchlist; take 1 to 64 of letters A-Z a-z, "
                "digits, dot, dash and underscore, and begin with a letter or digit"
            )
        with Reading(self._records) as reading:
            _refuse_taken(reading, order)

    def _keep_list(self, actor: Actor, order: ImportOrder, made: _Made) -> UtcTime:
        """The one act: key, list, entries, images, templates, lookalikes, manifest."""
        with self._as(actor, Permission.WATCHLIST_IMPORT) as work:
            _refuse_taken(work, order)
            line = work.audit(
                AuditEvent.WATCHLIST_IMPORTED,
                watchlist=order.name,
                digest=made.staged.digest(),
                people=len(made.staged.entries),
                images=len(made.staged.owners),
                refused=len({problem.row for problem in made.problems}),
                model=made.model,
                lookalikes=len(made.alike),
                necessity_stated=sum(bool(e.row.necessity) for e in made.staged.entries.values()),
                profile=governing(order.profile),
            )
            dies = delete_after(RecordKind.WATCHLIST, order.profile, work.now)
            kept = KeptList(fresh_id(), order.name, order.profile, made.model)
            ListKeeping(work, actor.id, kept, made.staged, made.alike, line, dies).keep()
        return dies


def _refuse_taken(reading: Reading | UnitOfWork, order: ImportOrder) -> None:
    taken = select(WatchlistRow.id).where(WatchlistRow.name == order.name)
    if reading.session.scalar(taken) is not None:
        raise Refused(
            f"there is a watchlist {order.name}; take another name, "
            f"or delete it first: overt watchlist delete {order.name}"
        )


def _refuse_rows(order: ImportOrder, listed: ListFile, problems: list[RowProblem]) -> None:
    """Refuse the list if a row is bad; if bad rows may be skipped, only if all are."""
    bad = {problem.row for problem in problems}
    if bad and (not order.skip_refused or len(bad) == len(listed.cells)):
        ordered = tuple(sorted(problems, key=lambda problem: problem.row))
        raise RowsRefused(order.file.name, ordered, len(listed.cells))


def _pack(order: ImportOrder, profile: Profile | None) -> Pack:
    use = profile.use if profile else None
    if order.pack is None:
        return default_pack(search=search_folders(), use=use)
    return find_pack(order.pack, search=search_folders(), use=use)


def _report(order: ImportOrder, made: _Made, dies: UtcTime | None, today: date) -> ImportReport:
    problems = tuple(sorted(made.problems, key=lambda problem: problem.row))
    kept = [image.row for _, _, image in made.staged.images()]
    warnings = (image_warning(row, today) for row in kept)
    return ImportReport(
        name=order.name, digest=made.staged.digest(), people=len(made.staged.entries),
        images=len(kept), refused=problems,
        refused_csv=refused_rows_csv(made.listed, problems) if problems else "",
        warnings=tuple(warning for warning in warnings if warning), ignored_faces=made.ignored, without_birth_date=adults_unproven(kept),
        lookalikes=made.alike, model=made.model, pack=made.pack.manifest.name,
        engine=made.engine, seconds=made.seconds, kept=dies is not None, delete_after=dies,
    )  # fmt: skip
