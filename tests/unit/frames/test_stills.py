import os
import threading
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.fakes.accounts import unprivileged
from tests.fakes.clips import drawn, number_in

from overt.errors import Refused
from overt.frames.stills import STILL_LIMITS, StillLimits, read_still


def picture(number: int = 5) -> Image.Image:
    return Image.fromarray(drawn(number, 320, 192)[:, :, ::-1])


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_colours_come_as_blue_green_red() -> None:
    red = Image.new("RGB", (8, 8), (255, 0, 0))
    assert read_still(saved(red))[0, 0].tolist() == [0, 0, 255]


TURNS: dict[int, Callable[[Image.Image], Image.Image]] = {
    1: lambda i: i,
    2: lambda i: i.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda i: i.transpose(Image.Transpose.ROTATE_180),
    4: lambda i: i.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda i: i.transpose(Image.Transpose.TRANSPOSE),
    6: lambda i: i.transpose(Image.Transpose.ROTATE_90),
    7: lambda i: i.transpose(Image.Transpose.TRANSVERSE),
    8: lambda i: i.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_exif_orientation_comes_upright(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    still = read_still(saved(TURNS[orientation](picture()), kind, exif=exif))
    assert still.shape == (192, 320, 3)
    assert number_in(still) == 5


@pytest.mark.parametrize("value", [0, 9, 77])
def test_an_orientation_that_does_not_exist_is_taken_as_upright(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert number_in(read_still(saved(picture(), "JPEG", exif=exif))) == 5


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "CMYK"])
def test_every_kind_of_pixel_shows_the_same_picture(mode: str) -> None:
    kind = "TIFF" if mode in {"CMYK", "LA"} else "PNG"
    assert number_in(read_still(saved(picture().convert(mode), kind))) == 5


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    red = Image.new("RGB", (32, 32), (255, 0, 0)).convert("CMYK")
    seen = read_still(saved(red, "JPEG", quality=95))[5, 5].astype(int)
    assert np.abs(seen - (0, 0, 255)).max() < 12


def test_sixteen_bits_are_brought_down_to_eight() -> None:
    deep = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(1, 256).repeat(4, axis=0)
    still = read_still(saved(Image.fromarray(deep)))
    assert still[0, [0, 128, 255], 0].tolist() == [0, 128, 255]


def test_transparency_lies_over_white() -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    assert read_still(saved(clear))[0, 0].tolist() == [255, 255, 255]


def test_a_path_and_its_bytes_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(saved(picture()))
    assert np.array_equal(read_still(path), read_still(path.read_bytes()))


def refusal(
    source: Path | bytes, *, name: str | None = None, limits: StillLimits = STILL_LIMITS
) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(Refused) as refused:
            read_still(source, name=name, limits=limits)
    assert refused.value.__cause__ is None
    return str(refused.value)


def test_an_empty_image_is_refused() -> None:
    assert "is empty" in refusal(b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_a_truncated_image_is_refused(kind: str) -> None:
    content = saved(picture(), kind)
    message = refusal(content[: len(content) // 2], name="row 3: a.jpg")
    assert message.startswith("row 3: a.jpg is ")


def test_a_text_is_refused() -> None:
    assert "not an image of a known kind" in refusal(b"Dear Sir, " * 50)


def test_an_svg_or_pdf_is_refused() -> None:
    assert "not an image of a known kind" in refusal(b"%PDF-1.7\n" + b"x" * 500)


def test_an_animation_is_refused() -> None:
    content = saved(picture(1), "GIF", save_all=True, append_images=[picture(2)])
    assert "several pictures" in refusal(content)


def test_measurements_are_refused() -> None:
    assert "measurements" in refusal(saved(Image.new("F", (8, 8)), "TIFF"))


def test_more_pixels_than_allowed_are_refused_before_they_unfold() -> None:
    bomb = saved(Image.new("1", (9000, 9000)))
    assert len(bomb) < 20_000
    assert "more than 64 million pixels" in refusal(bomb)


def test_a_bomb_beyond_what_pillow_opens_is_refused_alike() -> None:
    bomb = saved(Image.new("1", (20_000, 20_000)))
    assert "more than 64 million pixels" in refusal(bomb)


def test_more_bytes_than_allowed_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.bmp"
    path.write_bytes(saved(Image.new("RGB", (700, 700)), "BMP"))
    assert "larger than 1 MiB" in refusal(path, limits=StillLimits(most_bytes=2**20))


def test_a_missing_image_is_refused_by_name(tmp_path: Path) -> None:
    assert "gone.jpg does not exist" in refusal(tmp_path / "gone.jpg", name="gone.jpg")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "is not a file" in refusal(tmp_path / "pipe.jpg")


def test_an_endless_device_is_refused() -> None:
    assert "is not a file" in refusal(Path("/dev/zero"))


def test_a_null_in_the_path_is_refused() -> None:
    assert "cannot be read" in refusal(Path("a\0b.jpg"))


def test_an_image_without_rights_is_refused(open_folder: Path) -> None:
    path = open_folder / "a.png"
    path.write_bytes(saved(picture()))
    path.chmod(0)
    with unprivileged():
        assert "no permission" in refusal(path)


def test_many_threads_read_without_disturbing_the_warning_filters() -> None:
    content = saved(picture().convert("P"), "PNG", transparency=b"\x00\x10")
    before = list(warnings.filters)
    threads = [threading.Thread(target=read_still, args=(content,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warnings.filters == before


SMALL = picture().resize((40, 24))
EXIF = Image.Exif()
EXIF[0x0112] = 6
SEEDS = [
    saved(SMALL, "JPEG", exif=EXIF),
    saved(SMALL, "PNG", exif=EXIF),
    saved(SMALL.convert("P"), "PNG", transparency=b"\x00\x10"),
    saved(SMALL, "WEBP", exif=EXIF),
    saved(SMALL, "TIFF", exif=EXIF),
    saved(SMALL, "TIFF", compression="tiff_lzw"),
    saved(SMALL, "BMP"),
    saved(SMALL.convert("P"), "GIF"),
    saved(SMALL, "PPM"),
    saved(SMALL.convert("CMYK"), "JPEG"),
]
changes = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), changes, st.floats(0.02, 1.0), st.binary(max_size=40))
def test_hostile_bytes_give_an_image_or_a_refusal_and_nothing_else(
    seed: bytes, changed: list[tuple[float, int]], keep: float, tail: bytes
) -> None:
    content = bytearray(seed[: max(1, int(len(seed) * keep))])
    for place, value in changed:
        content[int(place * (len(content) - 1))] = value
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            still = read_still(bytes(content) + tail)
        except Refused:
            return
    assert still.dtype == np.uint8
    assert still.ndim == 3
    assert still.shape[2] == 3
