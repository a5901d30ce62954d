"""A list is read strictly; a bad cell is named by row and column."""

import csv
import io

import pytest
from tests.fakes.lists import list_csv, row

from overt.config.list_csv import (
    OF_NEED,
    OPTIONAL,
    REQUIRED,
    FaceBox,
    RowProblem,
    neutral,
    parse_list,
    refused_rows_csv,
)
from overt.errors import Refused


def problems(*rows: dict[str, str]) -> list[str]:
    return [str(problem) for problem in parse_list(list_csv(*rows), file="l.csv").problems]


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        parse_list(content, file="l.csv")
    return str(refused.value)


def test_a_row_is_read_into_a_frozen_value() -> None:
    listed = parse_list(
        list_csv(row(face_box="10 20 30 40", lookalikes="S2; twin brother ", status="missing")),
        file="l.csv",
    )
    (read,) = listed.rows
    assert read.number == 2
    assert read.subject_id == "S1"
    assert read.face_box == FaceBox(10, 20, 30, 40)
    assert read.lookalikes == ("S2", "twin brother")
    assert read.date_of_birth is None


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("column", REQUIRED)
def test_a_mandatory_cell_left_blank_is_named(column: str) -> None:
    (problem,) = problems(row(**{column: " "}))
    assert problem.startswith(f"row 2, column {column}: blank")


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("subject_id", "=1+1", "is no id"),
        ("subject_id", "@S", "is no id"),
        ("subject_id", "-S", "is no id"),
        ("subject_id", "a/b", "is no id"),
        ("subject_id", "x" * 65, "is no id"),
        ("image", "/etc/passwd", "leads out of the list's folder"),
        ("image", "../a.jpg", "leads out of the list's folder"),
        ("image", "a/../../b.jpg", "leads out of the list's folder"),
        ("image", "C:\\a.jpg", "leads out of the list's folder"),
        ("image", "a\\..\\b.jpg", "leads out of the list's folder"),
        ("image_date", "30/11/2026", "is no date"),
        ("image_date", "2026-02-30", "is no date"),
        ("review_by", "20270101", "is no date"),
        ("date_of_birth", "young", "is no date"),
        ("face_box", "1 2 3", "is no box"),
        ("face_box", "1 2 0 4", "is no box"),
        ("face_box", "1 2 nan 4", "is no box"),
        ("face_box", "-1 2 3 4", "is no box"),
        ("reason", "a\x07b", "invisible control character"),
        ("reason", "x" * 8001, "8000 at most"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(column: str, cell: str, said: str) -> None:
    (problem,) = problems(row(**{column: cell}))
    assert problem.startswith(f"row 2, column {column}: ")
    assert said in problem


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    content = list_csv(row()) + b"\r\n" + list_csv(row(category="")).split(b"\r\n")[1] + b"\r\n"
    (problem,) = parse_list(content, file="l.csv").problems
    assert problem.row == 4


def test_a_ragged_row_is_refused_without_reading_its_cells() -> None:
    content = list_csv(row()).rstrip(b"\r\n") + b",one too many\r\n"
    (problem,) = parse_list(content, file="l.csv").problems
    assert "cells, the header" in problem.reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "column subject_id is missing"),
        (b"subject_id,image\nS1,a.jpg\n", "column category is missing"),
        (b"\xff\xfes\x00u\x00", "UTF-16"),
        (list_csv(row(reason="caf\u00e9")).decode().encode("latin-1"), "byte 0xe9 is not UTF-8"),
        (list_csv(row()) + b"S2,\0\n", "line 3: a NUL character"),
        (",".join([*REQUIRED, "image"]).encode(), "column image stands twice"),
        (",".join([*REQUIRED, "notes"]).encode(), "column 'notes' is unknown"),
        (";".join(REQUIRED).encode(), "separated by semicolons"),
        (",".join(REQUIRED).encode(), "no rows below the header"),
        (list_csv(row()) + b'"S2,open quote', "not CSV"),
        (list_csv(row()) + b"S2," + b"x" * 200_000, "not CSV: field larger than field limit"),
        (b"a" * 64_000_001, "a list of at most"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_every_missing_column_has_a_line() -> None:
    assert len(refusal(b"subject_id\nS1\n").splitlines()) == len(REQUIRED) - 1


def test_a_byte_order_mark_is_no_fault() -> None:
    assert len(parse_list(b"\xef\xbb\xbf" + list_csv(row()), file="l.csv").rows) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1"])
def test_a_formula_in_the_refusal_file_is_disarmed(cell: str) -> None:
    assert neutral(cell).startswith("'")


def test_refused_rows_come_back_with_their_reasons_and_can_be_mended() -> None:
    listed = parse_list(list_csv(row(), row(subject_id="=cmd()", reason="=2+2")), file="l.csv")
    text = refused_rows_csv(listed, [*listed.problems, RowProblem(3, "image", "blurred")])
    (refused,) = list(csv.DictReader(io.StringIO(text)))
    assert refused["row"] == "3"
    assert refused["refused_because"].endswith("image: blurred")
    assert refused["subject_id"] == "'=cmd()"
    assert refused["reason"] == "'=2+2"
    mended = text.replace("'=cmd()", "S2").encode()
    assert [r.subject_id for r in parse_list(mended, file="m.csv").rows] == ["S2"]


def test_optional_columns_may_be_left_out() -> None:
    content = list_csv(row(), columns=REQUIRED)
    assert not any(name.encode() in content.split(b"\r\n")[0] for name in OPTIONAL)
    assert len(parse_list(content, file="l.csv").rows) == 1


@pytest.mark.requirement("R2")
def test_an_entry_may_state_its_own_necessity_and_then_no_cell_is_blank() -> None:
    columns = (*REQUIRED, *OF_NEED)
    stated = row(necessity="three sightings here in a week", less_intrusive="patrols did not do")
    (read,) = parse_list(list_csv(stated, columns=columns), file="list.csv").rows
    assert read.necessity == "three sightings here in a week"
    blank = list_csv(stated, row(subject_id="S2", necessity="so that"), columns=columns)
    (problem,) = parse_list(blank, file="list.csv").problems
    assert (problem.row, problem.column) == (3, "less_intrusive")
    with pytest.raises(Refused, match="column less_intrusive is missing beside necessity"):
        parse_list(list_csv(row(necessity="x"), columns=(*REQUIRED, "necessity")), file="x")
