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
WIDTH: Final = 18
NO_ROWS: Final = np.zeros((0, WIDTH), np.float32)


def decode_yunet(network: FixedNetwork, floor: float) -> Finds:
    """Read the three grids; of most pictures all but a handful of cells are passed over at once."""
    columns = network.pixels.shape[2]
    grids = [_likely(network.outputs, stride, columns // stride, floor) for stride in STRIDES]
    rows = np.concatenate([grid for grid in grids if grid is not None] or [NO_ROWS])
    if not len(rows):
        return NOTHING
    stride, origin, box = rows[:, :1], rows[:, 1:3], rows[:, 4:8]
    centre = (origin + box[:, :2]) * stride
    half = np.exp(box[:, 2:]) * (stride / 2)
    points = rows[:, 8:].reshape(-1, 5, 2)
    return Finds(
        boxes=np.concatenate([centre - half, centre + half], axis=1),
        landmarks=(origin[:, None] + points) * stride[:, None],
        scores=np.sqrt(rows[:, 3]),
    )


def _likely(outputs: dict[str, Float32], stride: int, columns: int, floor: float) -> Float32 | None:
    """Each likely cell as a row: stride, column, row, squared score, box (4) and points (10)."""
    face, thing = outputs[f"cls_{stride}"].reshape(-1), outputs[f"obj_{stride}"].reshape(-1)
    cells = np.flatnonzero(face * thing >= floor * floor)
    if not len(cells):
        return None
    rows = np.empty((len(cells), WIDTH), np.float32)
    rows[:, 0] = stride
    rows[:, 1], rows[:, 2] = cells % columns, cells // columns
    rows[:, 3] = face[cells].clip(0, 1) * thing[cells].clip(0, 1)
    rows[:, 4:8] = outputs[f"bbox_{stride}"].reshape(-1, 4)[cells]
    rows[:, 8:] = outputs[f"kps_{stride}"].reshape(-1, 10)[cells]
    return rows


NOTHING: Final = Finds(
    boxes=np.zeros((0, 4), np.float32),
    landmarks=np.zeros((0, 5, 2), np.float32),
    scores=np.zeros(0, np.float32),
)
