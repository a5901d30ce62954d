"""Two public-domain portraits that ship inside PyPI packages: no face is in this repository.

Eileen Collins (NASA, 1996) comes with scikit-image as `astronaut`; Grace Hopper (US Navy, 1984)
comes with matplotlib. The packages are located, not imported.
"""

from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import cv2

from overt.errors import Refused
from overt.units import UInt8


class Sitter(Enum):
    COLLINS = "collins"
    HOPPER = "hopper"


@dataclass(frozen=True, slots=True)
class Portrait:
    sitter: Sitter
    package: str
    file: str
    head: tuple[int, int, int, int]
    """x y width height of head and shoulders in the picture, pixels."""
    credit: str


PORTRAITS: Final = {
    Sitter.COLLINS: Portrait(
        Sitter.COLLINS, "skimage", "data/astronaut.png", (105, 0, 240, 300), "NASA, public domain"
    ),
    Sitter.HOPPER: Portrait(
        Sitter.HOPPER,
        "matplotlib",
        "mpl-data/sample_data/grace_hopper.jpg",
        (30, 0, 460, 575),
        "US Navy, public domain",
    ),
}


def portrait_file(sitter: Sitter) -> Path:
    """Where the picture lies on this machine; Refused if its package is not installed."""
    portrait = PORTRAITS[sitter]
    spec = find_spec(portrait.package)
    folders = (spec.submodule_search_locations if spec else None) or []
    for folder in folders:
        if (found := Path(folder) / portrait.file).is_file():
            return found
    raise Refused(
        f"the demonstration needs the picture {portrait.file} of the package {portrait.package}: "
        "reinstall overt with its dependencies"
    )


def portrait(sitter: Sitter) -> UInt8:
    """The whole picture, (height, width, 3) uint8 BGR."""
    picture = cv2.imread(str(portrait_file(sitter)), cv2.IMREAD_COLOR)
    if picture is None:
        raise Refused(f"{portrait_file(sitter)} cannot be read as a picture; reinstall its package")
    return picture.astype("uint8", copy=False)


def head_and_shoulders(sitter: Sitter) -> UInt8:
    """The part of the picture that walks through the street."""
    x, y, width, height = PORTRAITS[sitter].head
    return portrait(sitter)[y : y + height, x : x + width].copy()
