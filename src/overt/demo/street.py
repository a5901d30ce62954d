"""Composes the clip of the demonstration: people cross a street at changing size, blur and light.

What walks is a portrait warped in pose, lit anew, blurred, made noisy and compressed: enough to
exercise every stage, and nothing that measures accuracy (see docs/caveats.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np

from overt.demo.portraits import Sitter, head_and_shoulders
from overt.units import Float32, Seconds, UInt8

WIDTH: Final = 1280
HEIGHT: Final = 720
FPS: Final = 25
GRAIN: Final = 64
"""The sensor's noise is one field, shifted at random by up to so many pixels each frame."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One person crossing the street once."""

    sitter: Sitter
    begins: Seconds
    ends: Seconds
    from_x: float
    """Share of the width where the head starts."""
    to_x: float
    head_from: int
    """Height of head and shoulders in pixels, far away and near."""
    head_to: int
    phase: float
    """Where in their stride they begin, in radians: two people never sway together."""


SCENE: Final = (
    Walk(Sitter.HOPPER, Seconds(0.6), Seconds(4.0), 0.18, 0.62, 200, 330, 0.4),
    Walk(Sitter.COLLINS, Seconds(5.2), Seconds(8.8), 0.78, 0.30, 260, 430, 1.1),
    Walk(Sitter.HOPPER, Seconds(5.6), Seconds(8.9), 0.22, 0.80, 180, 280, 2.3),
)
"""One walks alone; then two cross each other's path."""
DURATION: Final = Seconds(11.4)
"""The street is empty for the last two and a half seconds."""


