from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.fakes.accounts import unprivileged
from tests.fakes.clips import drawn, number_in

from overt.errors import Refused
from overt.frames.folder_source import folder_source
from overt.frames.frame import Frame
from overt.frames.pace import Pace
from overt.frames.waiting_source import WaitingSource
from overt.units import Clock


def fast(folder: Path) -> WaitingSource:
    return folder_source(folder, clock=Clock(), pace=Pace.FAST)


def frames_of(source: WaitingSource) -> list[Frame]:
    return [sight for sight in source.sights() if isinstance(sight, Frame)]


def save(path: Path, number: int, *, orientation: int = 1) -> None:
    image = Image.fromarray(drawn(number, 320, 192)[:, :, ::-1])
    turned = image.transpose(Image.Transpose.ROTATE_90) if orientation == 6 else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned.save(path, exif=exif)


def test_images_come_in_the_order_of_the_numbers_in_their_names(tmp_path: Path) -> None:
    for number in (10, 9, 2, 1):
        save(tmp_path / f"frame-{number}.png", number)
    frames = frames_of(fast(tmp_path))
    assert [number_in(f.picture.bgr()) for f in frames] == [1, 2, 9, 10]


def test_images_are_a_twenty_fifth_of_a_second_apart(tmp_path: Path) -> None:
    for number in range(4):
        save(tmp_path / f"{number}.jpg", number)
    assert [f.media_time for f in frames_of(fast(tmp_path))] == pytest.approx(
        [0.0, 0.04, 0.08, 0.12]
    )


def test_an_image_that_lies_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    save(tmp_path / "phone.jpg", 5, orientation=6)
    (frame,) = frames_of(fast(tmp_path))
    assert (frame.picture.width, frame.picture.height) == (320, 192)
    assert number_in(frame.picture.bgr()) == 5


def test_a_damaged_image_is_counted_and_keeps_its_place_in_time(tmp_path: Path) -> None:
    for number in range(3):
        save(tmp_path / f"{number}.jpg", number)
    (tmp_path / "1.jpg").write_bytes((tmp_path / "1.jpg").read_bytes()[:400])
    source = fast(tmp_path)
    assert [f.media_time for f in frames_of(source)] == pytest.approx([0.0, 0.08])
    assert source.counts.corrupt == 1


def test_other_files_are_not_looked_at(tmp_path: Path) -> None:
    save(tmp_path / "a.jpg", 1)
    (tmp_path / "notes.txt").write_text("not an image")
    source = fast(tmp_path)
    assert len(frames_of(source)) == 1
    assert source.counts.corrupt == 0


def test_images_may_differ_in_size(tmp_path: Path) -> None:
    save(tmp_path / "a.png", 1)
    Image.fromarray(np.zeros((50, 70, 3), np.uint8)).save(tmp_path / "b.png")
    sizes = [(f.picture.width, f.picture.height) for f in frames_of(fast(tmp_path))]
    assert sizes == [(320, 192), (70, 50)]


def test_a_folder_without_images_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused, match="folder empty holds no images"):
        list(fast(tmp_path / "empty").sights())


@pytest.mark.parametrize("mode", [0o000, 0o400])
def test_a_folder_without_rights_is_refused(open_folder: Path, mode: int) -> None:
    folder = open_folder / "closed"
    folder.mkdir()
    save(folder / "a.jpg", 1)
    folder.chmod(mode)
    message = "folder closed cannot be read: no permission"
    with unprivileged(), pytest.raises(Refused, match=message):
        list(fast(folder).sights())
