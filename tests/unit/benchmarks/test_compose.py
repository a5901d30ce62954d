import json
from pathlib import Path

import av
import cv2
import numpy as np
from benchmarks.compose import Portrait, Street, compose, scheduled
from benchmarks.judge import read_truth

SMALL = Street(width=320, height=192, rate=5, seconds_a_passage=1.0, passages_a_clip=2)


def portrait(folder: Path, name: str) -> Portrait:
    """Draw something with two eyes; nobody is meant."""
    image = np.full((120, 120, 3), 90, np.uint8)
    for x in (45, 75):
        cv2.circle(image, (x, 55), 5, (255, 255, 255), -1)
    cv2.imwrite(str(folder / f"{name}.png"), image)
    return Portrait(
        name, folder / f"{name}.png", np.array([[45, 55], [75, 55]], np.float32), (30, 30, 60, 70)
    )


def test_clips_come_with_their_list_and_the_truth(tmp_path: Path) -> None:
    anna, ben = portrait(tmp_path, "anna"), portrait(tmp_path, "ben")

    truth = compose(
        tmp_path / "out",
        [(anna, "anna"), (ben, None), (anna, "anna")],
        [anna],
        street=SMALL,
        seed=1,
    )

    clips = read_truth(truth)
    assert [[p.subject_id for p in clip.passages] for clip in clips] == [["anna", None], ["anna"]]
    assert all(clip.video.is_file() and clip.watchlist.is_file() for clip in clips)
    row = clips[0].watchlist.read_text().splitlines()[1]
    assert row.startswith("anna,list/0001.png,consented")
    assert row.endswith(",30 30 60 70")


def test_a_person_is_painted_while_their_passage_lasts(tmp_path: Path) -> None:
    anna = portrait(tmp_path, "anna")
    truth = compose(tmp_path / "out", [(anna, "anna")], [anna], street=SMALL, seed=2)
    (passage,) = json.loads(truth.read_text())["clips"][0]["passages"]

    with av.open(str(tmp_path / "out" / "clip-1.mp4")) as container:
        frames = [f.to_ndarray(format="gray").astype(float) for f in container.decode(video=0)]
    changed = [np.abs(frame - frames[-1]).mean() for frame in frames]

    shown = [n / 5 for n, change in enumerate(changed) if change > 2 * changed[-2] + 2]
    assert passage["from"] - 0.01 <= shown[0] <= passage["from"] + 0.21
    assert passage["to"] - 0.41 <= shown[-1] <= passage["to"]


def test_the_same_seed_lets_the_same_people_walk_at_the_same_times(tmp_path: Path) -> None:
    anna = portrait(tmp_path, "anna")
    people = [(anna, "anna")] * 6
    assert scheduled(people, SMALL, 4) == scheduled(people, SMALL, 4)
    assert scheduled(people, SMALL, 4) != scheduled(people, SMALL, 5)


def test_nobody_walks_where_somebody_still_is(tmp_path: Path) -> None:
    anna = portrait(tmp_path, "anna")
    passages = scheduled([(anna, None)] * 12, SMALL, 4)
    for one in passages:
        for other in passages:
            if one is not other and one.lane == other.lane:
                assert abs(one.start - other.start) > SMALL.seconds_a_passage
