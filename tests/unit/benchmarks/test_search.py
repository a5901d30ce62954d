import json
from pathlib import Path

import pytest
from benchmarks import search

from overt.identifiers import SubjectId
from overt.matches.match import Match
from overt.units import Similarity

SMALL = ["--sizes", "300", "--dimensions", "16", "--threads", "1", "--read-megabytes", "1"]


def test_every_cell_is_measured_and_held_against_the_exhaustive_answer(tmp_path: Path) -> None:
    assert search.main([*SMALL, "--json", str(tmp_path / "search.json")]) == 0

    report = json.loads((tmp_path / "search.json").read_text())
    assert [cell["queries"] for cell in report["cells"]] == [1, 8, 32]
    assert all(cell["equal"] and cell["overt_ms"] > 0 for cell in report["cells"])
    assert report["upkeep"][0]["bytes_each_float32"] == 64


@pytest.mark.parametrize(
    ("subject", "best", "second", "agrees"),
    [
        ("p3", 0.9, 0.5, True),
        ("p4", 0.9, 0.5, False),
        ("p3", 0.8, 0.5, False),
        ("p3", 0.9, 0.6, False),
    ],
)
def test_a_wrong_name_or_score_does_not_pass_as_equal(
    subject: str, best: float, second: float, agrees: bool
) -> None:
    match = Match(SubjectId(subject), Similarity(best), 0, SubjectId("p9"), Similarity(second))

    assert search._agree(match, (3, 0.9, 0.5)) is agrees
