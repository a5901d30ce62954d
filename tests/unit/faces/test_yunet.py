"""Decoding of YuNet's heads, on outputs written by hand."""

from dataclasses import dataclass

import numpy as np
import pytest

from overt.faces.yunet import STRIDES, decode_yunet
from overt.units import Float32, UInt8


@dataclass
class _Heads:
    pixels: UInt8
    outputs: dict[str, Float32]

    def run(self) -> None:
        """Hold still: the outputs are written by the test."""

    def scrub(self) -> None:
        self.pixels.fill(0)


@pytest.fixture
def heads() -> _Heads:
    height, width = 64, 96
    outputs: dict[str, Float32] = {}
    for stride in STRIDES:
        cells = (height // stride) * (width // stride)
        for name, depth in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
            outputs[f"{name}_{stride}"] = np.zeros((1, cells, depth), np.float32)
    return _Heads(np.zeros((1, height, width, 3), np.uint8), outputs)


def test_a_cell_tells_centre_size_and_points_in_its_stride(heads: _Heads) -> None:
    row, column, stride = 2, 5, 16
    cell = row * (96 // stride) + column
    heads.outputs["cls_16"][0, cell] = 0.81
    heads.outputs["obj_16"][0, cell] = 1.0
    heads.outputs["bbox_16"][0, cell] = [0.5, 0.25, np.log(2.0), np.log(3.0)]
    heads.outputs["kps_16"][0, cell] = np.arange(10) / 10
    finds = decode_yunet(heads, 0.5)
    assert finds.scores == pytest.approx([0.9])
    assert finds.boxes[0] == pytest.approx([4.5 * 16, 0.75 * 16, 6.5 * 16, 3.75 * 16])
    assert finds.landmarks[0][0] == pytest.approx([5 * 16, (2 + 0.1) * 16])
    assert finds.landmarks[0][4] == pytest.approx([(5 + 0.8) * 16, (2 + 0.9) * 16])


def test_all_three_grids_are_read(heads: _Heads) -> None:
    for stride in STRIDES:
        heads.outputs[f"cls_{stride}"][0, 0] = 1
        heads.outputs[f"obj_{stride}"][0, 0] = 1
    assert len(decode_yunet(heads, 0.5).scores) == 3


def test_a_find_below_the_floor_is_dropped(heads: _Heads) -> None:
    heads.outputs["cls_8"][0, 0] = 0.2
    heads.outputs["obj_8"][0, 0] = 1.0
    assert len(decode_yunet(heads, 0.5).scores) == 0
    assert len(decode_yunet(heads, 0.4).scores) == 1


def test_an_empty_picture_has_no_finds(heads: _Heads) -> None:
    finds = decode_yunet(heads, 0.5)
    assert finds.boxes.shape == (0, 4)
    assert finds.landmarks.shape == (0, 5, 2)
