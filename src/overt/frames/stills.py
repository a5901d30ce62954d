"""Reads one still image that nobody vouches for, or refuses it with one clear message.

Accepts JPEG, PNG, WebP, BMP, TIFF, GIF and PNM with one picture inside. Turns it upright by its
EXIF orientation, lays transparency over white, brings 16 bits down to 8. Size limits apply
before a pixel is decoded, so a small file cannot unfold into all the memory.
"""

import os
import stat
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from overt.errors import Refused
from overt.units import UInt8

FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "PPM")
BESIDES: Final = ("PIL.TiffImagePlugin", "PIL.WebPImagePlugin")
"""Kinds that Pillow does not know from the start; to be imported makes them known."""
SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".ppm", ".pgm", ".pnm"}
)
EXIF_ORIENTATION: Final = 0x0112
UPRIGHT: Final[Mapping[int, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF 2.32, tag 0x0112: what brings each orientation upright."""
WHITE: Final = (255, 255, 255, 255)
_QUIET = Lock()


@dataclass(frozen=True, slots=True)
class StillLimits:
    most_bytes: int = 64 * 2**20
    most_pixels: int = 64_000_000


STILL_LIMITS: Final = StillLimits()


def read_still(
    source: Path | bytes, *, name: str | None = None, limits: StillLimits = STILL_LIMITS
) -> UInt8:
    """Read an image as upright (height, width, 3) uint8 BGR.

    `name` is what the message calls the image; a path is called by its own name otherwise.
    """
    if isinstance(source, bytes):
        return _decode(source, name or "the image", limits)
    return _decode(still_contents(source, name or str(source), limits), name or str(source), limits)


def still_contents(path: Path, name: str, limits: StillLimits = STILL_LIMITS) -> bytes:
    """Read all of a regular file; a device or a pipe could go on for ever."""
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Refused(f"{name} is not a file; give the path of a file")
            return file.read(limits.most_bytes + 1)
    except FileNotFoundError:
        raise Refused(f"{name} does not exist; check the path") from None
    except IsADirectoryError:
        raise Refused(f"{name} is a folder; give the path of a file") from None
    except PermissionError:
        raise Refused(f"{name} cannot be read: no permission; grant read access") from None
    except (OSError, ValueError) as trouble:  # ValueError: a null character in the path
        why = getattr(trouble, "strerror", None) or "not a path"
        raise Refused(f"{name} cannot be read: {why}") from None


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _decode(contents: bytes, name: str, limits: StillLimits) -> UInt8:
    if not contents:
        raise Refused(f"{name} is empty; give another copy of the image")
    if len(contents) > limits.most_bytes:
        raise Refused(
            f"{name} is larger than {limits.most_bytes // 2**20} MiB; save the image smaller"
        )
    for besides in BESIDES:  # Image.init() would load forty more
        import_module(besides)
    try:
        with _pillow_quiet(), Image.open(BytesIO(contents), formats=FORMATS) as image:
            _refuse_what_is_no_still(image, name, limits)
            return _bgr(image)
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused(f"{name} is not an image of a known kind; save it as JPEG or PNG") from None
    except Image.DecompressionBombError:
        raise Refused(_too_many_pixels(name, limits)) from None
    # Pillow lets through whatever its parsers trip over: struct, index, key, type and system
    # errors among them. All of them mean the same to the person who brought the image.
    except Exception:  # noqa: BLE001
        raise Refused(f"{name} is damaged or cut short; give another copy of the image") from None


def _refuse_what_is_no_still(image: Image.Image, name: str, limits: StillLimits) -> None:
    width, height = image.size
    if width * height > limits.most_pixels:
        raise Refused(_too_many_pixels(name, limits))
    # MPO is what some cameras write: a JPEG with a preview or a second eye behind it.
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise Refused(f"{name} holds several pictures; save the one that is meant as JPEG or PNG")
    if image.mode == "F":
        raise Refused(f"{name} holds measurements, not a photograph; save it as JPEG or PNG")


def _too_many_pixels(name: str, limits: StillLimits) -> str:
    return f"{name} has more than {limits.most_pixels // 10**6} million pixels; save it smaller"


def _bgr(image: Image.Image) -> UInt8:
    image.load()  # first: PNG may keep its EXIF last, and TIFF turns itself upright here
    orientation = _orientation(image)
    upright = _rgb(image)
    if orientation in UPRIGHT:
        upright = upright.transpose(UPRIGHT[orientation])
    return np.ascontiguousarray(np.asarray(upright, dtype=np.uint8)[:, :, ::-1])


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(EXIF_ORIENTATION, 1)
    # A damaged EXIF block says nothing about the pixels; a face lying on its side is refused
    # later, when none is found.
    except Exception:  # noqa: BLE001
        return 1
    return value if isinstance(value, int) else 1


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        picture = image.convert("RGBA")
        paper = Image.new("RGBA", picture.size, WHITE)
        return Image.alpha_composite(paper, picture).convert("RGB")
    return image.convert("RGB")


def _eight_bits(values: npt.NDArray[np.integer]) -> UInt8:
    return (np.clip(values.astype(np.int64), 0, 0xFFFF) >> 8).astype(np.uint8)


@contextmanager
def _pillow_quiet() -> Iterator[None]:
    """Keep Pillow's warnings about odd files from the person; the filters are process-wide."""
    with _QUIET, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL(\.|$)")
        warnings.filterwarnings("ignore", module=__name__.replace(".", r"\."))
        yield
