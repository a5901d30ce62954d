from pathlib import Path

import pytest
from PIL import Image
from tests.fakes.clips import drawn, make_clip, number_in

from overt.errors import Refused
from overt.frames.frame import Frame
from overt.frames.open_source import Pace, open_source
from overt.units import Clock


def shown(address: str, base: Path) -> list[int]:
    source = open_source(address, clock=Clock(), pace=Pace.FAST, base=base)
    return [number_in(s.picture.bgr()) for s in source.sights() if isinstance(s, Frame)]


def refusal(address: str, base: Path) -> str:
    with pytest.raises(Refused) as refused:
        open_source(address, clock=Clock(), pace=Pace.FAST, base=base)
    return str(refused.value)


def test_a_path_is_relative_to_the_deployment_file(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    make_clip(tmp_path / "clips" / "a.mp4", frames=3)
    assert shown("clips/a.mp4", tmp_path) == [0, 1, 2]


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", frames=3)
    assert shown(str(clip), Path("/nowhere")) == [0, 1, 2]


def test_a_folder_plays_its_images(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    Image.fromarray(drawn(7, 320, 192)[:, :, ::-1]).save(tmp_path / "images" / "a.png")
    assert shown("images", tmp_path) == [7]


def test_one_image_is_a_recording_of_one_frame(tmp_path: Path) -> None:
    Image.fromarray(drawn(7, 320, 192)[:, :, ::-1]).save(tmp_path / "a.png")
    assert shown("a.png", tmp_path) == [7]


def test_an_animation_plays(tmp_path: Path) -> None:
    make_clip(tmp_path / "a.gif", frames=3, codec="gif", pixel_format="rgb8")
    assert shown("a.gif", tmp_path) == [0, 1, 2]


def test_a_path_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    assert refusal("clips/gone.mp4", tmp_path).startswith("gone.mp4 does not exist")


def test_a_null_in_the_path_is_refused(tmp_path: Path) -> None:
    assert "does not exist" in refusal("a\0b.mp4", tmp_path)


def test_an_unknown_scheme_is_refused_with_what_is_supported(tmp_path: Path) -> None:
    message = refusal("gopher://user:secret@host/x", tmp_path)
    assert "gopher:// is not supported; use a video file" in message
    assert "secret" not in message


@pytest.mark.parametrize(
    "address",
    [
        "rtsp://user:secret@192.0.2.10/stream",
        "rtsps://192.0.2.10/stream",
        "HTTP://192.0.2.10/video",
        "https://192.0.2.10/video",
        "/dev/video0",
    ],
)
def test_a_live_camera_is_not_opened_before_it_is_watched(address: str, tmp_path: Path) -> None:
    assert open_source(address, clock=Clock(), pace=Pace.FAST, base=tmp_path).live


def test_another_device_is_no_camera(tmp_path: Path) -> None:
    assert not open_source("/dev/null", clock=Clock(), pace=Pace.FAST, base=tmp_path).live
