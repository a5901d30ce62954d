"""Which finds look like a face at all: landmarks in order and inside their box.

Prints on clothing, hands and foliage raise a detector's score now and then, but seldom with five
points that could belong to a face turned towards the camera.
"""

import numpy as np
import numpy.typing as npt

from overt.units import Float32


def plausible(boxes: Float32, landmarks: Float32) -> npt.NDArray[np.bool_]:
    """Say for each row whether its points could be those of an upright or tilted face.

    The eyes lie left to right, the mouth below them as the face stands, every point within a
    quarter of the box's size of it, and no two distances are out of all proportion. Profiles pass:
    they are counted and tracked, and the quality gate judges pose.
    """
    left, right = landmarks[:, 0], landmarks[:, 1]
    between = right - left
    mouth = (landmarks[:, 3] + landmarks[:, 4]) / 2
    down = mouth - (left + right) / 2
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    size = np.maximum(width, height)
    # Positive where the mouth lies below the line of the eyes, seen with the face upright.
    upright = between[:, 0] * down[:, 1] - between[:, 1] * down[:, 0]
    depth = upright / np.maximum(np.hypot(between[:, 0], between[:, 1]), 1e-6)
    margin = 0.25 * size[:, None]
    inside = (
        (landmarks[:, :, 0] >= boxes[:, None, 0] - margin)
        & (landmarks[:, :, 0] <= boxes[:, None, 2] + margin)
        & (landmarks[:, :, 1] >= boxes[:, None, 1] - margin)
        & (landmarks[:, :, 1] <= boxes[:, None, 3] + margin)
    )
    shape = (height > 0.6 * width) & (height < 3.0 * width)
    ordered = (between[:, 0] > 0) & (depth > 0.15 * size)
    return np.asarray(inside.all(axis=1) & shape & ordered)
