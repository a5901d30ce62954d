"""Whatever a camera is, it keeps to the port FrameSource."""

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from tests.fakes.clips import drawn, make_clip, number_in
from tests.fakes.http_mjpeg_server import MjpegServer
from tests.fakes.rtsp_server import RtspServer, camera_film
from tests.fakes.sources import ScriptedSource, frames

from overt.frames.frame import Frame, FrameSource, Silence
from overt.frames.lines import webcam_line
from overt.frames.live_source import LiveSource
from overt.frames.open_source import Pace, open_source
from overt.units import Clock, Seconds

Camera = AbstractContextManager[FrameSource]
ENOUGH = 20


def opened(address: str, base: Path, pace: Pace = Pace.FAST) -> FrameSource:
    return open_source(address, clock=Clock(), pace=pace, base=base)


@contextmanager
def file_fast(folder: Path) -> Iterator[FrameSource]:
    make_clip(folder / "a.mp4", frames=25)
    yield opened("a.mp4", folder)


@contextmanager
def file_in_real_time(folder: Path) -> Iterator[FrameSource]:
    make_clip(folder / "a.mp4", frames=25)
    yield opened("a.mp4", folder, Pace.REAL_TIME)


@contextmanager
def folder_of_images(folder: Path) -> Iterator[FrameSource]:
    for number in range(25):
        Image.fromarray(drawn(number, 320, 192)[:, :, ::-1]).save(folder / f"{number}.png")
    yield opened(".", folder)


@contextmanager
def rtsp(_folder: Path) -> Iterator[FrameSource]:
    with RtspServer(camera_film(frames=100, gop=5)) as camera:
        yield opened(camera.address, Path())


@contextmanager
def http(_folder: Path) -> Iterator[FrameSource]:
    with MjpegServer() as camera:
        yield opened(camera.address, Path())


@contextmanager
def webcam(folder: Path) -> Iterator[FrameSource]:
    clip = make_clip(folder / "a.mkv", frames=60)
    line = webcam_line("/dev/video0", lambda *_: av.open(str(clip)))
    yield LiveSource(line, clock=Clock(), chance=np.random.default_rng(1))


@contextmanager
def scripted(_folder: Path) -> Iterator[FrameSource]:
    yield ScriptedSource(frames(drawn(number, 320, 192) for number in range(25)))


CAMERAS = [file_fast, file_in_real_time, folder_of_images, rtsp, http, webcam, scripted]


@pytest.fixture(params=CAMERAS, ids=lambda camera: camera.__name__)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FrameSource]:
    camera: Callable[[Path], Camera] = request.param
    with camera(tmp_path) as one:
        yield one
        one.stop()


def seen(source: FrameSource) -> list[Frame | Silence]:
    """The first frames, with the silences between them."""
    sights = []
    for sight in source.sights():
        if isinstance(sight, Frame | Silence):
            sights.append(sight)
        if sum(isinstance(s, Frame) for s in sights) == ENOUGH:
            break
    return sights


def frames_of(source: FrameSource) -> list[Frame]:
    return [sight for sight in seen(source) if isinstance(sight, Frame)]


def test_a_live_camera_is_resumed_at_now() -> None:
    with MjpegServer() as camera:
        source = open_source(
            camera.address,
            clock=Clock(),
            pace=Pace.REAL_TIME,
            base=Path(),
            resume_from=Seconds(3600.0),
        )
        began = time.monotonic()
        next(sight for sight in source.sights() if isinstance(sight, Frame))
        assert time.monotonic() - began < 5.0
        source.stop()


def test_media_time_starts_at_zero_and_only_grows(source: FrameSource) -> None:
    sights = seen(source)
    times = [sight.media_time for sight in sights if isinstance(sight, Frame)]
    assert times[0] == 0.0
    assert all(later > earlier for earlier, later in itertools.pairwise(times))
    told = [sight.media_time for sight in sights]
    assert told == sorted(told)


def test_numbers_count_every_decoded_frame(source: FrameSource) -> None:
    shown = frames_of(source)
    numbers = [frame.number for frame in shown]
    assert all(later > earlier for earlier, later in itertools.pairwise(numbers))
    assert numbers[-1] < source.counts.decoded
    unseen = numbers[-1] + 1 - len(numbers)
    assert unseen <= source.counts.dropped
    assert source.live or unseen == 0


def test_captures_and_arrivals_never_step_back(source: FrameSource) -> None:
    shown = frames_of(source)
    assert all(frame.captured_at.utcoffset() == timedelta(0) for frame in shown)
    for earlier, later in itertools.pairwise(shown):
        assert later.captured_at >= earlier.captured_at
        assert later.arrived >= earlier.arrived


def test_pictures_are_upright_and_have_the_size_they_say(source: FrameSource) -> None:
    for frame in frames_of(source)[:5]:
        picture = frame.picture
        assert picture.bgr().shape == (picture.height, picture.width, 3)
        assert picture.bgr().dtype == np.uint8
        small = picture.scaled_bgr(96, 64)
        assert small.shape == (64, 96, 3)
        assert number_in(small) == number_in(picture.bgr())


@pytest.mark.requirement("R50")
def test_a_forgotten_picture_is_overwritten(source: FrameSource) -> None:
    frame = next(sight for sight in source.sights() if isinstance(sight, Frame))
    full, small = frame.picture.bgr(), frame.picture.scaled_bgr(96, 64)
    frame.picture.forget()
    assert not full.any()
    assert not small.any()


def test_stopping_from_another_thread_ends_it_soon(source: FrameSource) -> None:
    ended = threading.Event()

    def consume() -> None:
        for _ in source.sights():
            pass
        ended.set()

    consumer = threading.Thread(target=consume)
    consumer.start()
    time.sleep(0.3)
    source.stop()
    assert ended.wait(1.5)
    consumer.join()


def test_stopping_before_it_starts_shows_nothing(source: FrameSource) -> None:
    source.stop()
    began = time.monotonic()
    assert not [sight for sight in source.sights() if isinstance(sight, Frame)]
    assert time.monotonic() - began < 1.5


def test_leaving_it_leaves_no_thread_behind(source: FrameSource) -> None:
    before = set(threading.enumerate())
    sights = source.sights()
    assert isinstance(sights, Generator)
    with contextlib.closing(sights):
        next(sight for sight in sights if isinstance(sight, Frame))
    deadline = time.monotonic() + 3
    while set(threading.enumerate()) - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not set(threading.enumerate()) - before
