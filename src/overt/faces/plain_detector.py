"""The documented layout for a user's own detector: three outputs by name, nothing to decode.

`boxes` (n, 4) x1 y1 x2 y2, `landmarks` (n, 5, 2) or (n, 10), `scores` (n,), in pixels of the
network's input, with any leading dimension of 1; n is fixed, and unused rows have score 0.
"""

import numpy as np

from overt.errors import Refused
from overt.faces.network_detector import Finds
from overt.models.engines import FixedNetwork


def decode_plain(network: FixedNetwork, floor: float) -> Finds:
    outputs = network.outputs
    missing = [name for name in ("boxes", "landmarks", "scores") if name not in outputs]
    if missing:
        raise Refused(
            f"a detector of kind plain has outputs boxes, landmarks and scores; this one lacks "
            f"{', '.join(missing)} and has {', '.join(sorted(outputs))}"
        )
    scores = np.clip(outputs["scores"].reshape(-1), 0, 1)
    rows = np.flatnonzero(scores >= floor)
    return Finds(
        boxes=outputs["boxes"].reshape(-1, 4)[rows],
        landmarks=outputs["landmarks"].reshape(-1, 5, 2)[rows],
        scores=scores[rows],
    )
