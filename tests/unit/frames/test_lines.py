from collections.abc import Mapping

import av
import pytest
from av import error
from av.container import InputContainer

from overt.frames.lines import Line, open_with_pyav, reason_of, rtsp_line, webcam_line

SECRET = "rtsp://viewer:geheim@192.0.2.10/stream"


def failed(kind: type[error.FFmpegError], code: int, message: str) -> error.FFmpegError:
    return kind(code, message, SECRET)


EVERY_ERROR = [
    kind
    for _, kind in sorted(vars(error).items())
    if isinstance(kind, type) and issubclass(kind, error.FFmpegError)
]


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_no_reason_tells_the_address(kind: type[error.FFmpegError]) -> None:
    reason = reason_of(failed(kind, 5, "Input/output error"))
    assert "192.0.2.10" not in reason
    assert "geheim" not in reason


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (error.ConnectionRefusedError, "refuses the connection"),
        (error.HTTPUnauthorizedError, "the user or the password"),
        (error.HTTPNotFoundError, "no stream at this path"),
        (error.ExitError, "has stopped sending"),
        (error.FileNotFoundError, "no such device"),
    ],
)
def test_a_reason_says_what_to_look_at(kind: type[error.FFmpegError], said: str) -> None:
    assert said in reason_of(failed(kind, 1, "x"))


def test_a_line_never_shows_its_address() -> None:
    assert "geheim" not in repr(rtsp_line(SECRET))


def test_a_webcam_that_gives_no_compressed_pictures_is_opened_as_it_is() -> None:
    asked: list[Mapping[str, str]] = []

    def opener(device: str, layout: str | None, options: Mapping[str, str]) -> InputContainer:
        assert (device, layout) == ("/dev/video0", "v4l2")
        asked.append(options)
        if options:
            raise failed(error.ArgumentError, 22, "Invalid argument")
        return av.open("testsrc=size=64x48:duration=0.1", format="lavfi")

    webcam_line("/dev/video0", opener).dial().close()
    assert asked == [{"input_format": "mjpeg", "video_size": "1280x720"}, {}]


def test_the_last_failure_of_a_line_is_its_failure() -> None:
    line = Line("/dev/video99", "v4l2", ({"input_format": "mjpeg"}, {}), open_with_pyav)
    with pytest.raises(error.FFmpegError) as failure:
        line.dial()
    assert reason_of(failure.value) == "there is no such device"
