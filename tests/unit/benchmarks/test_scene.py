from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from benchmarks.compose import Portrait
from benchmarks.scene import PILLAR, Crossing, Scene, crossings, pictures

SCENE = Scene(
    lines=720, faces=5, seconds=8.0, seconds_a_passage=2.0, listed_each=3, seed=5,
    eyes=(30.0, 40.0),
)  # fmt: skip


def portraits(*names: str) -> list[Portrait]:
    eyes = np.array([[45, 55], [75, 55]], np.float32)
    return [Portrait(name, Path(f"{name}.png"), eyes, (30, 30, 60, 70)) for name in names]


def people(scene: Scene = SCENE) -> list[Crossing]:
    return crossings(scene, portraits("anna", "ben"), portraits("cara", "dora", "eve"))


def in_view(at: float) -> int:
    return sum(one.start <= at < one.end for one in people())


def test_the_number_in_view_stays_the_same() -> None:
    assert [in_view(at) for at in np.arange(0.0, 8.0, 0.5)] == [5] * 16


def test_one_person_at_a_time_crosses_a_gap() -> None:
    for row in range(5):
        row_of_them = sorted((one for one in people() if one.row == row), key=lambda p: p.start)
        assert all(b.start - a.end > -1e-6 for a, b in pairwise(row_of_them))


def test_one_whole_passage_in_so_many_is_somebodys_on_the_list() -> None:
    whole = [one for one in people() if one.start >= 0 and one.end <= SCENE.seconds]
    listed = [one for one in people() if one.subject_id is not None]
    assert len(listed) in {len(whole) // 3, len(whole) // 3 + 1}
    assert {one.subject_id for one in listed} == {"anna", "ben"}


def test_whoever_the_clip_cuts_short_is_on_no_list() -> None:
    cut = [one for one in people() if one.start < 0 or one.end > SCENE.seconds]
    assert cut
    assert all(one.subject_id is None for one in cut)


def test_the_same_seed_gives_the_same_people_at_the_same_times() -> None:
    def what(crossing: Crossing) -> tuple[object, ...]:
        return (crossing.portrait.subject_id, crossing.start, crossing.row, crossing.seed)

    assert [what(one) for one in people()] == [what(one) for one in people()]


def test_nobody_is_in_view_of_an_empty_scene() -> None:
    empty = Scene(720, 0, 1.0, 2.0, 3, seed=1)
    assert crossings(empty, portraits("anna"), portraits("ben")) == []


def test_a_person_is_seen_between_the_pillars_and_not_behind_them(tmp_path: Path) -> None:
    image = np.full((120, 120, 3), 255, np.uint8)
    assert cv2.imwrite(str(tmp_path / "anna.png"), image)
    eyes = np.array([[45, 55], [75, 55]], np.float32)
    anna = Portrait("anna", tmp_path / "anna.png", eyes, (30, 30, 60, 70))
    scene = Scene(720, 1, 2.0, 2.0, 1, seed=1, hardness=0.0, grain=0.0)
    crossing = Crossing(anna, "anna", 0, 0, 0.0, 2.0, True, (30.0, 30.0), 1)

    shown = [picture.astype(int) for picture in pictures(scene, [crossing])]
    empty = [picture.astype(int) for picture in pictures(scene, [])]
    pillar = round(PILLAR * scene.eyes[1] * scene.scale / 2)
    changed = [np.abs(a - b).sum(axis=(0, 2)) for a, b in zip(shown, empty, strict=True)]

    assert all(columns.any() for columns in changed[5:45])
    assert not any(columns[: pillar - 1].any() for columns in changed)
    assert changed[10].argmax() < changed[40].argmax()  # moves to the right
