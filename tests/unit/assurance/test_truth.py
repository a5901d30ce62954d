"""TRUTH.json is read strictly, and its faults are named by their place."""

import json
from pathlib import Path
from typing import Any

import pytest

from overt.assurance.truth import read_truth
from overt.errors import Refused

PASSAGE = {"subject_id": "S1", "from": 1.0, "to": 4.0, "camera": "north", "groups": {"age": "40"}}


def written(folder: Path, value: Any) -> Path:
    (folder / "a.mp4").touch()
    (folder / "list.csv").touch()
    path = folder / "TRUTH.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def one(**changes: Any) -> dict[str, Any]:
    passage = {key: value for key, value in {**PASSAGE, **changes}.items() if value != "absent"}
    return {"clips": [{"video": "a.mp4", "watchlist": "list.csv", "passages": [passage]}]}


def test_a_truth_is_read(tmp_path: Path) -> None:
    (clip,) = read_truth(written(tmp_path, one()))
    assert clip.video == tmp_path / "a.mp4"
    (passage,) = clip.passages
    assert (passage.subject_id, passage.start, passage.end) == ("S1", 1.0, 4.0)
    assert passage.groups == {"age": "40"}


def test_somebody_on_no_list_has_no_name(tmp_path: Path) -> None:
    (clip,) = read_truth(written(tmp_path, one(subject_id=None, camera="absent", groups="absent")))
    assert clip.passages[0].subject_id is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{", "not JSON"),
        ("[]", "no table"),
        ({"clips": []}, "TRUTH.json clips: missing or empty"),
        (one(**{"from": 5.0}), "clips 1 passages 1: to, 4, is not after from, 5"),
        (one(**{"from": "1"}), "clips 1 passages 1 from: no time"),
        (one(to=float("inf")), "clips 1 passages 1 to: no time"),
        (one(subject_id="absent"), "subject_id is missing"),
        (one(subject_id=7), "subject_id: neither text nor null"),
        (one(groups={"age": 40}), "groups age: no text"),
        (one(colour="red"), "'colour' is unknown"),
        ({"clips": [{**one()["clips"][0], "video": "b.mp4"}]}, "b.mp4 does not exist"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, value: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_truth(written(tmp_path, value))
    assert said in str(refused.value)
