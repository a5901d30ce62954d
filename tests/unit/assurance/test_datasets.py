"""The files of an assessor are read strictly; whatever is wrong is named by row and column."""

from pathlib import Path

import pytest

from overt.assurance.datasets import StillSet, parse_still_set
from overt.config.list_csv import FaceBox
from overt.errors import Refused

GOOD = "subject_id,image,sex\nS1,a.jpg,f\nS2,b.jpg,m\n"


def parsed(text: str | bytes) -> StillSet:
    content = text if isinstance(text, bytes) else text.encode()
    return parse_still_set(content, path=Path("p.csv"))


def test_rows_groups_and_boxes_are_read() -> None:
    stills = parsed("subject_id,image,sex,face_box\nS1,a.jpg,f,1 2 3 4\nS2,b/c.jpg,,\n")
    assert stills.subjects == ("S1", "S2")
    assert stills.group_columns == ("sex",)
    assert [row.groups for row in stills.rows] == [("f",), ("",)]
    assert stills.rows[0].face_box == FaceBox(1, 2, 3, 4)
    assert [row.number for row in stills.rows] == [2, 3]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\n\n").encode(),
        GOOD.replace("a.jpg", '"a.jpg"').encode(),
    ],
    ids=["byte order mark", "CRLF", "empty lines", "quotes"],
)
def test_what_spreadsheets_write_is_read(content: bytes) -> None:
    assert [row.image for row in parsed(content).rows] == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "row 1: column subject_id is missing"),
        ("subject_id,sex\nS1,f\n", "row 1: column image is missing"),
        ("subject_id;image\nS1;a.jpg\n", "separated by semicolons"),
        ("subject_id,image,image\nS1,a,b\n", "column 'image' stands 2 times"),
        ("subject_id,image\n", "row 2: there is none"),
        ("subject_id,image\n,a.jpg\n", "row 2, column subject_id: blank"),
        ("subject_id,image\nS1,\n", "row 2, column image: blank"),
        ("subject_id,image\nS1,a.jpg,x\n", "row 2, column image: the row has 3 cells"),
        ("subject_id,image\nS1,/etc/passwd\n", "row 2, column image: leads out of the folder"),
        ("subject_id,image\nS1,../a.jpg\n", "row 2, column image: leads out of the folder"),
        ("subject_id,image\nS1,a.jpg\nS1,a.jpg\n", "row 3, column image: the same as row 2"),
        ("subject_id,image,face_box\nS1,a.jpg,1 2\n", "row 2, column face_box: '1 2' is no box"),
        ("subject_id,image\nS\u202e1,a.jpg\n", "row 2, column subject_id: holds an invisible"),
        (b"subject_id,image\nS1,\xff.jpg\n", "line 2: byte 0xff is not UTF-8"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str | bytes, said: str) -> None:
    with pytest.raises(Refused, match=r"^p\.csv: ") as refused:
        parsed(text)
    assert said in str(refused.value)


def test_every_fault_is_told_at_once_and_a_flood_is_cut() -> None:
    with pytest.raises(Refused) as refused:
        parsed("subject_id,image\n" + "S1,\n" * 50)
    lines = str(refused.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "p.csv: and 30 more"


def test_a_column_of_many_values_is_no_group_and_is_told() -> None:
    rows = "".join(f"S{i},a{i}.jpg,{i},{i % 3}\n" for i in range(30))
    stills = parsed("subject_id,image,age,band\n" + rows)
    assert stills.group_columns == ("band",)
    assert stills.set_aside == ("age",)
    assert stills.rows[4].groups == ("1",)
