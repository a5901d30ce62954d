"""The live source against real servers on loopback, cut and mended while it watches."""

import itertools
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest
from av.container import InputContainer
from tests.fakes.certificates import self_made_certificate
from tests.fakes.clips import make_clip, number_in
from tests.fakes.http_mjpeg_server import MjpegServer
from tests.fakes.rtsp_server import CameraFilm, RtspServer, camera_film

from overt.frames.back_off import Waits
from overt.frames.frame import CameraBack, CameraLost, Frame, Sight, Silence
from overt.frames.lines import Line, http_line, rtsp_line, webcam_line
from overt.frames.live_source import PATIENCE, LiveSource, Patience, captured_at
from overt.units import Clock, Seconds, UtcTime

HASTY = replace(PATIENCE, waits=Waits(Seconds(0.02), Seconds(0.1)))


@pytest.fixture(scope="module")
def film() -> CameraFilm:
    return camera_film(gop=5)


def live(line: Line, patience: Patience = HASTY) -> LiveSource:
    return LiveSource(line, clock=Clock(), chance=np.random.default_rng(1), patience=patience)


class Watching:
    """Consumes a source and notes when each sight came."""

    def __init__(self, source: LiveSource, *, limit: float = 20.0) -> None:
        self.source = source
        self.seen: list[tuple[float, Sight]] = []
        self._sights = source.sights()
        self._limit = limit

    def until(self, wanted: Callable[[Sight], bool]) -> Sight:
        give_up = time.monotonic() + self._limit
        for sight in self._sights:
            self.seen.append((time.monotonic(), sight))
            if wanted(sight):
                return sight
            assert time.monotonic() < give_up, f"not seen; the last were {self.seen[-3:]}"
        raise AssertionError("the source ended")

    def frames(self, count: int) -> list[Frame]:
        frames = []
        for _ in range(count):
            frame = self.until(lambda sight: isinstance(sight, Frame))
            assert isinstance(frame, Frame)
            frames.append(frame)
        return frames

    def lost(self) -> CameraLost:
        sight = self.until(lambda sight: isinstance(sight, CameraLost))
        assert isinstance(sight, CameraLost)
        return sight

    def back(self) -> CameraBack:
        sight = self.until(lambda sight: isinstance(sight, CameraBack))
        assert isinstance(sight, CameraBack)
        return sight

    def all_frames(self) -> list[Frame]:
        return [sight for _, sight in self.seen if isinstance(sight, Frame)]

    def assert_times_grow(self) -> None:
        frames = self.all_frames()
        assert all(
            b.media_time > a.media_time and b.number > a.number and b.arrived > a.arrived
            for a, b in itertools.pairwise(frames)
        )
        told = [s.media_time for _, s in self.seen if isinstance(s, Frame | Silence)]
        assert told == sorted(told)


@pytest.fixture
def watching() -> Iterator[Callable[[LiveSource], Watching]]:
    sources: list[LiveSource] = []

    def watch(source: LiveSource) -> Watching:
        sources.append(source)
        return Watching(source)

    yield watch
    for source in sources:
        source.stop()


Watch = Callable[[LiveSource], Watching]


