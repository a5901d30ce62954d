"""Packets in, whole pictures out: decodes one video stream and survives what is broken in it.

Packets and frames that the decoder refuses or marks as damaged are counted and left out:
evidence does not rest on pixels that a decoder made up. Interlaced frames are deinterlaced, one
out for one in, with their times kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import av
from av.container import InputContainer
from av.error import BlockingIOError as NotYet
from av.error import EOFError as Ended
from av.error import FFmpegError
from av.filter import Graph
from av.video.stream import VideoStream

from overt.frames.frame import SourceCounts
from overt.frames.picture import SQUARE, Conversions, VideoPicture
from overt.units import Seconds

# Packets are generic to the type checker and not when the program runs: hence the quotes.
VideoPacket: TypeAlias = "av.Packet[VideoStream]"

USUAL_RATE: Final = 25.0
ODDEST_SHAPE: Final = 3.0
"""Pixels that are told to be longer than this are a flaw of the file."""
MOST_BROKEN_READS: Final = 100
"""So many reads in a row that give nothing but errors: the rest of the file is lost."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture and the timestamp that came with it, in seconds of the stream."""

    stamp: float | None
    picture: VideoPicture


def first_video_stream(container: InputContainer) -> VideoStream | None:
    return container.streams.video[0] if container.streams.video else None


def frame_duration(stream: VideoStream) -> Seconds:
    """The nominal time between frames, for those that come without a timestamp."""
    rate = float(stream.average_rate or stream.guessed_rate or USUAL_RATE)
    return Seconds(1.0 / rate if 1.0 <= rate <= 1000.0 else 1.0 / USUAL_RATE)


def pixel_shape(stream: VideoStream) -> float:
    """How many times as wide as high a pixel is meant to be shown: 1440x1080 may mean 1920x1080."""
    told = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    shape = float(told) if told else SQUARE
    return shape if 1 / ODDEST_SHAPE <= shape <= ODDEST_SHAPE else SQUARE


def decoded(
    packets: Iterable[VideoPacket], counts: SourceCounts, conversions: Conversions
) -> Iterator[Decoded]:
    """Every whole picture of the packets; looked at, upright, deinterlaced and of square pixels."""
    weave, shape = Deinterlacing(), SQUARE
    for packet in packets:
        for frame in frames_of(packet, counts):
            for whole in weave.through(frame):
                shape = pixel_shape(packet.stream)
                yield Decoded(whole.time, VideoPicture(whole, conversions, shape))
    for whole in weave.rest():
        yield Decoded(whole.time, VideoPicture(whole, conversions, shape))


def packets_of_file(
    container: InputContainer, stream: VideoStream, counts: SourceCounts
) -> Iterator[VideoPacket]:
    """Read to the end; a read that fails is counted and the next one tried."""
    broken = 0
    while broken < MOST_BROKEN_READS:
        try:
            for packet in container.demux(stream):
                broken = 0
                yield packet
        except FFmpegError:
            counts.corrupt += 1
            broken += 1
        else:
            return


def frames_of(packet: VideoPacket, counts: SourceCounts) -> list[av.VideoFrame]:
    """The frames that a packet completes, without the damaged ones."""
    if packet.is_corrupt:
        counts.corrupt += 1
    try:
        frames = [f for f in packet.decode() if isinstance(f, av.VideoFrame)]
    except FFmpegError:
        counts.corrupt += 1
        return []
    whole = [frame for frame in frames if not frame.is_corrupt]
    counts.corrupt += len(frames) - len(whole)
    return whole


class Deinterlacing:
    """Passes progressive video untouched; from the first interlaced frame on, runs bwdif.

    bwdif needs the next field to interpolate, so an interlaced source is one frame late.
    """

    def __init__(self) -> None:
        self._graph: Graph | None = None
        self._shape: tuple[int, int, str] | None = None

    def through(self, frame: av.VideoFrame) -> Iterator[av.VideoFrame]:
        if self._graph is None and not frame.interlaced_frame:
            yield frame
            return
        shape = (frame.width, frame.height, frame.format.name)
        if self._graph is not None and shape != self._shape:
            yield from self.rest()
        if self._graph is None and frame.interlaced_frame:
            self._graph, self._shape = graph_for(frame), shape
        if self._graph is None:
            yield frame
            return
        self._graph.vpush(frame)
        yield from pulled(self._graph)

    def rest(self) -> Iterator[av.VideoFrame]:
        """What the filter still holds."""
        graph, self._graph = self._graph, None
        if graph is not None:
            graph.vpush(None)
            yield from pulled(graph)


def graph_for(frame: av.VideoFrame) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
    )
    # One frame for each frame, and only those marked as interlaced are touched.
    bwdif = graph.add("bwdif", "mode=send_frame:parity=auto:deint=interlaced")
    graph.link_nodes(source, bwdif, graph.add("buffersink"))
    graph.configure()
    return graph


def pulled(graph: Graph) -> Iterator[av.VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (NotYet, Ended):
            return
