"""The heads of YuNet (OpenCV Zoo, 2023mar): one find for each cell of three grids.

A cell of a grid with stride s tells its face's centre and size, and five points, in units of s;
its score is the geometric mean of "a face" and "an object". Points come as eye, eye, nose, mouth
corner, mouth corner, left to right in the image.
"""

from typing import Final

import numpy as np

from overt.faces.network_detector import Finds
from overt.models.engines import FixedNetwork
from overt.units import Float32

STRIDES: Final = (8, 16, 32)


def decode_yunet(network: FixedNetwork, floor: float) -> Finds:
    columns = network.pixels.shape[2]
    found = [_one_grid(network.outputs, stride, columns // stride, floor) for stride in STRIDES]
    return Finds(
        boxes=np.concatenate([finds.boxes for finds in found]),
        landmarks=np.concatenate([finds.landmarks for finds in found]),
        scores=np.concatenate([finds.scores for finds in found]),
    )


def _one_grid(outputs: dict[str, Float32], stride: int, columns: int, floor: float) -> Finds:
    face = outputs[f"cls_{stride}"].reshape(-1)
    thing = outputs[f"obj_{stride}"].reshape(-1)
    scores = np.sqrt(np.clip(face, 0, 1) * np.clip(thing, 0, 1))
    cells = np.flatnonzero(scores >= floor)
    origin = np.stack([cells % columns, cells // columns], axis=1).astype(np.float32)
    box = outputs[f"bbox_{stride}"].reshape(-1, 4)[cells]
    points = outputs[f"kps_{stride}"].reshape(-1, 5, 2)[cells]
    centre = (origin + box[:, :2]) * stride
    half = np.exp(box[:, 2:]) * (stride / 2)
    return Finds(
        boxes=np.concatenate([centre - half, centre + half], axis=1),
        landmarks=(origin[:, None] + points) * stride,
        scores=scores[cells],
    )
