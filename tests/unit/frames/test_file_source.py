import itertools
import threading
import time
from collections.abc import Generator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from tests.fakes.accounts import unprivileged
from tests.fakes.clips import (
    joined,
    make_clip,
    make_interlaced_clip,
    number_in,
    truncated,
    with_another_clock,
    with_garbage,
)

from overt.errors import Refused
from overt.frames.file_source import file_source
from overt.frames.frame import Frame, Silence
from overt.frames.pace import Pace
from overt.frames.waiting_source import WaitingSource
from overt.units import Clock, Seconds, UInt8


def fast(path: Path) -> WaitingSource:
    return file_source(path, clock=Clock(), pace=Pace.FAST)


def frames_of(source: WaitingSource) -> list[Frame]:
    return [sight for sight in source.sights() if isinstance(sight, Frame)]


def numbers(frames: list[Frame]) -> list[int]:
    return [number_in(frame.picture.bgr()) for frame in frames]


def assert_times_grow(frames: list[Frame]) -> None:
    assert all(b.media_time > a.media_time for a, b in itertools.pairwise(frames))


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mkv", "libx264", "yuv420p"),
        ("a.ts", "libx264", "yuv420p"),
        ("a.mpg", "mpeg1video", "yuv420p"),
        ("a.avi", "mjpeg", "yuvj420p"),
        ("a.gif", "gif", "rgb8"),
    ],
)
def test_every_frame_of_a_recording_is_shown_in_order(
    tmp_path: Path, name: str, codec: str, pixels: str
) -> None:
    clip = make_clip(tmp_path / name, codec=codec, pixel_format=pixels)
    frames = frames_of(fast(clip))
    assert numbers(frames) == list(range(50))
    assert [frame.number for frame in frames] == list(range(50))
    assert [round(frame.media_time, 2) for frame in frames] == [round(i / 25, 2) for i in range(50)]


