"""Passages that are watched for a calibration: broken off and begun again, the answer is the same."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from benchmarks import strangers
from benchmarks.compose import Portrait, Street
from benchmarks.strangers import Cast, Watching, composed, write_at_once
from tests.fakes.authority import PACK, models_folder
from tests.fakes.films import film
from tests.fakes.still_sets import portrait, write_set

from overt.assurance.calibrate_passages import calibration_of_passages, settled
from overt.assurance.system import MeasuredSystem
from overt.assurance.truth import Clip, read_truth
from overt.assurance.video import Watcher
from overt.identifiers import PackName
from overt.models.library import find_pack
from overt.templates.load import load_networks
from overt.units import Clock, Similarity

STRANGERS = 30
AT = Similarity(0.4)


class BrokenOffError(Exception):
    """Somebody pulled the plug."""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> MeasuredSystem:
    pack = find_pack(PackName(PACK), search=[models_folder(tmp_path_factory.mktemp("models"))])
    return MeasuredSystem(pack, load_networks(pack, precision="f32", threads=1, working_size=None))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clip, ...]:
    """A clip of somebody on the list, and one of each stranger."""
    folder = tmp_path_factory.mktemp("films")
    for person in (1, 2, 3):
        (folder / f"p{person}.png").write_bytes(portrait(person, 0))
    write_set(
        folder / "list.csv",
        [{"subject_id": f"P{person}", "image": f"p{person}.png"} for person in (1, 2, 3)],
    )
    shown = [(1, "P1"), *((100 + stranger, None) for stranger in range(STRANGERS))]
    told = []
    for person, subject in shown:
        film(folder / f"{person}.mp4", [(person, 0.36)])
        passages = [{"subject_id": subject, "from": 0.0, "to": 0.36}]
        told.append({"video": f"{person}.mp4", "watchlist": "list.csv", "passages": passages})
    (folder / "TRUTH.json").write_text(json.dumps({"clips": told}))
    return read_truth(folder / "TRUTH.json")


@pytest.fixture
def watching(
    system: MeasuredSystem, clips: tuple[Clip, ...], tmp_path: Path
) -> Callable[..., Watching]:
    def begun(say: Callable[[str], None] = lambda _: None, few: int | None = None) -> Watching:
        return Watching(clips[:few], system, tmp_path / "kept", say)

    return begun


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The clips that were truly watched, in order."""
    names: list[str] = []
    real = Watcher.watched

    def noted(self: Watcher, threshold: Similarity) -> object:
        names.append(self.clips[0].video.stem)
        return real(self, threshold)

    monkeypatch.setattr(Watcher, "watched", noted)
    return names


def stop_after(count: int) -> Callable[[str], None]:
    def say(what: str) -> None:
        if what.startswith(f"watched {count} of"):
            raise BrokenOffError

    return say


def test_a_second_start_goes_on_where_the_first_stopped(
    watching: Callable[..., Watching], watched: list[str]
) -> None:
    with pytest.raises(BrokenOffError):
        watching(stop_after(2), few=4).table_at(AT)
    assert watched == ["1", "100"]
    said: list[str] = []
    table = watching(said.append, few=4).table_at(AT)
    assert watched == ["1", "100", "101", "102"]
    assert said == [f"watched {number} of 4 clips at 0.4" for number in (1, 2, 3, 4)]
    again = watching(few=4).table_at(AT)
    assert len(watched) == 4
    assert np.array_equal(again.scores, table.scores)
    assert again.probe_subjects == table.probe_subjects


def test_it_is_the_calibration_that_overt_makes_of_the_same_clips(
    watching: Callable[..., Watching], system: MeasuredSystem, clips: tuple[Clip, ...]
) -> None:
    in_one_go = Watcher(
        clips, system.networks, strangers.MIN_EYE_DISTANCE, Clock(), lambda *_: None
    )
    expected = calibration_of_passages(in_one_go, system, "films of noise").calibration
    _, made = settled(watching().table_at, system, "films of noise")
    _, from_what_was_kept = settled(watching().table_at, system, "films of noise")
    assert made == from_what_was_kept == expected
    assert made.people == STRANGERS


