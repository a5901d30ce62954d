"""docs/requirements.md claims nothing that no test shows: each row has its entry, each test exists."""

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
TABLE: Final = tomllib.loads((ROOT / "docs" / "requirements.toml").read_text(encoding="utf-8"))
PAGE: Final = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
ROWS: Final = tuple(f"R{number}" for number in range(1, 71))
SECTIONS: Final = {part.split("\n", 1)[0]: part for part in PAGE.split("\n## ")[1:]}
A_TEST: Final = re.compile(r"`(tests/\S+\.py)::(\w+)`")


def test_every_row_has_its_entry_in_the_table_and_on_the_page() -> None:
    assert tuple(TABLE) == ROWS
    assert tuple(SECTIONS) == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_an_entry_says_what_is_done_and_what_is_missing(row: str) -> None:
    told = TABLE[row]
    assert told["standing"] in {"done", "partly", "not done"}
    assert bool(told.get("lacks")) == (told["standing"] != "done")
    assert told["standing"] == "not done" or told["does"]


@pytest.mark.parametrize("row", ROWS)
def test_the_page_says_what_the_table_says(row: str) -> None:
    section, told = SECTIONS[row], TABLE[row]
    assert f"**{told['asks']}** {told['standing'].capitalize()}." in section
    assert told.get("does", "") in section
    assert told.get("lacks", "") in section


@pytest.mark.parametrize("row", ROWS)
def test_what_is_done_is_shown_by_tests_that_exist_and_bear_the_row(row: str) -> None:
    named = A_TEST.findall(SECTIONS[row])
    assert named or TABLE[row]["standing"] == "not done"
    for file, name in named:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {name}(" in source
        assert f'requirement("{row}")' in source


def test_no_test_bears_a_row_that_there_is_not() -> None:
    marked = {
        row
        for file in (ROOT / "tests").rglob("test_*.py")
        for row in re.findall(r'mark\.requirement\("(\w+)"\)', file.read_text(encoding="utf-8"))
    }
    assert marked <= set(ROWS)
