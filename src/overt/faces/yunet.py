"""The heads of YuNet (OpenCV Zoo, 2023mar): one find for each cell of three grids.

A cell of a grid with stride s tells its face's centre and size, and five points, in units of s;
its score is the geometric mean of "a face" and "an object". Points come as eye, eye, nose, mouth
corner, mouth corner, left to right in the image.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from overt.faces.network_detector import Finds
from overt.models.engines import FixedNetwork
from overt.units import Float32

STRIDES: Final = (8, 16, 32)


def decode_yunet(network: FixedNetwork, floor: float) -> Finds:
    """Read the three grids; of most pictures all but a handful of cells are passed over at once."""
    outputs, columns = network.outputs, network.pixels.shape[2]
    found = []
    for stride in STRIDES:
        likely = outputs[f"cls_{stride}"].reshape(-1) * outputs[f"obj_{stride}"].reshape(-1)
        cells = np.flatnonzero(likely >= floor * floor)
        if len(cells):
            found.append(_finds(outputs, stride, columns // stride, cells))
    if not found:
        return NOTHING
    return Finds(
        boxes=np.concatenate([finds.boxes for finds in found]),
        landmarks=np.concatenate([finds.landmarks for finds in found]),
        scores=np.concatenate([finds.scores for finds in found]),
    )


def _finds(
    outputs: dict[str, Float32], stride: int, columns: int, cells: npt.NDArray[np.intp]
) -> Finds:
    face = outputs[f"cls_{stride}"].reshape(-1)[cells]
    thing = outputs[f"obj_{stride}"].reshape(-1)[cells]
    origin = np.stack([cells % columns, cells // columns], axis=1).astype(np.float32)
    box = outputs[f"bbox_{stride}"].reshape(-1, 4)[cells]
    points = outputs[f"kps_{stride}"].reshape(-1, 5, 2)[cells]
    centre = (origin + box[:, :2]) * stride
    half = np.exp(box[:, 2:]) * (stride / 2)
    return Finds(
        boxes=np.concatenate([centre - half, centre + half], axis=1),
        landmarks=(origin[:, None] + points) * stride,
        scores=np.sqrt(np.clip(face, 0, 1) * np.clip(thing, 0, 1)),
    )


NOTHING: Final = Finds(
    boxes=np.zeros((0, 4), np.float32),
    landmarks=np.zeros((0, 5, 2), np.float32),
    scores=np.zeros(0, np.float32),
)
