"""dlib's ResNet: a 150x150 aligned face becomes 128 numbers, brought to unit length.

dlib copies what it is given; those copies are freed at once and their memory is overwritten by
encoding a blank face, as far as the allocator hands the same memory out again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from overt.faces.dlib_detector import import_dlib
from overt.identifiers import ModelId
from overt.models.library import Pack
from overt.models.manifest import EncoderFacts, Precision, model_id
from overt.templates.align import Alignment, align_into, alignment_of
from overt.templates.unit_length import to_unit_length
from overt.units import Float32, UInt8


@dataclass(slots=True)
class DlibEncoder:
    """The port Encoder."""

    model: ModelId
    dimension: int
    chip_size: tuple[int, int]
    alignment: Alignment
    _network: Any
    _rgb: UInt8

    def align(self, image: UInt8, landmarks: Float32, out: UInt8) -> None:
        align_into(image, landmarks, self.alignment, out)

    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        for chip, row in zip(chips, out, strict=True):
            cv2.cvtColor(chip, cv2.COLOR_BGR2RGB, dst=self._rgb)
            row[:] = self._network.compute_face_descriptor(self._rgb)
        to_unit_length(out, out)

    def scrub(self) -> None:
        self._rgb.fill(0)
        self._network.compute_face_descriptor(self._rgb)


def load_dlib_encoder(pack: Pack, facts: EncoderFacts) -> DlibEncoder:
    dlib = import_dlib()
    pack.read(facts.network)  # dlib reads only paths: check once more just before it does
    return DlibEncoder(
        model=model_id(pack.manifest, Precision.F32),
        dimension=facts.dimension,
        chip_size=(facts.height, facts.width),
        alignment=alignment_of(facts),
        _network=dlib.face_recognition_model_v1(str(pack.files[facts.network])),
        _rgb=np.zeros((facts.height, facts.width, 3), np.uint8),
    )
