"""A user's own pack, made by a test: two tiny ONNX networks and the manifest that describes them.

The detector finds one face wherever it is bright: its outputs are constants plus a score that
is the mean of the picture. The encoder averages the aligned face in blocks of its own channels.
"""

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 64
CHIP = 32
POINTS = [[20.0, 24.0], [44.0, 24.0], [32.0, 36.0], [22.0, 48.0], [42.0, 48.0]]


def write_detector(path: Path) -> None:
    """`boxes`, `landmarks` and `scores` for two rows: one face, and one that is never there."""
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
    boxes = np.array([[[12, 8, 52, 56], [0, 0, 1, 1]]], np.float32)
    landmarks = np.array([[POINTS, np.zeros((5, 2))]], np.float32)
    nodes = [
        helper.make_node("ReduceMean", ["picture"], ["light"], keepdims=0),
        helper.make_node("Mul", ["light", "rows"], ["scores"]),
        # Constants pass through the picture's mean times nothing, so that they are outputs.
        helper.make_node("Mul", ["light", "nothing"], ["dark"]),
        helper.make_node("Add", ["dark", "all_boxes"], ["boxes"]),
        helper.make_node("Add", ["dark", "all_landmarks"], ["landmarks"]),
    ]
    constants = [
        numpy_helper.from_array(np.array([[1.0, 0.0]], np.float32), "rows"),
        numpy_helper.from_array(np.array(0.0, np.float32), "nothing"),
        numpy_helper.from_array(boxes, "all_boxes"),
        numpy_helper.from_array(landmarks, "all_landmarks"),
    ]
    outputs = [
        helper.make_tensor_value_info("boxes", TensorProto.FLOAT, [1, 2, 4]),
        helper.make_tensor_value_info("landmarks", TensorProto.FLOAT, [1, 2, 5, 2]),
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 2]),
    ]
    _save(path, helper.make_graph(nodes, "detector", [picture], outputs, constants))


def write_encoder(path: Path) -> None:
    """48 numbers: the mean of each channel in 4 x 4 blocks; batches of any size."""
    side = CHIP // 4
    face = helper.make_tensor_value_info("face", TensorProto.FLOAT, ["n", 3, CHIP, CHIP])
    nodes = [
        helper.make_node(
            "AveragePool", ["face"], ["blocks"], kernel_shape=[side, side], strides=[side, side]
        ),
        helper.make_node("Flatten", ["blocks"], ["template"], axis=1),
    ]
    template = helper.make_tensor_value_info("template", TensorProto.FLOAT, ["n", 48])
    _save(path, helper.make_graph(nodes, "encoder", [face], [template]))


def _save(path: Path, graph: onnx.GraphProto) -> None:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def file_table(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    size = path.stat().st_size
    return f'[[file]]\nname = "{path.name}"\nsize = {size}\ndigest = "sha256:{digest}"\n'


def write_own_pack(models: Path, name: str = "mine", *, allows: str = '"evaluation"') -> Path:
    """Write the pack's folder below `models`, and return it."""
    folder = models / name
    folder.mkdir(parents=True)
    write_detector(folder / "detector.onnx")
    write_encoder(folder / "encoder.onnx")
    files = "\n".join(file_table(folder / file) for file in ("detector.onnx", "encoder.onnx"))
    (folder / "pack.toml").write_text(
        f"""
name = "{name}"
version = "1"
threshold_floor = 0.1
precisions = ["f32"]

[licence]
spdx = "Apache-2.0"
allows = [{allows}]

{files}
[detector]
kind = "plain"
network = "detector.onnx"
long_side = 64
stride = 64
colour_order = "rgb"
deviation = [255.0, 255.0, 255.0]
score_floor = 0.3

[encoder]
kind = "network"
network = "encoder.onnx"
height = 32
width = 32
colour_order = "rgb"
mean = [127.5, 127.5, 127.5]
deviation = [128.0, 128.0, 128.0]
dimension = 48
alignment = [[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]]
"""
    )
    return folder
