"""Networks that remember what they found in a recording, so that it can be watched again.

Measuring a rule at several thresholds watches the same frames several times; the networks give
the same answers, so they are asked once. For recordings made to be measured (`overt assure`):
a camera's process never uses this, because it forgets.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from overt.faces.faces import Detector, Faces
from overt.frames.frame import Frame, Picture, Sight
from overt.identifiers import ModelId
from overt.templates.load import Networks
from overt.templates.template import Encoder
from overt.units import Float32, UInt8


@dataclass(slots=True)
class FramePointer:
    """Which frame was drawn last; whoever looks for faces does so before drawing the next."""

    number: int = -1

    def pointing(self, sights: Iterator[Sight]) -> Iterator[Sight]:
        for sight in sights:
            if isinstance(sight, Frame):
                self.number = sight.number
            yield sight


@dataclass(slots=True)
class RememberingDetector:
    """The port Detector."""

    detector: Detector
    at: FramePointer
    found: dict[int, Faces] = field(default_factory=dict)

    def find(self, picture: Picture) -> Faces:
        if self.at.number not in self.found:
            self.found[self.at.number] = self.detector.find(picture)
        return self.found[self.at.number]

    def scrub(self) -> None:
        """What a recording shows is forgotten by `forget`."""


@dataclass(slots=True)
class RememberingEncoder:
    """The port Encoder."""

    encoder: Encoder
    model: ModelId
    dimension: int
    chip_size: tuple[int, int]
    made: dict[bytes, Float32] = field(default_factory=dict, repr=False)

    def align(self, image: UInt8, landmarks: Float32, out: UInt8) -> None:
        self.encoder.align(image, landmarks, out)

    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        for row, chip in enumerate(chips):
            key = blake2b(chip.tobytes(), digest_size=16).digest()
            if key not in self.made:
                self.encoder.encode((chip,), out[row : row + 1])
                self.made[key] = out[row].copy()
            out[row] = self.made[key]

    def scrub(self) -> None:
        """Likewise."""


@dataclass(slots=True)
class RememberedNetworks:
    """Networks for one recording."""

    real: Networks
    at: FramePointer = field(default_factory=FramePointer)
    networks: Networks = field(init=False)
    _encoder: RememberingEncoder = field(init=False)
    _detector: RememberingDetector = field(init=False)

    def __post_init__(self) -> None:
        real = self.real.encoder
        self._detector = RememberingDetector(self.real.detector, self.at)
        self._encoder = RememberingEncoder(real, real.model, real.dimension, real.chip_size)
        self.networks = replace(self.real, detector=self._detector, encoder=self._encoder)

    def forget(self) -> None:
        """Overwrite every template, and what the networks still hold."""
        for template in self._encoder.made.values():
            template.fill(0)
        self._encoder.made.clear()
        self._detector.found.clear()
        self.real.scrub()
