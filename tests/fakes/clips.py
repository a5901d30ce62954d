"""Makes small clips with a known moving pattern; no faces, no files from outside.

Every frame shows a grey slope, a square that moves two pixels a field, and the frame's number as
eight black or white bars along the top, so that a test can tell which frame it was given.
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from overt.units import UInt8

BITS = 12


def drawn(number: int, width: int, height: int, *, woven: bool = False) -> UInt8:
    """The picture with this number; `woven` draws the two fields at two moments."""
    slope = np.linspace(40, 200, width, dtype=np.uint8)
    image = np.repeat(np.tile(slope, (height, 1))[:, :, None], 3, axis=2)
    top = height // 4
    for field in (0, 1):
        x = (2 * (2 * number + (field if woven else 0))) % (width - width // 4)
        image[top + field :: 2, x : x + width // 8] = (20, 80, 240)
    bar = width // BITS
    for bit in range(BITS):
        image[: height // 8, bit * bar : (bit + 1) * bar] = 255 if number >> bit & 1 else 0
    return image


def number_in(image: UInt8) -> int:
    """Read the number back from a picture of any size."""
    height, width = image.shape[:2]
    bar = width // BITS
    strip = image[: max(1, height // 10), :, 1].mean(axis=0)
    return sum(int(strip[b * bar + bar // 2] > 128) << b for b in range(BITS))


def make_clip(
    path: Path,
    *,
    frames: int = 50,
    size: tuple[int, int] = (320, 192),
    rate: int = 25,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    first_number: int = 0,
    rotation: int = 0,
    woven: bool = False,
    container_options: dict[str, str] | None = None,
    pixel_format: str = "yuv420p",
    noise: int = 0,
    pixel_shape: Fraction = Fraction(1),
) -> Path:
    """Write a clip.

    `size` is how it is shown; where a pixel's shape is not 1, it is stored as much narrower.

    `rotation` stores it lying on its side, with a mark that brings it upright; `noise` is added
    to every pixel, up to so many steps, as a camera's sensor does.
    """
    chance = np.random.default_rng(first_number)
    chosen = {"preset": "ultrafast", "g": "12", "threads": "1"} if codec == "libx264" else {}
    with av.open(str(path), "w", options=container_options or {}) as out:
        stream = out.add_stream(codec, rate=rate, options=chosen | (options or {}))
        assert isinstance(stream, VideoStream)
        stored = round(size[0] / pixel_shape), size[1]
        stream.width, stream.height, stream.pix_fmt = *stored, pixel_format
        if pixel_shape != 1:
            stream.codec_context.sample_aspect_ratio = pixel_shape
        if rotation:
            stream.set_display_rotation(rotation)
        for number in range(first_number, first_number + frames):
            shown = size if rotation % 180 == 0 else size[::-1]
            image = np.ascontiguousarray(
                np.rot90(drawn(number, *shown, woven=woven), -rotation // 90)
            )
            if pixel_shape != 1:
                image = np.asarray(cv2.resize(image, stored, interpolation=cv2.INTER_AREA))
            if noise:
                grain = chance.integers(0, noise, image.shape, np.uint8)
                image = np.where(image < 255 - noise, image + grain, image)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, "bgr24")))
        out.mux(stream.encode())
    return path


def with_another_clock(clip: Path, *, after: int, ahead: float, to: Path) -> Path:
    """Write it again with every stamp after so many frames this many seconds ahead."""
    with av.open(str(clip)) as source, av.open(str(to), "w") as out:
        stream = source.streams.video[0]
        copy = out.add_stream_from_template(stream)
        for number, packet in enumerate(p for p in source.demux(stream) if p.size):
            if number >= after and packet.pts is not None and packet.time_base is not None:
                leap = round(ahead / packet.time_base)
                packet.pts, packet.dts = packet.pts + leap, packet.pts + leap
            packet.stream = copy
            out.mux(packet)
    return to


def make_interlaced_clip(path: Path, *, frames: int = 50) -> Path:
    return make_clip(
        path, frames=frames, options={"x264-params": "tff=1"}, woven=True, size=(320, 288)
    )


def truncated(clip: Path, *, keep: float, to: Path) -> Path:
    content = clip.read_bytes()
    to.write_bytes(content[: int(len(content) * keep)])
    return to


def with_garbage(clip: Path, *, start: float, length: int, seed: int, to: Path) -> Path:
    """Overwrite part of the file with noise."""
    content = bytearray(clip.read_bytes())
    at = int(len(content) * start)
    content[at : at + length] = np.random.default_rng(seed).bytes(length)
    to.write_bytes(bytes(content))
    return to


def joined(clips: Sequence[Path], *, to: Path) -> Path:
    """MPEG transport streams one after the other: sizes and timestamps jump where they meet."""
    to.write_bytes(b"".join(clip.read_bytes() for clip in clips))
    return to
