import av
import cv2
import numpy as np
import pytest
from tests.fakes.clips import drawn

from overt.frames.picture import Conversions, StillPicture, VideoPicture, packed
from overt.units import UInt8

BT709, BT601 = 1, 5
LIMITED, FULL = 1, 2
RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)


def bars() -> UInt8:
    image = np.zeros((72, 120, 3), np.uint8)
    for i, colour in enumerate((RED, GREEN, BLUE)):
        image[:, i * 40 : (i + 1) * 40] = colour
    return image


def video_frame(image: UInt8, matrix: int = BT709, span: int = LIMITED) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(image, "bgr24").reformat(
        format="yuv420p",
        dst_colorspace="ITU709" if matrix == BT709 else "ITU601",
        dst_color_range="MPEG" if span == LIMITED else "JPEG",
    )
    frame.colorspace, frame.color_range = matrix, span
    return frame


def picture(image: UInt8) -> VideoPicture:
    return VideoPicture(video_frame(image), Conversions())


@pytest.mark.parametrize("matrix", [BT709, BT601])
@pytest.mark.parametrize("span", [LIMITED, FULL])
@pytest.mark.parametrize("size", [(120, 72), (60, 36)])
def test_colours_follow_the_tags_of_the_frame(
    matrix: int, span: int, size: tuple[int, int]
) -> None:
    shown = VideoPicture(video_frame(bars(), matrix, span), Conversions()).scaled_bgr(*size)
    for i, colour in enumerate((RED, GREEN, BLUE)):
        seen = shown[size[1] // 2, round(size[0] * (i + 0.5) / 3)].astype(int)
        assert np.abs(seen - colour).max() <= 6


@pytest.mark.parametrize("target", [(640, 384), (320, 180), (333, 201)])
def test_a_scaled_picture_is_close_to_an_exact_area_average(target: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (180, 320), np.uint8)
    image = cv2.resize(noise, (1280, 720), interpolation=cv2.INTER_CUBIC)
    original = picture(np.repeat(image[:, :, None], 3, axis=2))
    exact = cv2.resize(original.bgr(), target, interpolation=cv2.INTER_AREA)
    difference = np.abs(original.scaled_bgr(*target).astype(int) - exact)
    assert difference.mean() < 1.0


def test_a_scaled_picture_has_exactly_the_size_that_was_asked_for() -> None:
    assert picture(drawn(3, 320, 192)).scaled_bgr(101, 57).shape == (57, 101, 3)


def test_a_picture_is_converted_once() -> None:
    one = picture(drawn(3, 320, 192))
    assert one.bgr() is one.bgr()
    assert one.scaled_bgr(160, 96) is one.scaled_bgr(160, 96)


def test_asking_for_the_full_size_gives_the_full_picture() -> None:
    one = picture(drawn(3, 320, 192))
    assert one.scaled_bgr(320, 192) is one.bgr()


def test_two_pictures_of_one_source_do_not_share_pixels() -> None:
    conversions = Conversions()
    first = VideoPicture(video_frame(drawn(1, 320, 192)), conversions).bgr()
    kept = first.copy()
    VideoPicture(video_frame(drawn(2, 320, 192)), conversions).bgr()
    assert np.array_equal(first, kept)


@pytest.mark.requirement("R50")
def test_forgetting_a_picture_overwrites_what_was_converted() -> None:
    one = picture(drawn(3, 320, 192))
    full, small = one.bgr(), one.scaled_bgr(160, 96)
    one.forget()
    assert not full.any()
    assert not small.any()


@pytest.mark.requirement("R50")
@pytest.mark.parametrize("width", [320, 318, 250])
def test_a_conversion_leaves_no_second_copy_behind(width: int) -> None:
    """Rows of 318 and 250 pixels have gaps in the converter's memory, so they are copied."""
    frame = av.VideoFrame(width, 64, "bgr24")
    for plane in frame.planes:
        plane.update(bytes([77]) * plane.buffer_size)
    pixels = packed(frame)
    assert (pixels == 77).all()
    pixels.fill(0)
    assert not any(any(bytes(plane)) for plane in frame.planes)


def test_a_forgotten_picture_cannot_be_looked_at() -> None:
    one = picture(drawn(3, 320, 192))
    one.forget()
    with pytest.raises(ValueError, match="forgotten"):
        one.bgr()


@pytest.mark.requirement("R50")
def test_forgetting_a_still_overwrites_it() -> None:
    image = drawn(3, 320, 192)
    still = StillPicture(image)
    small = still.scaled_bgr(80, 48)
    still.forget()
    assert not image.any()
    assert not small.any()


def test_a_still_shrinks_by_area() -> None:
    image = drawn(3, 320, 192)
    exact = cv2.resize(image, (80, 48), interpolation=cv2.INTER_AREA)
    assert np.array_equal(StillPicture(image).scaled_bgr(80, 48), exact)