def write_clip(
    path: Path, *, walks: Sequence[Walk] = SCENE, seed: int = 7, lasts: Seconds = DURATION
) -> None:
    """Write the clip as H.264; the same seed gives the same pictures."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264", rate=FPS, options={"crf": "25", "preset": "veryfast"}
        )
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, FPS)
        for picture in pictures(walks, seed=seed, lasts=lasts):
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def pictures(walks: Sequence[Walk], *, seed: int, lasts: Seconds = DURATION) -> Iterator[UInt8]:
    """Every frame of the clip, (HEIGHT, WIDTH, 3) uint8 BGR."""
    chance = np.random.default_rng(seed)
    street = _street(chance)
    grain = np.rint(chance.normal(0.0, 3.0, (HEIGHT + GRAIN, WIDTH + GRAIN, 3))).astype(np.int16)
    heads = {walk.sitter: head_and_shoulders(walk.sitter) for walk in walks}
    for number in range(round(lasts * FPS)):
        at = number / FPS
        canvas = street.copy()
        # Whoever is nearer is drawn later and hides the other.
        present = [w for w in walks if w.begins <= at < w.ends]
        for walk in sorted(present, key=lambda w: _head_height(w, at)):
            _draw(canvas, heads[walk.sitter], walk, at)
        light = cv2.convertScaleAbs(canvas, alpha=1.0 + 0.10 * np.sin(2 * np.pi * at / 5.0))
        dx, dy = (int(v) for v in chance.integers(0, GRAIN, 2))
        noise = grain[dy : dy + HEIGHT, dx : dx + WIDTH]
        yield cv2.add(light, noise, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def _progress(walk: Walk, at: float) -> float:
    return (at - walk.begins) / (walk.ends - walk.begins)


def _head_height(walk: Walk, at: float) -> float:
    return walk.head_from + (walk.head_to - walk.head_from) * _progress(walk, at)


def _draw(canvas: UInt8, head: UInt8, walk: Walk, at: float) -> None:
    """Draw one person: pose, light and blur first, then a soft cut-out over a coat."""
    share = _progress(walk, at)
    height = _head_height(walk, at)
    picture, mask = _posed(head, share, walk.phase)
    scale = height / picture.shape[0]
    size = (max(8, round(picture.shape[1] * scale)), max(8, round(height)))
    blur = 0.6 + 0.7 * (0.5 + 0.5 * np.sin(9.0 * share + walk.phase))
    shown = cv2.GaussianBlur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), (0, 0), blur)
    alpha = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    x = round((walk.from_x + (walk.to_x - walk.from_x) * share) * WIDTH - size[0] / 2)
    y = round(HEIGHT * 0.16 + 5 * np.sin(2 * np.pi * 1.8 * at + walk.phase))
    _coat(canvas, x, y, size, walk.sitter)
    _paste(canvas, shown.astype(np.float32), alpha.astype(np.float32), x, y)


def _posed(head: UInt8, share: float, phase: float) -> tuple[Float32, Float32]:
    """Turn the head a little, as a perspective warp with a roll, and light it from one side."""
    height, width = head.shape[:2]
    yaw = 0.07 * np.sin(2 * np.pi * share + phase)
    roll = np.deg2rad(4.0 * np.sin(4 * np.pi * share + phase))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turned = corners.copy()
    turned[[0, 3], 0] += width * max(yaw, 0.0)
    turned[[1, 2], 0] += width * min(yaw, 0.0)
    turned[[1, 2], 1] += np.array([1, -1], np.float32) * height * yaw / 2
    centre = np.array([width / 2, height / 2], np.float32)
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]], np.float32)
    rolled = ((turned - centre) @ turn.T + centre).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, rolled)
    picture = cv2.warpPerspective(head.astype(np.float32), matrix, (width, height), borderMode=1)
    mask = cv2.warpPerspective(_cut_out(height, width), matrix, (width, height))
    side = 1.0 + 0.14 * np.sin(3 * share + phase) * np.linspace(-1, 1, width, dtype=np.float32)
    gain = np.float32(0.92 + 0.12 * np.sin(5 * share + 2 * phase))
    lit = picture * side[None, :, None] * gain
    return lit.astype(np.float32), mask.astype(np.float32)


@cache
def _cut_out(height: int, width: int) -> Float32:
    """A soft mask of head and shoulders, (height, width) float32 from 0 to 1; made once a size."""
    mask = np.zeros((height, width), np.uint8)
    head = (round(width * 0.5), round(height * 0.40))
    cv2.ellipse(mask, head, (round(width * 0.36), round(height * 0.38)), 0, 0, 360, (255,), -1)
    shoulders = (round(width * 0.5), round(height * 1.06))
    cv2.ellipse(mask, shoulders, (width // 2, round(height * 0.36)), 0, 0, 360, (255,), -1)
    soft = cv2.GaussianBlur(mask, (0, 0), width * 0.02)
    made: Float32 = (soft / np.float32(255)).astype(np.float32)
    made.setflags(write=False)
    return made


_COATS: Final = {Sitter.COLLINS: (38, 74, 150), Sitter.HOPPER: (72, 58, 40)}


def _coat(canvas: UInt8, x: int, y: int, size: tuple[int, int], sitter: Sitter) -> None:
    width, height = size
    top, middle = y + round(height * 0.80), x + width // 2
    left, right = middle - round(width * 0.52), middle + round(width * 0.52)
    outline = [
        (middle - width // 4, top), (middle + width // 4, top),
        (right, top + height // 4), (right, HEIGHT + 40), (left, HEIGHT + 40),
        (left, top + height // 4),
    ]  # fmt: skip
    cv2.fillPoly(canvas, [np.array(outline, np.int32)], _COATS[sitter], cv2.LINE_AA)


def _paste(canvas: UInt8, picture: Float32, mask: Float32, x: int, y: int) -> None:
    height, width = mask.shape
    left, top = max(0, x), max(0, y)
    right, bottom = min(WIDTH, x + width), min(HEIGHT, y + height)
    if left >= right or top >= bottom:
        return
    part = np.s_[top - y : bottom - y, left - x : right - x]
    alpha = mask[part][..., None]
    behind = canvas[top:bottom, left:right]
    mixed = alpha * picture[part] + (1 - alpha) * behind
    canvas[top:bottom, left:right] = np.clip(mixed, 0, 255).astype(np.uint8)


def _street(chance: np.random.Generator) -> UInt8:
    """A quiet street: sky, two rows of houses with windows, pavement and kerb."""
    street = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    sky = np.linspace(0, 1, HEIGHT // 2, dtype=np.float32)[:, None]
    street[: HEIGHT // 2] = (np.array([205, 190, 170]) + 25 * sky[..., None]).astype(np.float32)
    street[HEIGHT // 2 :] = (118, 122, 126)
    x = 0
    while x < WIDTH:
        width, top = int(chance.integers(120, 230)), int(chance.integers(30, 130))
        brick = tuple(float(v) for v in chance.integers(115, 165, 3))
        cv2.rectangle(street, (x, top), (x + width, int(HEIGHT * 0.62)), brick, -1)
        for window_y in range(top + 30, int(HEIGHT * 0.55), 80):
            for window_x in range(x + 18, x + width - 40, 58):
                glass = float(chance.integers(55, 110))
                corner = (window_x + 30, window_y + 46)
                cv2.rectangle(
                    street, (window_x, window_y), corner, (glass + 18, glass + 8, glass), -1
                )
        x += width
    for line in range(9):
        y = int(HEIGHT * 0.62 + line * line * 4.6)
        cv2.line(street, (0, y), (WIDTH, y), (100, 104, 108), 2)
    texture = chance.normal(0.0, 5.0, (HEIGHT // 2, WIDTH // 2)).astype(np.float32)
    rough = street + cv2.resize(texture, (WIDTH, HEIGHT))[..., None]
    return np.clip(cv2.GaussianBlur(rough, (0, 0), 1.4), 0, 255).astype(np.uint8)
