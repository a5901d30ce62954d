"""A camera's process with three leaks planted in its encoder: each must make the search fail.

An aligned face goes to the log, a template to a temporary file, and every template, in half
precision, stays in a list.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from overt.live import camera
from overt.proof.around_encoder import AroundEncoder
from overt.templates.load import Networks, load_networks
from overt.units import Float32, UInt8

KEPT: list[Any] = []


@dataclass(slots=True)
class LeakyEncoder(AroundEncoder):
    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        self.inner.encode(self._leaked(chips), out)
        if not KEPT:
            with tempfile.NamedTemporaryFile(suffix=".bin", delete=False) as file:
                file.write(b"one template: " + out[0].tobytes())
        KEPT.append(out.astype(np.float16))

    def _leaked(self, chips: Iterable[UInt8]) -> Iterator[UInt8]:
        for row, chip in enumerate(chips):
            if not KEPT and not row:
                sys.stderr.buffer.write(b"a face: " + chip.tobytes() + b"\n")
                sys.stderr.flush()
            yield chip


def main() -> None:
    def load_leaky(*given: Any, **named: Any) -> Networks:
        networks = load_networks(*given, **named)
        # One thread: so that it is the first face alone that goes to the log.
        return replace(networks, encoder=LeakyEncoder(networks.encoder), encodes_at_once=1)

    setattr(camera, "load_networks", load_leaky)  # noqa: B010  mypy knows it as another module's
    camera.main()


if __name__ == "__main__":
    main()
