"""A user's own pack works through its manifest alone."""

from pathlib import Path

import numpy as np
import pytest
from tests.fakes.networks import PaintedPicture
from tests.fakes.packs import CHIP, POINTS, file_table, write_encoder, write_own_pack

from overt.errors import Refused
from overt.models.library import find_pack
from overt.templates.load import load_networks
from overt.templates.template import require_same_model
from overt.units import UInt8


def _load(models: Path) -> object:
    return load_networks(
        find_pack("mine", search=[models]), precision="f32", threads=1, working_size=None
    )


def _bright(width: int = 128, height: int = 128) -> UInt8:
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([180 + columns // 4, 150 + rows // 4, 200 - rows // 4], axis=2).astype(np.uint8)


def test_its_detector_and_encoder_run(tmp_path: Path) -> None:
    write_own_pack(tmp_path)
    networks = load_networks(
        find_pack("mine", search=[tmp_path]), precision="f32", threads=1, working_size=None
    )
    image = _bright()
    faces = networks.detector.find(PaintedPicture(image))
    assert len(faces) == 1
    assert faces.landmarks[0] == pytest.approx(np.array(POINTS) * 2)  # 128 seen as 64
    chips = np.zeros((1, *networks.encoder.chip_size, 3), np.uint8)
    template = np.zeros((1, networks.encoder.dimension), np.float32)
    networks.encoder.align(image, faces.landmarks[0], chips[0])
    networks.encoder.encode(chips, template)
    assert networks.model.startswith("mine@sha256:")

    # The same by hand: RGB, mean and deviation of the manifest, blocks of 8 x 8, unit length.
    rgb = (chips[0, :, :, ::-1].astype(np.float64) - 127.5) / 128.0
    blocks = rgb.reshape(4, 8, 4, 8, 3).mean(axis=(1, 3)).transpose(2, 0, 1).reshape(-1)
    assert template[0] == pytest.approx(blocks / np.linalg.norm(blocks), abs=1e-4)


def test_a_dark_picture_has_no_face(tmp_path: Path) -> None:
    write_own_pack(tmp_path)
    networks = load_networks(
        find_pack("mine", search=[tmp_path]), precision="f32", threads=1, working_size=None
    )
    assert len(networks.detector.find(PaintedPicture(_bright() // 10))) == 0


def test_an_ir_encoder_gives_the_same_template_as_its_onnx(tmp_path: Path) -> None:
    import openvino

    folder = write_own_pack(tmp_path / "a")
    image = _bright(CHIP, CHIP)[None]
    by_onnx = _template(tmp_path / "a", image)
    ir = write_own_pack(tmp_path / "b")
    openvino.save_model(
        openvino.Core().read_model(folder / "encoder.onnx"), ir / "encoder.xml",
        compress_to_fp16=False,
    )  # fmt: skip
    manifest = (ir / "pack.toml").read_text()
    manifest = manifest.replace(
        file_table(ir / "encoder.onnx"),
        file_table(ir / "encoder.xml") + "\n" + file_table(ir / "encoder.bin"),
    ).replace('network = "encoder.onnx"', 'network = "encoder.xml"\nweights = "encoder.bin"')
    (ir / "pack.toml").write_text(manifest)
    assert _template(tmp_path / "b", image) == pytest.approx(by_onnx, abs=1e-5)


def _template(models: Path, chips: UInt8) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    networks = load_networks(
        find_pack("mine", search=[models]), precision="f32", threads=1, working_size=None
    )
    out = np.zeros((len(chips), networks.encoder.dimension), np.float32)
    networks.encoder.encode(chips, out)
    return out


def test_a_dimension_that_is_not_the_networks_is_refused(tmp_path: Path) -> None:
    manifest = write_own_pack(tmp_path) / "pack.toml"
    manifest.write_text(manifest.read_text().replace("dimension = 48", "dimension = 47"))
    with pytest.raises(Refused, match=r"gives \[48\] numbers .* says one output of 47"):
        _load(tmp_path)


def test_a_layout_that_the_network_does_not_take_is_refused(tmp_path: Path) -> None:
    manifest = write_own_pack(tmp_path) / "pack.toml"
    manifest.write_text(manifest.read_text().replace("width = 32", 'width = 32\nlayout = "nhwc"'))
    with pytest.raises(Refused, match=r"does not take 1 picture.s. of 32x32 as nhwc"):
        _load(tmp_path)


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    folder = write_own_pack(tmp_path)
    before = file_table(folder / "encoder.onnx")
    (folder / "encoder.onnx").write_bytes(b"this is prose")
    manifest = folder / "pack.toml"
    manifest.write_text(manifest.read_text().replace(before, file_table(folder / "encoder.onnx")))
    with pytest.raises(Refused, match="not a network"):
        _load(tmp_path)


def test_a_detector_without_the_documented_outputs_is_refused(tmp_path: Path) -> None:
    folder = write_own_pack(tmp_path)
    before = file_table(folder / "detector.onnx")
    write_encoder(folder / "detector.onnx")
    manifest = folder / "pack.toml"
    manifest.write_text(
        manifest.read_text()
        .replace(before, file_table(folder / "detector.onnx"))
        .replace("long_side = 64\nstride = 64", "long_side = 64\nstride = 32")
    )
    networks = load_networks(
        find_pack("mine", search=[tmp_path]), precision="f32", threads=1, working_size=None
    )
    with pytest.raises(Refused, match="lacks boxes, landmarks, scores"):
        networks.detector.find(PaintedPicture(np.zeros((32, 32, 3), np.uint8)))


def test_a_precision_that_the_pack_does_not_offer_is_refused(tmp_path: Path) -> None:
    write_own_pack(tmp_path)
    with pytest.raises(Refused, match="does not run at precision 'bf16': it runs at f32"):
        load_networks(
            find_pack("mine", search=[tmp_path]), precision="bf16", threads=1, working_size=None
        )


@pytest.mark.requirement("R34")
def test_templates_of_two_packs_never_compare(tmp_path: Path) -> None:
    write_own_pack(tmp_path)
    write_own_pack(tmp_path, "other")
    one, two = (
        load_networks(
            find_pack(name, search=[tmp_path]), precision="f32", threads=1, working_size=None
        ).model
        for name in ("mine", "other")
    )
    from overt.errors import ModelMismatch

    with pytest.raises(ModelMismatch):
        require_same_model(one, two)
