"""LIST.csv: the rows of a watchlist as people write them, and what is wrong with each.

A file that is no such table is refused whole; a bad cell is a problem of its row, with column
and reason. Whether a row may be listed is for `policy`; whether its image will do, for the
import.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from overt.config.csv_records import csv_records
from overt.config.toml_table import CONTROL, finite
from overt.errors import Refused
from overt.identifiers import SubjectId

REQUIRED: Final = (
    "subject_id", "image", "category", "reason", "image_source", "legal_basis", "image_date",
    "review_by", "response_plan",
)  # fmt: skip
OPTIONAL: Final = ("date_of_birth", "status", "lookalikes", "face_box")
OF_NEED: Final = ("necessity", "less_intrusive")
"""Why this very person, and which lesser means would not do (R2): both columns or none. Without
them the deployment's own statement stands for every entry."""
NOTES: Final = ("row", "refused_because")
"""What the file of refused rows adds: it may be mended and imported as it is."""
LONGEST_CELL: Final = 8_000
SUBJECT: Final = re.compile(r"[^\W_][\w.:-]{0,63}")
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins so."""


@dataclass(frozen=True, slots=True)
class FaceBox:
    """Which face of the image is meant, in pixels of the upright image."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ListRow:
    number: int
    """As a spreadsheet counts: the header is row 1."""
    subject_id: SubjectId
    image: str
    category: str
    reason: str
    image_source: str
    legal_basis: str
    image_date: date
    review_by: date
    response_plan: str
    date_of_birth: date | None
    status: str
    lookalikes: tuple[str, ...]
    face_box: FaceBox | None
    necessity: str = ""
    less_intrusive: str = ""


@dataclass(frozen=True, slots=True)
class RowProblem:
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ListFile:
    columns: tuple[str, ...]
    rows: tuple[ListRow, ...]
    """Well-formed rows only."""
    problems: tuple[RowProblem, ...]
    cells: dict[int, tuple[str, ...]]
    """Every row as written, to write the refused ones back."""


def parse_list(content: bytes, *, file: str) -> ListFile:
    records = csv_records(content, file=file)
    columns = _columns(records[0] if records else [], file=file)
    rows, problems, cells = [], [], {}
    for number, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            continue  # a line left empty says nothing
        cells[number] = tuple(record)
        reader = _RowReader(number, dict(zip(columns, record, strict=False)), [])
        if len(record) != len(columns):
            reader.ragged(columns, record)
        elif (row := reader.row()) is not None:
            rows.append(row)
        problems.extend(reader.problems)
    if not cells:
        raise Refused(f"{file}: no rows below the header; a list has at least one person")
    return ListFile(columns, tuple(rows), tuple(problems), cells)


def _columns(header: Sequence[str], *, file: str) -> tuple[str, ...]:
    columns = tuple(name.strip() for name in header)
    known = {*REQUIRED, *OPTIONAL, *OF_NEED, *NOTES}
    faults = [f"column {name} is missing" for name in REQUIRED if name not in columns]
    if (alone := set(OF_NEED) & set(columns)) and len(alone) == 1:
        other = next(iter(set(OF_NEED) - alone))
        faults.append(f"column {other} is missing beside {alone.pop()}; give both or neither")
    if len(columns) == 1 and any(mark in columns[0] for mark in ";\t"):
        raise Refused(f"{file}: row 1: separated by semicolons or tabs; save it with commas")
    faults += [
        f"column {name[:60]!r} is unknown; take it out" for name in columns if name not in known
    ]
    faults += [
        f"column {name} stands twice; keep one" for name in sorted(known) if columns.count(name) > 1
    ]
    if faults:
        raise Refused("\n".join(f"{file}: row 1: {fault}" for fault in faults))
    return columns


