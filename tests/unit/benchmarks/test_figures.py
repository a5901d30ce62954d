from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.figures import (
    Figure,
    figure,
    latencies,
    lost,
    once,
    percentiles,
    ratios,
    shown_part,
    with_live,
)
from benchmarks.judge import ClipAlert, ClipTruth, TruePassage
from benchmarks.program import Told, Watched

TRUTH = ClipTruth(
    Path("a.mp4"),
    Path("list.csv"),
    (
        TruePassage("anna", 0.0, 2.0),
        TruePassage(None, 1.0, 3.0),
        TruePassage("ben", 2.0, 4.0),
    ),
)
RUN = Watched(frames=100, seconds=10.0, cpu_seconds=2.0, told=[Told(1.0, "anna", 1.4)])


def found(program: str, *speeds: float, right: int = 1, clip: str = "1080p-20") -> Figure:
    runs = [replace(RUN, seconds=100 / speed) for speed in speeds]
    return replace(figure(clip, program, "f32", TRUTH, runs), right=right)


def test_a_figure_is_the_median_of_its_rounds() -> None:
    one = found("overt", 10.0, 50.0, 20.0)
    assert (one.fps, one.fps_each, one.repeats) == (20.0, (10.0, 50.0, 20.0), 3)
    assert one.cpu_ms_per_frame == 20.0


def test_who_was_named_for_the_right_person_and_who_was_not_there_is_counted() -> None:
    told = [Told(1.0, "anna", 1.0), Told(2.5, "cara", 2.5)]
    one = figure("1080p-20", "overt", "f32", TRUTH, [replace(RUN, told=told)])
    assert (one.listed, one.right, one.wrong) == (2, 1, 1)


def test_a_program_that_stopped_early_answers_for_the_passages_it_saw_to_the_end() -> None:
    assert [p.subject_id for p in shown_part(TRUTH, 3.0).passages] == ["anna", None]


def test_being_named_frame_after_frame_is_one_alert() -> None:
    told = [Told(at, "anna", at) for at in (1.0, 1.04, 1.9, 4.0)]
    assert once(told) == [ClipAlert(1.0, "anna"), ClipAlert(4.0, "anna")]


def test_latency_runs_from_the_start_of_the_passage_to_its_first_alert() -> None:
    told = [Told(2.5, "ben", 2.8), Told(1.0, "anna", 1.4), Told(1.1, "anna", 1.2)]
    assert [round(seconds, 3) for seconds in latencies(TRUTH, told)] == [1.2, 0.8]


def test_a_live_run_gives_latency_and_dropped_frames() -> None:
    one = with_live(found("overt", 10.0), TRUTH, replace(RUN, dropped=50))
    assert one.latency_ms == {"p50": 1400.0, "p95": 1400.0, "p99": 1400.0}
    assert (one.live_dropped, one.live_frames) == (50, 150)


def test_latency_is_unknown_where_nobody_was_alerted() -> None:
    one = with_live(found("overt", 10.0), TRUTH, replace(RUN, told=[]))
    assert one.latency_ms == {"p50": None, "p95": None, "p99": None}


@pytest.mark.parametrize(
    ("many", "ranks"), [(1, (1, 1, 1)), (2, (1, 2, 2)), (20, (10, 19, 20)), (100, (50, 95, 99))]
)
def test_a_percentile_is_the_value_at_its_nearest_rank(many: int, ranks: tuple[int, ...]) -> None:
    seconds = [rank / 1000 for rank in range(many, 0, -1)]
    assert tuple(percentiles(seconds).values()) == ranks


def test_ratios_are_overts_over_each_peers_and_the_floors_over_overts() -> None:
    figures = [found("overt", 40.0), found("plain_loop", 10.0), found("floor", 50.0)]
    assert ratios(figures) == {
        "plain_loop": 4.0, "face_recognition": None, "deepface": None, "floor": 1.25
    }  # fmt: skip


def test_a_ratio_is_the_median_of_the_rounds_which_share_the_machines_load() -> None:
    # In the second round everything is four times slower.
    figures = [found("overt", 40.0, 10.0, 40.0), found("plain_loop", 10.0, 2.5, 8.0)]
    assert ratios(figures)["plain_loop"] == 4.0


def test_ratios_are_those_of_the_headline_clip() -> None:
    figures = [found("overt", 40.0, clip="720p-5"), found("plain_loop", 10.0, clip="720p-5")]
    assert set(ratios(figures).values()) == {None}


def test_finding_fewer_listed_passages_than_the_plain_loop_is_a_loss() -> None:
    equal = [found("overt", 40.0, right=2), found("plain_loop", 10.0, right=2)]
    fewer = [found("overt", 40.0, right=1), found("plain_loop", 10.0, right=2)]
    assert lost(equal) == []
    assert lost(fewer) == ["f32: overt found 1 of 2 listed passages, the plain loop 2"]


def test_what_one_clip_loses_another_may_make_up_for() -> None:
    """A passage or two of a clip lie at the threshold itself; over all of them it is no chance."""
    level = [
        found("overt", 40.0, right=1), found("plain_loop", 10.0, right=2),
        found("overt", 40.0, right=2, clip="720p-20"),
        found("plain_loop", 10.0, right=1, clip="720p-20"),
    ]  # fmt: skip
    fewer = [
        *level,
        found("overt", 40.0, right=0, clip="720p-5"),
        found("plain_loop", 10.0, right=1, clip="720p-5"),
    ]
    assert lost(level) == []
    assert lost(fewer) == ["f32: overt found 3 of 6 listed passages, the plain loop 4"]
