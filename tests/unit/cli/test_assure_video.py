"""`overt assure video`: recordings are watched by the live rule, and passages are counted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.authority import PACK, models_folder
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.films import film
from tests.fakes.still_sets import portrait, write_set

from overt.assurance.measured_watch import rules_at, shot_rules_at
from overt.assurance.passages import retold
from overt.assurance.rescore import rescored
from overt.assurance.truth import read_truth
from overt.assurance.video import Watcher
from overt.identifiers import PackName
from overt.models.library import find_pack
from overt.templates.load import load_networks
from overt.units import Clock, Pixels, Similarity

Video = Callable[..., Answer]


@pytest.fixture
def video(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Video:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    line = CommandLine(monkeypatch, capsys)
    return lambda truth, out, *more: line.run(
        "assure", "video", "--truth", truth, "--out", out, "--pack", PACK, *more
    )


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """A listed person, a stranger, and a listed person who never came."""
    for person in (1, 2, 3):
        (tmp_path / f"p{person}.png").write_bytes(portrait(person, 0))
    write_set(
        tmp_path / "list.csv",
        [{"subject_id": f"P{person}", "image": f"p{person}.png"} for person in (1, 2, 3)],
    )
    film(tmp_path / "a.mp4", [(1, 2.0), (None, 1.6), (9, 2.0), (None, 1.6)])
    passages = [
        {"subject_id": "P1", "from": 0.0, "to": 2.0, "groups": {"sex": "f"}},
        {"subject_id": None, "from": 3.6, "to": 5.6, "groups": {"sex": "m"}},
        {"subject_id": "P2", "from": 6.7, "to": 7.1, "groups": {"sex": "m"}},
    ]
    path = tmp_path / "TRUTH.json"
    path.write_text(
        json.dumps({"clips": [{"video": "a.mp4", "watchlist": "list.csv", "passages": passages}]})
    )
    return path


def report_of(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "report.json").read_text())
    return told


@pytest.mark.requirement("R31")
@pytest.mark.requirement("R64")
def test_passages_are_counted_by_the_live_rule(video: Video, truth: Path, tmp_path: Path) -> None:
    done = video(truth, tmp_path / "out", "--threshold", "0.99")
    assert done.status == 0, done.err
    report = report_of(tmp_path / "out")
    told = report["operating"]
    assert report["unit"] == "passage"
    assert (told["fpir"]["errors"], told["fpir"]["trials"]) == (0, 1)
    assert (told["fnir"]["errors"], told["fnir"]["trials"]) == (1, 2)  # P2 never came
    assert report["failures"]["to_detect"]["errors"] == 1
    assert report["passages"]["stray_alerts"] == 0
    for entry in report["rates"]:
        assert entry["insufficient_data"] is True
        assert {"errors", "trials", "rate", "low", "high"} <= set(entry["fpir"])


def test_a_lower_threshold_alerts_on_the_stranger_too(
    video: Video, truth: Path, tmp_path: Path
) -> None:
    video(truth, tmp_path / "out", "--threshold", "0.3")
    report = report_of(tmp_path / "out")
    assert report["operating"]["fpir"]["errors"] == 1
    # The threshold for each target was found by watching again, and lets nobody through.
    for entry in report["rates"]:
        assert entry["threshold"] > 0.3
        assert entry["fpir"]["errors"] == 0


@pytest.fixture
def long_list(tmp_path: Path, truth: Path) -> Path:
    """The same passages against a list of 104."""
    rows = []
    for person in (*range(1, 4), *range(20, 121)):
        (tmp_path / f"p{person}.png").write_bytes(portrait(person, 0))
        rows.append({"subject_id": f"P{person}", "image": f"p{person}.png"})
    write_set(tmp_path / "list.csv", rows)
    return truth


def test_a_list_is_resampled_at_every_size_that_the_data_allow(
    video: Video, long_list: Path, tmp_path: Path
) -> None:
    assert video(long_list, tmp_path / "out", "--threshold", "0.3").status == 0
    report = report_of(tmp_path / "out")
    entries = report["rates"]
    assert [(each["list_size"], each["fpir_target"]) for each in entries] == [
        (size, target) for size in (100, 104) for target in (0.1, 0.01, 0.001)
    ]
    assert {frozenset(each) for each in entries} == {frozenset(entries[0])}
    for each in entries:
        assert each["insufficient_data"] is True
        assert {"errors", "trials", "rate", "low", "high"} <= set(each["fpir"]) & set(each["fnir"])
        assert each["fpir"]["errors"] == 0
    assert report["growth"]["observed_to"] == 104
    assert [each["fpir_target"] for each in report["growth_at_targets"]] == [0.1, 0.01, 0.001]
    first, *others = report["rescoring"]
    assert first["watched"]["fpir"]["errors"] == 1
    assert others
    for each in (first, *others):
        assert each["rescored"]["fnir"]["trials"] == each["watched"]["fnir"]["trials"] == 2
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Looks gone over again, beside recordings watched again" in page


def test_gone_over_again_the_looks_of_a_run_tell_what_the_flow_told(
    truth: Path, tmp_path: Path
) -> None:
    pack = find_pack(PackName(PACK), search=[models_folder(tmp_path / "packs")])
    networks = load_networks(pack, precision="f32", threads=1, working_size=None)
    watcher = Watcher(read_truth(truth), networks, Pixels(24), Clock(), lambda *_: None)
    for threshold in (Similarity(0.3), Similarity(0.99)):
        (clip,) = watcher.watched(threshold)
        gallery = clip.listed.gallery
        rules = shot_rules_at(threshold, gallery.model)
        told = rescored(clip.taken, gallery, rules_at(threshold), rules)
        passages = clip.outcome.passages
        assert [retold(each, told) for each in passages] == list(passages)
        assert sum(bool(each.alerted) for each in passages) == (2 if threshold == 0.3 else 1)
    watcher.forget()
    assert not any(look.vector.any() for look in clip.taken)
    networks.scrub()


def test_two_lists_of_one_name_in_two_folders_stay_two(
    video: Video, truth: Path, tmp_path: Path
) -> None:
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        for person in (1, 2):
            (tmp_path / folder / f"p{person}.png").write_bytes(
                portrait(person if folder == "north" else person + 30, 0)
            )
        write_set(
            tmp_path / folder / "list.csv",
            [{"subject_id": f"P{n}", "image": f"p{n}.png"} for n in (1, 2)],
        )
    whole = json.loads(truth.read_text())
    (clip,) = whole["clips"]
    whole["clips"] = [{**clip, "watchlist": f"{side}/list.csv"} for side in ("north", "south")]
    truth.write_text(json.dumps(whole))
    assert video(truth, tmp_path / "out", "--threshold", "0.99").status == 0
    report = report_of(tmp_path / "out")
    # No passage met more than the two people of its own list.
    assert {each["list_size"] for each in report["rates"]} == {2}
    assert (report["operating"]["list_size"], report["equality"]["list_size"]) == (2, 2)
    assert json.loads((tmp_path / "out" / "equality.json").read_text())["list_size"] == 2
    assert "that of the shortest of them" in " ".join(report["warnings"])
    assert [each["file"] for each in report["data"]["lists"]] == [
        "north/list.csv", "south/list.csv",
    ]  # fmt: skip
    assert report["growth"] is None


def test_the_same_again_is_the_same_to_the_last_byte(
    video: Video, truth: Path, tmp_path: Path
) -> None:
    for out in ("one", "two"):
        assert video(truth, tmp_path / out, "--threshold", "0.99").status == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_recording_that_cannot_be_read_is_one_clear_refusal(
    video: Video, truth: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no film")
    done = video(truth, tmp_path / "out")
    assert done.status == 1
    assert "a.mp4 is not a video" in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.requirement("R66")
def test_strangers_who_were_never_seen_leave_a_report_without_a_curve(
    video: Video, truth: Path, tmp_path: Path
) -> None:
    whole = json.loads(truth.read_text())
    whole["clips"][0]["passages"][1] |= {"from": 6.7, "to": 7.1}
    truth.write_text(json.dumps(whole))
    done = video(truth, tmp_path / "out", "--threshold", "0.99")
    assert done.status == 0, done.err
    report = report_of(tmp_path / "out")
    assert report["det"]["insufficient_data"] is True
    assert "1 person not on the list nobody was compared" in " ".join(report["warnings"])
    assert report["rates"][0]["fpir"]["subjects_compared"] == 0
