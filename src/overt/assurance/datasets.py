"""What an assessor brings: two CSV files of labelled stills, read strictly.

Columns `subject_id` and `image`, optional `face_box`; every other column is a group that people
declared of themselves. A file that cannot be trusted is refused whole, each fault by row and
column. Whether an image shows a face is measured, not required.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from overt.config.csv_records import csv_records
from overt.config.list_csv import FaceBox, RowProblem, face_box_in
from overt.config.toml_table import CONTROL
from overt.errors import Refused
from overt.frames.stills import still_contents
from overt.identifiers import SubjectId

REQUIRED: Final = ("subject_id", "image")
FACE_BOX: Final = "face_box"
LONGEST_CELL: Final = 200
MOST_VALUES: Final = 20
"""A column with more is a note, a name or a number, not a group; the report says that it was
set aside."""
MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class StillRow:
    number: int
    """As a spreadsheet counts: the header is row 1."""
    subject_id: SubjectId
    image: str
    face_box: FaceBox | None
    groups: tuple[str, ...]
    """In the order of the set's group columns; "" where it is not stated."""


@dataclass(frozen=True, slots=True)
class StillSet:
    """One CSV file of stills."""

    path: Path
    group_columns: tuple[str, ...]
    set_aside: tuple[str, ...]
    """Columns that are no groups: too many different values."""
    rows: tuple[StillRow, ...]

    @property
    def folder(self) -> Path:
        return self.path.absolute().parent

    @property
    def subjects(self) -> tuple[SubjectId, ...]:
        """Everybody, in the order of the file."""
        return tuple(dict.fromkeys(row.subject_id for row in self.rows))


def read_still_set(path: Path) -> StillSet:
    """Read the file, or refuse it with every fault it has."""
    return parse_still_set(still_contents(path, str(path)), path=path)


def parse_still_set(content: bytes, *, path: Path) -> StillSet:
    file = path.name
    header, *records = csv_records(content, file=file) or [[]]
    columns = _columns(header, file=file)
    problems: list[RowProblem] = []
    rows = list(_rows(columns, records, problems))
    problems += _twice(rows)
    if problems:
        raise refusal_of(file, problems)
    if not rows:
        raise Refused(f"{file}: row 2: there is none; write one row for each image")
    return _with_groups(path, columns, rows)


def refusal_of(file: str, problems: Sequence[RowProblem]) -> Refused:
    ordered = sorted(problems, key=lambda problem: (problem.row, problem.column))
    lines = [f"{file}: {problem}" for problem in ordered[:MOST_TOLD]]
    if len(ordered) > MOST_TOLD:
        lines.append(f"{file}: and {len(ordered) - MOST_TOLD} more")
    return Refused("\n".join(lines))


def _columns(header: Sequence[str], *, file: str) -> tuple[str, ...]:
    columns = tuple(name.strip() for name in header)
    if len(columns) == 1 and any(mark in columns[0] for mark in ";\t"):
        raise Refused(f"{file}: row 1: separated by semicolons or tabs; save it with commas")
    faults = [f"column {name} is missing" for name in REQUIRED if name not in columns]
    faults += [f"column {i} has no name" for i, name in enumerate(columns, 1) if not name]
    faults += [
        f"column {name[:60]!r} stands {count} times; keep one"
        for name, count in Counter(columns).items()
        if name and count > 1
    ]
    faults += [
        f"column {name[:60]!r} holds a control character"
        for name in columns
        if CONTROL.search(name)
    ]
    if faults:
        raise Refused("\n".join(f"{file}: row 1: {fault}" for fault in faults))
    return columns


def _rows(
    columns: tuple[str, ...], records: Sequence[Sequence[str]], problems: list[RowProblem]
) -> Iterator[StillRow]:
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue  # a line left empty says nothing
        faults = list(_faults(columns, record))
        problems += [RowProblem(number, column, reason) for column, reason in faults]
        if not faults:
            cells = dict(zip(columns, (cell.strip() for cell in record), strict=True))
            box = cells.get(FACE_BOX, "")
            yield StillRow(
                number=number,
                subject_id=SubjectId(unicodedata.normalize("NFC", cells["subject_id"])),
                image=cells["image"],
                face_box=face_box_in(box) if box else None,
                groups=tuple(cells[name] for name in _others(columns)),
            )


def _faults(columns: tuple[str, ...], record: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(record) != len(columns):
        # No cell can be trusted to be its column's.
        counts = f"the row has {len(record)} cells, the header {len(columns)}"
        last = columns[min(len(record), len(columns)) - 1]
        yield last, f"{counts}; a comma in a text takes quotes around it"
        return
    for column, cell in zip(columns, record, strict=True):
        value = cell.strip()
        if CONTROL.search(value):
            yield column, "holds an invisible control character; take it out"
        elif column in REQUIRED and not value:
            yield column, "blank; fill it in"
        elif column == "image":
            yield from ((column, fault) for fault in _path_faults(value))
        elif len(value) > LONGEST_CELL:
            yield column, f"{len(value)} characters; {LONGEST_CELL} at most"
        elif column == FACE_BOX and value and face_box_in(value) is None:
            yield column, f"{value[:40]!r} is no box; write x y width height in pixels"


def _path_faults(value: str) -> Iterator[str]:
    absolute = PurePosixPath(value).is_absolute() or PureWindowsPath(value).anchor
    if absolute or ".." in re.split(r"[/\\]", value):
        yield "leads out of the folder of the CSV file; keep images below it"
    elif len(value) > 1000:
        yield "too long for a path"


def _others(columns: Sequence[str]) -> list[str]:
    return [name for name in columns if name not in (*REQUIRED, FACE_BOX)]


def _twice(rows: Sequence[StillRow]) -> Iterator[RowProblem]:
    seen: dict[tuple[str, str, FaceBox | None], int] = {}
    for row in rows:
        before = seen.setdefault((row.subject_id, row.image, row.face_box), row.number)
        if before != row.number:
            yield RowProblem(row.number, "image", f"the same as row {before}; keep one")


def _with_groups(path: Path, columns: tuple[str, ...], rows: list[StillRow]) -> StillSet:
    others = _others(columns)
    kept = [
        i
        for i in range(len(others))
        if len({row.groups[i] for row in rows if row.groups[i]}) <= MOST_VALUES
    ]
    return StillSet(
        path=path,
        group_columns=tuple(others[i] for i in kept),
        set_aside=tuple(name for i, name in enumerate(others) if i not in kept),
        rows=tuple(
            StillRow(
                number=row.number,
                subject_id=row.subject_id,
                image=row.image,
                face_box=row.face_box,
                groups=tuple(row.groups[i] for i in kept),
            )
            for row in rows
        ),
    )