def test_an_rtsp_camera_shows_its_frames_in_order(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        frames = seen.frames(30)
        numbers = [number_in(frame.picture.bgr()) for frame in frames]
        assert numbers == sorted(numbers)
        assert frames[0].media_time == 0.0
        seen.assert_times_grow()


def test_media_time_follows_the_timestamps_of_the_stream(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film) as camera:
        frames = watching(live(rtsp_line(camera.address))).frames(40)[2:]
        for before, after in itertools.pairwise(frames):
            steps = after.number - before.number
            assert after.media_time - before.media_time == pytest.approx(steps / 25, abs=0.002)


def test_a_camera_with_a_password_lets_us_in(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film, password="geheim") as camera:
        assert watching(live(rtsp_line(camera.address))).frames(2)


def test_a_wrong_password_is_a_loss_that_does_not_tell_it(
    film: CameraFilm, watching: Watch
) -> None:
    with RtspServer(film, password="geheim") as camera:
        wrong = camera.address.replace("geheim", "falsch")
        reason = watching(live(rtsp_line(wrong))).lost().reason
        assert reason == "it refuses the user or the password"


def test_a_slow_consumer_sees_the_newest_frame_and_the_rest_is_counted(
    film: CameraFilm, watching: Watch
) -> None:
    with RtspServer(film) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        seen.frames(5)
        time.sleep(1.0)
        before, after = seen.all_frames()[-1], seen.frames(1)[0]
        assert after.number - before.number >= 15
        assert seen.source.counts.dropped >= 15


@pytest.mark.requirement("R27")
def test_a_stall_is_noticed_within_three_seconds_and_the_camera_comes_back(
    film: CameraFilm, watching: Watch
) -> None:
    with RtspServer(film) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        seen.frames(10)
        camera.stall()
        stalled = time.monotonic()
        seen.lost()
        assert 1.0 < time.monotonic() - stalled < 3.0
        camera.resume()
        resumed = time.monotonic()
        back = seen.back()
        assert time.monotonic() - resumed < 3.0
        assert back.after > 2.0
        seen.frames(10)
        seen.assert_times_grow()


def test_a_short_pause_is_silence_and_not_a_loss(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        seen.frames(10)
        camera.stall()
        threading.Timer(1.3, camera.resume).start()
        seen.frames(20)
        kinds = {type(sight) for _, sight in seen.seen[12:]}
        assert kinds == {Frame, Silence}
        assert camera.connections == 1
        seen.assert_times_grow()


def test_silence_is_told_at_least_every_half_second(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        seen.frames(5)
        camera.kill()
        seen.lost()
        for _ in range(4):
            seen.until(lambda sight: isinstance(sight, Silence))
        waits = [b - a for (a, _), (b, _) in itertools.pairwise(seen.seen[-4:])]
        assert max(waits) < 0.7
        seen.assert_times_grow()


def test_a_killed_server_is_a_loss_and_not_the_end(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        before = seen.frames(10)[-1]
        camera.kill()
        killed = time.monotonic()
        seen.lost()
        assert time.monotonic() - killed < 3.0
        time.sleep(0.5)
        camera.listen()
        seen.back()
        after = seen.frames(10)[0]
        assert seen.source.counts.reconnects == 1
        elapsed = after.arrived - before.arrived
        assert after.media_time - before.media_time == pytest.approx(elapsed, abs=0.8)
        seen.assert_times_grow()


def test_a_camera_that_hangs_up_is_dialled_again(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        seen.frames(5)
        camera.hang_up()
        seen.lost()
        seen.back()
        seen.frames(5)
        assert camera.connections == 2


def test_garbage_on_the_line_is_survived(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        seen.frames(10)
        camera.send_garbage(3000)
        seen.frames(30)
        seen.assert_times_grow()


def test_damaged_packets_are_counted_and_survived(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        seen.frames(10)
        camera.damage_packets(10)
        seen.frames(40)
        assert seen.source.counts.corrupt > 0
        seen.assert_times_grow()


def test_a_camera_that_is_not_there_is_a_loss_and_comes_when_it_comes(
    film: CameraFilm, watching: Watch
) -> None:
    with RtspServer(film) as camera:
        camera.kill()
        seen = watching(live(rtsp_line(camera.address)))
        assert seen.lost().reason == "it refuses the connection"
        camera.listen()
        seen.back()
        assert seen.frames(1)[0].media_time == 0.0


def test_a_slow_start_is_waited_for(film: CameraFilm, watching: Watch) -> None:
    with RtspServer(film, first_wait=3.0) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        assert seen.lost().reason.startswith("no picture for 2")
        seen.back()
        assert camera.connections == 1


def test_the_camera_is_lost_once_however_often_it_is_tried(
    film: CameraFilm, watching: Watch
) -> None:
    with RtspServer(film) as camera:
        camera.kill()
        seen = watching(live(rtsp_line(camera.address)))
        seen.lost()
        for _ in range(4):
            seen.until(lambda sight: isinstance(sight, Silence))
        assert sum(isinstance(sight, CameraLost) for _, sight in seen.seen) == 1


def lateness(frame: Frame) -> float:
    return datetime.now(UTC).timestamp() - frame.captured_at.timestamp()


def test_the_cameras_own_clock_is_believed_when_it_tells_it(
    film: CameraFilm, watching: Watch
) -> None:
    with RtspServer(film, sender_reports=True, clock_error=-3.0) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        frame = seen.until(lambda sight: isinstance(sight, Frame) and lateness(sight) > 2.5)
        assert isinstance(frame, Frame)
        assert lateness(frame) < 4.5


def test_a_cameras_clock_that_was_never_set_is_not_believed(
    film: CameraFilm, watching: Watch
) -> None:
    with RtspServer(film, sender_reports=True, clock_error=-86400.0) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        seen.frames(30)
        assert all(0.0 <= lateness(frame) < 2.0 for frame in seen.frames(20))


def test_a_frame_is_never_captured_after_it_arrived() -> None:
    arrived = UtcTime(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    ahead = int((arrived.timestamp() + 2) * 1e6)
    assert captured_at(ahead, 0.5, arrived) == arrived


def test_without_a_report_the_arrival_is_the_capture() -> None:
    arrived = UtcTime(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    assert captured_at(None, 0.5, arrived) == arrived


def test_stopping_from_another_thread_ends_a_live_source_soon(film: CameraFilm) -> None:
    with RtspServer(film) as camera:
        source = live(rtsp_line(camera.address))
        threading.Timer(1.5, source.stop).start()
        began = time.monotonic()
        list(source.sights())
        assert 1.4 < time.monotonic() - began < 3.0


def test_stopping_while_the_camera_does_not_answer_is_quick(film: CameraFilm) -> None:
    with RtspServer(film, first_wait=30.0) as camera:
        source = live(rtsp_line(camera.address))
        threading.Timer(0.5, source.stop).start()
        began = time.monotonic()
        list(source.sights())
        assert time.monotonic() - began < 2.0


def test_an_http_camera_shows_its_pictures(watching: Watch) -> None:
    with MjpegServer(password="geheim") as camera:
        seen = watching(live(http_line(camera.address)))
        numbers = [number_in(frame.picture.bgr()) for frame in seen.frames(30)]
        assert numbers == sorted(set(numbers))
        seen.assert_times_grow()


def test_an_http_camera_without_timestamps_is_timed_by_arrival(watching: Watch) -> None:
    with MjpegServer(rate=10) as camera:
        frames = watching(live(http_line(camera.address))).frames(25)
        media = frames[-1].media_time - frames[5].media_time
        assert media == pytest.approx(frames[-1].arrived - frames[5].arrived, abs=0.01)


def test_an_http_camera_with_a_wrong_password_is_a_loss(watching: Watch) -> None:
    with MjpegServer(password="geheim") as camera:
        wrong = camera.address.replace("geheim", "falsch")
        reason = watching(live(http_line(wrong))).lost().reason
        assert reason == "it refuses the user or the password"


def test_broken_pictures_of_an_http_camera_are_counted(watching: Watch) -> None:
    with MjpegServer() as camera:
        seen = watching(live(http_line(camera.address)))
        seen.frames(10)
        camera.send_garbage(5)
        seen.frames(30)
        assert seen.source.counts.corrupt >= 5
        seen.assert_times_grow()


def test_an_http_camera_that_stalls_is_lost_and_comes_back(watching: Watch) -> None:
    with MjpegServer() as camera:
        seen = watching(live(http_line(camera.address)))
        seen.frames(10)
        camera.stall()
        stalled = time.monotonic()
        seen.lost()
        assert time.monotonic() - stalled < 3.0
        camera.resume()
        seen.back()
        seen.assert_times_grow()


def test_a_stream_over_http_that_ends_is_dialled_again(tmp_path: Path, watching: Watch) -> None:
    clip = make_clip(tmp_path / "a.ts", frames=25)
    with MjpegServer(transport_stream=clip.read_bytes()) as camera:
        seen = watching(live(http_line(camera.address)))
        seen.lost()
        seen.back()
        seen.frames(1)
        assert seen.source.counts.reconnects >= 1
        seen.assert_times_grow()


def test_a_playlist_served_by_a_camera_reads_no_files(tmp_path: Path, watching: Watch) -> None:
    clip = make_clip(tmp_path / "a.ts", frames=25)
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\nfile://{clip}\n#EXT-X-ENDLIST\n"
    with MjpegServer(transport_stream=playlist.encode()) as camera:
        seen = watching(live(http_line(camera.address + ".m3u8")))
        seen.lost()
        for _ in range(3):
            seen.until(lambda sight: isinstance(sight, Silence))
        assert seen.source.counts.decoded == 0


def test_a_webcam_behind_the_port_is_watched(tmp_path: Path, watching: Watch) -> None:
    clip = make_clip(tmp_path / "a.mkv", frames=25)

    def opener(device: str, layout: str | None, options: Mapping[str, str]) -> InputContainer:
        assert (device, layout) == ("/dev/video0", "v4l2")
        return av.open(str(clip))

    seen = watching(live(webcam_line("/dev/video0", opener)))
    seen.frames(1)
    seen.lost()  # unplugged
    seen.back()
    seen.frames(1)
    seen.assert_times_grow()


def test_a_webcam_that_is_not_there_is_a_loss(watching: Watch) -> None:
    assert watching(live(webcam_line("/dev/video99"))).lost().reason == "there is no such device"


@pytest.fixture
def secured(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS with a certificate of its own making, and that certificate."""
    return self_made_certificate(tmp_path)


@pytest.mark.requirement("R37")
@pytest.mark.parametrize("kind", ["rtsps", "https"])
def test_a_camera_whose_certificate_is_trusted_is_watched(
    kind: str,
    film: CameraFilm,
    secured: tuple[ssl.SSLContext, Path],
    watching: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    camera = RtspServer(film) if kind == "rtsps" else MjpegServer()
    camera.secured, certificate = secured
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with camera:
        line = rtsp_line if kind == "rtsps" else http_line
        assert watching(live(line(camera.address))).frames(3)


@pytest.mark.requirement("R37")
@pytest.mark.parametrize("kind", ["rtsps", "https"])
def test_a_camera_whose_certificate_nobody_vouches_for_is_not_watched(
    kind: str, film: CameraFilm, secured: tuple[ssl.SSLContext, Path], watching: Watch
) -> None:
    camera = RtspServer(film) if kind == "rtsps" else MjpegServer()
    camera.secured, _ = secured
    with camera:
        line = rtsp_line if kind == "rtsps" else http_line
        seen = watching(live(line(camera.address)))
        assert "certificate is not trusted" in seen.lost().reason
        for _ in range(3):
            seen.until(lambda sight: isinstance(sight, Silence))
        assert seen.source.counts.decoded == 0
        seen.source.stop()


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.slow
def test_fifty_reconnections_leak_no_thread_and_no_descriptor(
    film: CameraFilm, watching: Watch
) -> None:
    # A hundred frames a second: whoever opens it has seen enough of it four times as soon.
    with RtspServer(replace(film, rate=100)) as camera:
        seen = watching(live(rtsp_line(camera.address)))
        seen.frames(2)
        threads, descriptors = threading.active_count(), open_descriptors()
        for _ in range(50):
            camera.hang_up()
            seen.lost()
            seen.back()
        seen.frames(2)
        assert seen.source.counts.reconnects == 50
        assert threading.active_count() == threads
        assert open_descriptors() <= descriptors + 2
        seen.assert_times_grow()
