"""`overt assure video`: recordings are watched by the live rule, and passages are counted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from av.video.stream import VideoStream
from tests.fakes.authority import PACK, models_folder
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.still_sets import SIDE, darkness, portrait, write_set

Video = Callable[..., Answer]
RATE = 25


def film(path: Path, shown: list[tuple[int | None, float]]) -> Path:
    """Whoever is shown for so many seconds, None for nobody; every frame has its own grain."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": "10"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "yuv420p"
        for person, seconds in shown:
            for shot in range(round(seconds * RATE)):
                picture = darkness() if person is None else portrait(person, 100 + shot, noise=1)
                pixels = np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), 1), np.uint8)
                out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "bgr24")))
        out.mux(stream.encode())
    return path


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
    assert not list((tmp_path / "out").iterdir())
