"""An encoder around another one, for whoever wants to see or hold what passes through it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from overt.identifiers import ModelId
from overt.templates.template import Encoder
from overt.units import Float32, UInt8


@dataclass(slots=True)
class AroundEncoder:
    """The port Encoder, handed on as it is; a subclass says what it does about `encode`."""

    inner: Encoder
    model: ModelId = field(init=False)
    dimension: int = field(init=False)
    chip_size: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.model, self.dimension = self.inner.model, self.inner.dimension
        self.chip_size = self.inner.chip_size

    def align(self, image: UInt8, landmarks: Float32, out: UInt8) -> None:
        self.inner.align(image, landmarks, out)

    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        self.inner.encode(chips, out)

    def scrub(self) -> None:
        self.inner.scrub()
