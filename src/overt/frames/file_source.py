"""A recording as a camera: any container and codec that FFmpeg reads from a local file.

Only formats with the pictures inside are opened: a playlist is a text that names other files
and addresses, and must not make the program read them.
"""

from collections.abc import Generator
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from overt.errors import Refused
from overt.frames.decoding import decoded, first_video_stream, frame_duration, packets_of_file
from overt.frames.frame import SourceCounts
from overt.frames.pace import Pace
from overt.frames.picture import Conversions
from overt.frames.promise import missing_of, promised
from overt.frames.waiting_source import FROM_THE_START, Reel, Shot, WaitingSource
from overt.units import Clock, Seconds

FORMATS: Final = (
    "mov,matroska,avi,mpegts,mpeg,mpegvideo,gif,apng,h264,hevc,m4v,mjpeg,flv,asf,ogg,ivf,obu,mxf,dv"
)
OPTIONS: Final = {"protocol_whitelist": "file", "format_whitelist": FORMATS}


def file_source(
    path: Path, *, clock: Clock, pace: Pace, resume_from: Seconds = FROM_THE_START
) -> WaitingSource:
    return WaitingSource(
        lambda counts: _open_reel(path, counts, clock),
        clock=clock,
        pace=pace,
        resume_from=resume_from,
    )


def _open_reel(path: Path, counts: SourceCounts, clock: Clock) -> Reel:
    container = _opened(path)
    stream = first_video_stream(container)
    if stream is None:
        container.close()
        raise Refused(f"{path.name} holds no video; give a file with pictures in it")
    # Frame threads add delay, which a recording does not mind. Two keep ahead of inference.
    stream.codec_context.thread_type = "AUTO"
    stream.codec_context.thread_count = 2
    shots = _shots(container, stream, counts, clock)
    return Reel(frame_duration(stream), shots)


def _opened(path: Path) -> InputContainer:
    try:
        path.open("rb").close()  # FFmpeg does not say that permission is what lacks
        # With its protocol, a name with a colon is not taken for an address.
        return av.open(f"file:{path}", options=dict(OPTIONS))
    except FFmpegError:
        raise Refused(
            f"{path.name} is not a video that can be read: of an unknown kind, damaged or cut "
            "short; play it elsewhere to check, and give another copy"
        ) from None
    except FileNotFoundError:
        raise Refused(f"{path.name} does not exist; check the path in `source`") from None
    except PermissionError:
        raise Refused(f"{path.name} cannot be read: no permission; grant read access") from None
    except OSError as trouble:
        raise Refused(f"{path.name} cannot be read: {trouble.strerror}") from None


def _shots(
    container: InputContainer, stream: VideoStream, counts: SourceCounts, clock: Clock
) -> Generator[Shot, None, None]:
    promise, each = promised(container, stream), frame_duration(stream)
    stamps: list[float] = []  # the first and the last
    with container:
        packets = packets_of_file(container, stream, counts)
        for one in decoded(packets, counts, Conversions()):
            if one.stamp is not None:
                stamps[1:] = [one.stamp] if stamps else []
                stamps = stamps or [one.stamp]
            yield Shot(one.stamp, one.picture, clock.monotonic())
    if stamps:
        counts.missing_seconds = missing_of(promise, Seconds(stamps[-1] - stamps[0] + each))
