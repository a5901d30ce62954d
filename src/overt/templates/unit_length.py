"""Bring templates to unit length in place, so that no other copy of them exists."""

import numpy as np

from overt.errors import Fault
from overt.units import Float32


def to_unit_length(raw: Float32, out: Float32) -> None:
    """Write the rows of `raw` (n, d) at length 1 into `out`; they may be the same memory."""
    lengths = np.sqrt(np.einsum("nd,nd->n", raw, raw))
    if not np.isfinite(lengths).all() or not lengths.all():
        out.fill(0)
        raise Fault("the encoder gave a template without direction: it cannot be compared")
    np.divide(raw, lengths[:, None], out=out)
