"""The part around a face shows what the whole converted frame shows there."""

import numpy as np
import pytest
from tests.fakes.clips import drawn
from tests.unit.frames.test_picture import BT601, BT709, FULL, LIMITED, video_frame

from overt.frames.frame import Part
from overt.frames.picture import Conversions, VideoPicture, surroundings
from overt.units import Float32

UNTAGGED = 2


def box(*edges: float) -> Float32:
    return np.array(edges, np.float32)


def difference(part: Part, whole: VideoPicture) -> Float32:
    height, width = part.pixels.shape[:2]
    there = whole.bgr()[part.top : part.top + height, part.left : part.left + width]
    off: Float32 = np.abs(part.pixels.astype(np.float32) - there)
    return off


@pytest.mark.parametrize("matrix", [BT709, BT601, UNTAGGED])
@pytest.mark.parametrize("span", [LIMITED, FULL])
@pytest.mark.parametrize("where", [(100, 50, 160, 120), (-20, -10, 30, 41), (290, 150, 330, 199)])
def test_a_part_has_the_colours_of_the_whole(
    matrix: int, span: int, where: tuple[float, float, float, float]
) -> None:
    frame = video_frame(drawn(3, 320, 192), matrix, span)
    part = VideoPicture(frame, Conversions()).around(box(*where))
    assert 0 < part.pixels.size < 320 * 192 * 3
    off = difference(part, VideoPicture(frame, Conversions()))
    assert off.mean() < 2  # of 255: the whole is converted in whole numbers, cut off
    assert off.max() <= 6


def test_a_frame_of_odd_size_is_shown_to_its_last_pixel() -> None:
    frame = video_frame(drawn(5, 320, 192)).reformat(width=161, height=97)
    part = VideoPicture(frame, Conversions()).around(box(150, 85, 170, 110))
    assert (part.left + part.pixels.shape[1], part.top + part.pixels.shape[0]) == (161, 97)
    assert difference(part, VideoPicture(frame, Conversions())).mean() < 2


def test_other_layouts_and_turned_pictures_are_converted_as_a_whole() -> None:
    frame = video_frame(drawn(3, 320, 192)).reformat(format="yuv444p")
    part = VideoPicture(frame, Conversions()).around(box(100, 50, 160, 120))
    assert part.pixels.shape == (192, 320, 3)
    assert (part.left, part.top) == (0, 0)


def test_a_part_reaches_as_far_as_a_face_is_long_and_stays_in_the_picture() -> None:
    inner = surroundings(box(100, 60, 140, 110), 320, 192)
    assert (inner.left, inner.top, inner.right, inner.bottom) == (70, 34, 172, 136)
    beyond = surroundings(box(-500, -500, -400, -400), 320, 192)
    assert (beyond.left, beyond.top, beyond.right, beyond.bottom) == (0, 0, 1, 1)


@pytest.mark.requirement("R50")
def test_parts_are_made_once_and_overwritten_when_the_picture_is_forgotten() -> None:
    shown = VideoPicture(video_frame(drawn(3, 320, 192)), Conversions())
    part = shown.around(box(100, 50, 160, 120))
    assert shown.around(box(100, 50, 160, 120)).pixels is part.pixels
    assert part.pixels.any()
    shown.forget()
    assert not part.pixels.any()
    with pytest.raises(ValueError, match="forgotten"):
        shown.around(box(100, 50, 160, 120))
