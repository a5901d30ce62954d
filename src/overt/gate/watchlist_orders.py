"""What is asked of the gate about watchlists, and what it answers."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from overt.config.list_csv import RowProblem
from overt.errors import Refused
from overt.identifiers import Digest, ModelId, SubjectId, WatchlistName
from overt.matches.lookalikes import Lookalikes
from overt.units import Seconds, UtcTime


@dataclass(frozen=True, slots=True)
class ImportOrder:
    file: Path
    name: WatchlistName
    profile: str | None = None
    """None: any profile's category is accepted, and the deployment's decides later."""
    pack: str | None = None
    """None: open if found, else dlib."""
    precision: str = "f32"
    dry_run: bool = False
    skip_refused: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    name: WatchlistName
    digest: Digest
    people: int
    images: int
    refused: tuple[RowProblem, ...]
    refused_csv: str
    """The refused rows with their reasons; empty if there are none."""
    warnings: tuple[str, ...]
    ignored_faces: int
    without_birth_date: int
    lookalikes: tuple[Lookalikes, ...]
    model: ModelId
    pack: str
    engine: str
    seconds: Seconds
    kept: bool
    """False after a dry run."""
    delete_after: UtcTime | None

    @property
    def images_per_second(self) -> float:
        return (self.images + len(self.refused)) / max(self.seconds, 1e-9)


class RowsRefused(Refused):
    """Rows of a list were refused and the list with them; the log tells how many, not which."""

    def __init__(self, file: str, problems: tuple[RowProblem, ...], rows: int) -> None:
        self.problems = problems
        self.brief = (
            f"{file}: {len({p.row for p in problems})} of {rows} rows refused; nothing was imported"
        )
        lines = [f"{file}: {problem}" for problem in problems]
        super().__init__("\n".join([self.brief, *lines]))

    @property
    def for_the_log(self) -> str:
        return self.brief


@dataclass(frozen=True, slots=True)
class WatchlistLine:
    """One list among others."""

    name: WatchlistName
    people: int
    stood_down: int
    unchecked: int
    """Of the people, those whom no second person has checked (R15)."""
    under_age: int
    """Of the people, counted apart (R19)."""
    images: int
    profile: str | None
    digest: Digest
    imported_at: UtcTime
    imported_by: str
    delete_after: UtcTime


@dataclass(frozen=True, slots=True)
class EntryLine:
    subject_id: SubjectId
    category: str
    status: str
    reason: str
    response_plan: str
    necessity: str
    """Blank: the deployment's own statement stands for the entry (R2)."""
    less_intrusive: str
    review_by: date
    images: int
    stood_down: bool
    restricted: bool
    """Kept and not used: looked for on no list (R69)."""
    checked: bool
    approved: bool
    """Where it takes an approval: whether there is one."""
    under_age: bool
    lookalikes: tuple[str, ...]
    """Who on the list resembles them by measurement, and whom the list's maker named."""


@dataclass(frozen=True, slots=True)
class WatchlistView:
    line: WatchlistLine
    entries: tuple[EntryLine, ...]
