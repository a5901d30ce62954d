from pathlib import Path
from typing import Any

import pytest
from benchmarks.cameras import LiveClip
from benchmarks.judge import ClipTruth, TruePassage
from benchmarks.passed import Passed
from benchmarks.scene import Scene
from benchmarks.streams import Trial, in_window, missed, seen_of, told_by

CLIP = ClipTruth(
    Path("a.mp4"), Path("list.csv"), (TruePassage("anna", 1.0, 3.0), TruePassage(None, 8.0, 10.0))
)
LIVE = LiveClip("rtsp://127.0.0.1:1/stream", began=1000.0, seconds=10.0)
FIFTY = Trial(Scene(720, 25, 20.0, 2.0, 25, seed=1), 4, 500.0, 5, passages_a_second=50.0)
MET: dict[str, Any] = {
    "passages_per_s": 49.0, "latency_ms_of_summary": {"p95": 420.0}, "fewest_looks": 5,
    "share_with_enough_looks": 1.0,
}  # fmt: skip


def test_a_clip_that_loops_shows_its_passages_again_and_again() -> None:
    shown = in_window(CLIP, LIVE, 1005.0, 1025.0)
    assert [(p.subject_id, p.start, p.end) for p in shown.passages] == [
        (None, 1008.0, 1010.0), ("anna", 1011.0, 1013.0), (None, 1018.0, 1020.0),
        ("anna", 1021.0, 1023.0),
    ]  # fmt: skip


def test_alerts_of_other_cameras_are_theirs() -> None:
    alert = {
        "event": "alert", "camera": "c1", "subject_id": "anna",
        "captured_at": "2026-11-23T10:00:00.000Z", "raised_at": "2026-11-23T10:00:00.250Z",
    }  # fmt: skip
    (told,) = told_by([alert, {**alert, "camera": "c2"}, {"event": "stats"}], "c1")
    assert told.after - told.at == pytest.approx(0.25)


def test_one_passage_with_few_looks_is_told_however_many_the_others_have() -> None:
    told = seen_of(FIFTY, [Passed(500, 9)] * 99 + [Passed(1, 1)])
    assert (told["fewest_looks"], told["share_with_enough_looks"]) == (1, 0.99)
    assert told["passages_per_s"] == 49.5


def test_no_more_passages_a_second_are_compared_than_pass() -> None:
    assert seen_of(FIFTY, [Passed(500, 90)] * 100)["passages_per_s"] == 50.0
    assert seen_of(FIFTY, [])["passages_per_s"] == 0.0


def test_targets_that_are_met_are_not_missed() -> None:
    assert list(missed(FIFTY, MET)) == []


@pytest.mark.parametrize(
    "worse",
    [
        {"passages_per_s": 40.0},
        {"latency_ms_of_summary": {"p95": 501.0}},
        {"latency_ms_of_summary": {"p95": None}},
        {"fewest_looks": 4, "share_with_enough_looks": 0.99},
    ],
)
def test_each_target_that_is_missed_is_told(worse: dict[str, Any]) -> None:
    assert len(list(missed(FIFTY, {**MET, **worse}))) == 1