def test_what_is_kept_of_a_clip_is_numbers_and_no_template(
    watching: Callable[..., Watching], tmp_path: Path, system: MeasuredSystem
) -> None:
    table = watching(few=2).table_at(AT)
    files = sorted((tmp_path / "kept").iterdir())
    assert len(files) == 2
    for file in files:
        with np.load(file) as arrays:
            assert sorted(arrays) == ["scores", "told"]
            assert arrays["scores"].shape == (1, 3)  # one passage, three people on the list
            told = json.loads(arrays["told"].tobytes())
            assert set(told["passages"][0]) == {"best", "alerted", "failure"}
    assert table.scores.shape[1] < system.networks.encoder.dimension


@pytest.mark.parametrize("damage", [b"", b"PK no archive", b"\0" * 40])
def test_a_damaged_file_is_watched_again(
    watching: Callable[..., Watching], watched: list[str], tmp_path: Path, damage: bytes
) -> None:
    table = watching(few=2).table_at(AT)
    for file in (tmp_path / "kept").iterdir():
        file.write_bytes(damage)
    assert np.array_equal(watching(few=2).table_at(AT).scores, table.scores)
    assert watched == ["1", "100", "1", "100"]


def test_another_threshold_or_another_program_is_watched_anew(
    watching: Callable[..., Watching], watched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watching(few=1).table_at(AT)
    watching(few=1).table_at(Similarity(0.41))
    monkeypatch.setattr(strangers, "source", lambda: "another")
    watching(few=1).table_at(AT)
    assert watched == ["1"] * 3


def test_a_clip_that_changed_is_watched_anew(
    system: MeasuredSystem, watched: list[str], tmp_path: Path
) -> None:
    (tmp_path / "p1.png").write_bytes(portrait(1, 0))
    write_set(tmp_path / "list.csv", [{"subject_id": "P1", "image": "p1.png"}])
    truth = tmp_path / "TRUTH.json"
    passages = [{"subject_id": None, "from": 0.0, "to": 0.36}]
    clip = {"video": "a.mp4", "watchlist": "list.csv", "passages": passages}
    truth.write_text(json.dumps({"clips": [clip]}))
    for person in (7, 7, 8):
        film(tmp_path / "a.mp4", [(person, 0.36)])
        Watching(read_truth(truth), system, tmp_path / "kept", lambda _: None).table_at(AT)
    assert watched == ["a", "a"]


def test_clips_that_are_whole_are_not_composed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index.csv").write_text("path\n")
    (tmp_path / "a.png").write_bytes(portrait(1, 0))
    eyes = np.array([[20, 30], [40, 30]], np.float32)
    anna = Portrait("anna", tmp_path / "a.png", eyes, (10, 10, 40, 40))
    monkeypatch.setattr(strangers, "cast", lambda *_, **__: ([(anna, None)] * 3, [anna]))
    small = Street(width=320, height=192, rate=5, seconds_a_passage=1.0, passages_a_clip=2)
    monkeypatch.setattr(strangers, "Street", lambda: small)
    cast = Cast(3, 0, 1, seed=1)

    def stopped(what: str) -> None:
        if what == "composed 1 of 2 clips":
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        composed(cast, tmp_path, tmp_path / "kept", stopped)
    (first,) = (tmp_path / "kept").rglob("*.mp4")
    begun = first.stat().st_mtime_ns
    truth = composed(cast, tmp_path, tmp_path / "kept", lambda _: None)
    assert [clip.video.name for clip in read_truth(truth)] == ["clip-1.mp4", "clip-2.mp4"]
    assert first.stat().st_mtime_ns == begun
    other = composed(Cast(3, 0, 1, seed=2), tmp_path, tmp_path / "kept", lambda _: None)
    assert other.parent != truth.parent


def test_a_file_is_whole_under_its_name_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:1])
        raise OSError

    monkeypatch.setattr(Path, "write_bytes", cut_off)
    with pytest.raises(OSError):
        write_at_once(tmp_path / "a.npz", b"whole")
    assert not (tmp_path / "a.npz").exists()