@dataclass(slots=True)
class _RowReader:
    number: int
    cells: dict[str, str]
    problems: list[RowProblem]

    def ragged(self, columns: Sequence[str], record: Sequence[str]) -> None:
        """A row of another length than the header: no cell can be trusted to be its column's."""
        self._problem(
            columns[min(len(record), len(columns)) - 1],
            f"the row has {len(record)} cells, the header {len(columns)}; "
            "a comma in a text takes quotes around it",
        )

    def row(self) -> ListRow | None:
        subject_id = SubjectId(self._subject())
        image = self._image()
        texts = {
            name: self._text(name)
            for name in ("category", "reason", "image_source", "legal_basis", "response_plan")
        }
        need = {name: self._text(name) for name in OF_NEED if name in self.cells}
        image_date, review_by = self._day("image_date"), self._day("review_by")
        optional = (
            self._day("date_of_birth", required=False),
            self._text("status", required=False),
            tuple(
                part.strip()
                for part in self._text("lookalikes", required=False).split(";")
                if part.strip()
            ),
            self._face_box(),
        )
        if self.problems or image_date is None or review_by is None:
            return None
        born, status, lookalikes, face_box = optional
        return ListRow(
            number=self.number, subject_id=subject_id, image=image, image_date=image_date,
            review_by=review_by, date_of_birth=born, status=status, lookalikes=lookalikes,
            face_box=face_box, **texts, **need,
        )  # fmt: skip

    def _problem(self, column: str, reason: str) -> None:
        self.problems.append(RowProblem(self.number, column, reason))

    def _text(self, column: str, *, required: bool = True) -> str:
        value = self.cells.get(column, "").strip()
        if not value and required:
            self._problem(column, "blank; fill it in")
        elif len(value) > LONGEST_CELL:
            self._problem(column, f"{len(value)} characters; {LONGEST_CELL} at most")
        elif CONTROL.search(value):
            self._problem(column, "holds an invisible control character; take it out")
        return value

    def _subject(self) -> str:
        value = unicodedata.normalize("NFC", self._text("subject_id"))
        if value and not SUBJECT.fullmatch(value):
            self._problem(
                "subject_id",
                f"{value[:70]!r} is no id; take 1 to 64 letters, digits, dots, colons, dashes and "
                "underscores, and begin with a letter or digit",
            )
        return value

    def _image(self) -> str:
        value = self._text("image")
        absolute = PurePosixPath(value).is_absolute() or PureWindowsPath(value).anchor
        if absolute or ".." in re.split(r"[/\\]", value):
            self._problem("image", "leads out of the list's folder; keep images below it")
        elif len(value) > 1000:
            self._problem("image", "too long for a path")
        return value

    def _day(self, column: str, *, required: bool = True) -> date | None:
        value = self._text(column, required=required)
        if not value:
            return None
        try:
            if DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self._problem(column, f"{value[:40]!r} is no date; write it as 2026-11-30")
        return None

    def _face_box(self) -> FaceBox | None:
        value = self._text("face_box", required=False)
        if not value:
            return None
        box = face_box_in(value)
        if box is None:
            self._problem("face_box", f"{value[:40]!r} is no box; write x y width height in pixels")
        return box


def face_box_in(text: str) -> FaceBox | None:
    """Read `x y width height`; None for anything else."""
    numbers = [_number(part) for part in text.split()]
    whole = [number for number in numbers if number is not None]
    if len(numbers) != 4 or len(whole) != 4 or min(whole) < 0 or 0 in whole[2:]:
        return None
    return FaceBox(*whole)


def _number(text: str) -> float | None:
    try:
        return finite(float(text))
    except ValueError:
        return None


def refused_rows_csv(listed: ListFile, problems: Iterable[RowProblem]) -> str:
    """The refused rows as written, each with its reasons; no cell that a spreadsheet would run."""
    reasons: dict[int, list[str]] = {}
    for problem in problems:
        reasons.setdefault(problem.row, []).append(f"{problem.column}: {problem.reason}")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    keep = [i for i, name in enumerate(listed.columns) if name not in NOTES]
    writer.writerow([*NOTES, *(listed.columns[i] for i in keep)])
    for number in sorted(reasons):
        row = listed.cells.get(number, ())
        cells = [*(row[i] for i in keep if i < len(row)), *row[len(listed.columns) :]]
        writer.writerow([number, *map(neutral, ("; ".join(reasons[number]), *cells))])
    return out.getvalue()


def neutral(cell: str) -> str:
    """Put a quote before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


SameFor = Callable[[ListRow], object]

SUBJECT_FIELDS: Final[dict[str, SameFor]] = {
    "category": lambda row: row.category,
    "reason": lambda row: row.reason,
    "review_by": lambda row: row.review_by,
    "response_plan": lambda row: row.response_plan,
    "date_of_birth": lambda row: row.date_of_birth,
    "status": lambda row: row.status,
    "lookalikes": lambda row: row.lookalikes,
    "necessity": lambda row: row.necessity,
    "less_intrusive": lambda row: row.less_intrusive,
}
"""What several rows of one person must agree on; the rest belongs to the image."""