def test_a_name_that_looks_like_an_address_is_a_file(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", frames=5)
    odd = clip.rename(tmp_path / "rtsp:clip %d.mp4")
    assert len(frames_of(fast(odd))) == 5


def test_captured_at_is_the_start_of_the_run_plus_the_media_time(tmp_path: Path) -> None:
    frames = frames_of(fast(make_clip(tmp_path / "a.mp4")))
    since_first = [(f.captured_at - frames[0].captured_at).total_seconds() for f in frames]
    assert since_first == pytest.approx([f.media_time for f in frames], abs=1e-5)


def test_a_recording_that_ends_within_a_group_of_pictures_ends_quietly(tmp_path: Path) -> None:
    clip = truncated(make_clip(tmp_path / "a.ts"), keep=0.6, to=tmp_path / "cut.ts")
    frames = frames_of(fast(clip))
    assert numbers(frames) == list(range(len(frames)))
    assert 20 < len(frames) < 40


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_a_recording_that_was_cut_tells_how_much_of_it_is_missing(
    tmp_path: Path, name: str
) -> None:
    whole = make_clip(
        tmp_path / name,
        frames=100,
        container_options={"movflags": "faststart"} if "mp4" in name else None,
    )
    cut = fast(truncated(whole, keep=0.4, to=tmp_path / f"cut-{name}"))
    uncut = fast(whole)
    shown, every = frames_of(cut), frames_of(uncut)
    assert len(every) == 100
    assert uncut.counts.missing_seconds == 0
    assert 20 < len(shown) < 70
    assert cut.counts.missing_seconds == round((100 - len(shown)) / 25)


def test_a_truncated_mp4_is_counted_and_shown_up_to_the_cut(tmp_path: Path) -> None:
    whole = make_clip(tmp_path / "a.mp4", container_options={"movflags": "faststart"})
    source = fast(truncated(whole, keep=0.6, to=tmp_path / "cut.mp4"))
    frames = frames_of(source)
    assert numbers(frames) == list(range(len(frames)))
    assert 20 < len(frames) < 40
    assert source.counts.corrupt > 0


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_a_damaged_middle_is_counted_and_the_end_is_still_shown(tmp_path: Path, name: str) -> None:
    whole = make_clip(tmp_path / name, container_options={"movflags": "faststart"})
    damaged = with_garbage(whole, start=0.4, length=3000, seed=1, to=tmp_path / f"bad-{name}")
    source = fast(damaged)
    frames = frames_of(source)
    assert source.counts.corrupt > 0
    assert numbers(frames)[0] == 0
    assert numbers(frames)[-1] == 49
    assert_times_grow(frames)


def test_a_change_of_resolution_is_followed(tmp_path: Path) -> None:
    small = make_clip(tmp_path / "small.ts")
    large = make_clip(tmp_path / "large.ts", size=(480, 272), first_number=50)
    frames = frames_of(fast(joined([small, large], to=tmp_path / "both.ts")))
    sizes = [(f.picture.width, f.picture.height) for f in frames]
    assert sizes == [(320, 192)] * 50 + [(480, 272)] * 50
    assert [f.picture.bgr().shape for f in frames[::60]] == [(192, 320, 3), (272, 480, 3)]
    assert numbers(frames) == list(range(100))
    assert_times_grow(frames)


@pytest.mark.parametrize("rotation", [90, 180, -90])
def test_a_rotated_recording_is_shown_upright(tmp_path: Path, rotation: int) -> None:
    frames = frames_of(fast(make_clip(tmp_path / "turned.mp4", frames=5, rotation=rotation)))
    assert numbers(frames) == list(range(5))
    picture = frames[2].picture
    assert picture.bgr().shape == (picture.height, picture.width, 3)
    assert number_in(picture.scaled_bgr(picture.width // 2, picture.height // 2)) == 2


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
@pytest.mark.parametrize("shape", [Fraction(4, 3), Fraction(8, 9)])
def test_a_recording_of_long_pixels_is_seen_in_its_true_proportions(
    tmp_path: Path, name: str, shape: Fraction
) -> None:
    square = frames_of(fast(make_clip(tmp_path / f"square-{name}", frames=3)))[1].picture
    frames = frames_of(fast(make_clip(tmp_path / name, frames=3, pixel_shape=shape)))
    long = frames[1].picture
    assert numbers(frames) == [0, 1, 2]
    assert long.width / long.height == pytest.approx(320 / 192, rel=0.01)
    assert long.bgr().shape == (long.height, long.width, 3)
    alike = square.scaled_bgr(160, 96).astype(int) - long.scaled_bgr(160, 96).astype(int)
    assert np.abs(alike).mean() < 4


def test_what_is_around_a_face_of_long_pixels_lies_where_it_is_shown(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mkv", frames=1, pixel_shape=Fraction(4, 3))
    (first,), (second,) = frames_of(fast(clip)), frames_of(fast(clip))
    whole = first.picture.bgr()
    for x, y in ((0, 0), (101, 53), (270, 150)):
        box = np.array([x, y, x + 40, y + 40], np.float32)
        part = second.picture.around(box)
        height, width = part.pixels.shape[:2]
        assert part.left <= max(0, x - 20)
        assert part.left + width >= min(first.picture.width, x + 60)
        assert part.top <= max(0, y - 20)
        shown = whole[part.top : part.top + height, part.left : part.left + width].astype(int)
        assert np.abs(shown - part.pixels.astype(int)).mean() < 8


def combing(image: UInt8) -> float:
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(int)
    return float(np.abs(2 * grey[1:-1] - grey[:-2] - grey[2:]).mean())


def test_interlaced_video_is_deinterlaced_frame_for_frame(tmp_path: Path) -> None:
    frames = frames_of(fast(make_interlaced_clip(tmp_path / "woven.mkv")))
    progressive = frames_of(fast(make_clip(tmp_path / "plain.mkv", size=(320, 288))))
    assert numbers(frames) == list(range(50))
    assert [round(f.media_time, 2) for f in frames] == [round(i / 25, 2) for i in range(50)]
    woven = combing(frames[10].picture.bgr())
    assert woven < 2 * combing(progressive[10].picture.bgr())


def test_a_file_that_is_no_video_is_refused_by_name(tmp_path: Path) -> None:
    bad = tmp_path / "letter.mp4"
    bad.write_bytes(b"Dear Sir, " * 500)
    with pytest.raises(Refused, match=r"letter\.mp4 is not a video"):
        list(fast(bad).sights())


def test_a_playlist_cannot_make_the_program_read_other_files(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.ts")
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXTINF:2,\nfile://{clip}\n#EXT-X-ENDLIST\n")
    with pytest.raises(Refused, match=r"list\.m3u8"):
        list(fast(playlist).sights())


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"gone\.mp4 does not exist"):
        list(fast(tmp_path / "gone.mp4").sights())


def test_a_file_without_rights_is_refused(open_folder: Path) -> None:
    clip = make_clip(open_folder / "a.mp4", frames=2)
    clip.chmod(0)
    with unprivileged(), pytest.raises(Refused, match="no permission"):
        list(fast(clip).sights())


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=8000, layout="mono")
        samples = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), "s16", "mono")
        samples.sample_rate = 8000
        out.mux(stream.encode(samples))
        out.mux(stream.encode())
    with pytest.raises(Refused, match="holds no video"):
        list(fast(path).sights())


def test_real_time_takes_as_long_as_the_recording(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", frames=26)
    began = time.monotonic()
    frames = frames_of(file_source(clip, clock=Clock(), pace=Pace.REAL_TIME))
    took = time.monotonic() - began
    assert 1.0 <= took < 2.0
    assert len(frames) == 26


@pytest.mark.parametrize("name", ["a.ts", "a.mkv"])
def test_real_time_does_not_wait_for_a_clock_that_was_set(tmp_path: Path, name: str) -> None:
    clip = make_clip(tmp_path / name, frames=20, options={"bf": "0", "g": "1"})
    leaps = with_another_clock(clip, after=10, ahead=3600.0, to=tmp_path / f"leaps-{name}")
    source = file_source(leaps, clock=Clock(), pace=Pace.REAL_TIME)
    giving_up = threading.Timer(8, source.stop)  # it would wait for an hour
    giving_up.start()
    frames = frames_of(source)
    giving_up.cancel()
    assert numbers(frames) == list(range(20))
    assert frames[-1].media_time < 5.0


def test_real_time_tells_of_silence_while_a_still_image_lasts(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "slow.mkv", frames=2, rate=1)
    sights = list(file_source(clip, clock=Clock(), pace=Pace.REAL_TIME).sights())
    assert [type(s) for s in sights] == [Frame, Silence, Frame]


def test_a_slow_consumer_loses_nothing_from_a_file(tmp_path: Path) -> None:
    source = fast(make_clip(tmp_path / "a.mp4", frames=20))
    seen = []
    for sight in source.sights():
        time.sleep(0.01)
        if isinstance(sight, Frame):
            seen.append(sight.number)
    assert seen == list(range(20))
    assert source.counts.dropped == 0


def test_stopping_ends_a_recording_soon(tmp_path: Path) -> None:
    source = file_source(
        make_clip(tmp_path / "long.mkv", rate=1, frames=30), clock=Clock(), pace=Pace.REAL_TIME
    )
    threading.Timer(0.2, source.stop).start()
    began = time.monotonic()
    list(source.sights())
    assert time.monotonic() - began < 1.0


def test_leaving_a_recording_early_leaves_no_thread_behind(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4")
    before = threading.active_count()
    for _ in range(20):
        sights = fast(clip).sights()
        next(sights)
        assert isinstance(sights, Generator)
        sights.close()
    assert threading.active_count() == before


@pytest.mark.face_data
def test_the_real_clips_decode_whole(face_data: Path) -> None:
    whole = {"people-walking.mp4": 314, "head-pose-face-detection-male.gif": 62, "sbia1a.mpg": 75}
    for path in sorted((face_data / "videos").rglob("*")):
        if path.name in whole:
            source = fast(path)
            assert len(frames_of(source)) == whole[path.name]
            assert source.counts.corrupt == 0


def test_a_recording_that_is_resumed_goes_on_at_once_from_there(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", frames=150)
    clock = Clock()
    source = file_source(clip, clock=clock, pace=Pace.REAL_TIME, resume_from=Seconds(5.0))
    began = clock.monotonic()
    frames = frames_of(source)
    assert clock.monotonic() - began < 3.0  # one second is left of six
    assert numbers(frames) == list(range(125, 150))
    assert round(frames[0].media_time, 2) == 5.0
    assert abs((frames[0].captured_at - clock.now()).total_seconds()) < 3.0
