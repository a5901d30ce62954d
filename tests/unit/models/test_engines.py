"""The engine: what engaged is what was asked for, and its memory can be overwritten."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import openvino
import pytest
from tests.fakes.packs import CHIP, write_own_pack

from overt.errors import Refused
from overt.models.engines import (
    compile_lanes,
    compile_openvino,
    describe_openvino,
    require_precision,
    supported_precisions,
)
from overt.models.library import Pack, find_pack
from overt.models.manifest import Precision
from overt.units import Float32


def test_float32_is_always_there() -> None:
    assert Precision.F32 in supported_precisions()


def test_bf16_is_taken_or_refused_as_the_processor_has_it_or_not() -> None:
    if Precision.BF16 in supported_precisions():
        require_precision(Precision.BF16)
        return
    with pytest.raises(Refused, match="does not compute in bf16: choose precision f32"):
        require_precision(Precision.BF16)


def test_the_engine_is_told_with_version_precision_and_threads() -> None:
    assert describe_openvino(Precision.F32, 2).startswith("OpenVINO 20")
    assert describe_openvino(Precision.F32, 2).endswith(" CPU f32, 2 threads")
    assert describe_openvino(Precision.F32, 1).endswith(", 1 thread")


@pytest.mark.requirement("R50")
def test_a_scrub_leaves_only_zeros_in_the_networks_memory(tmp_path: Path) -> None:
    write_own_pack(tmp_path)
    pack = find_pack("mine", search=[tmp_path])
    assert pack.manifest.encoder is not None
    network = compile_openvino(
        pack, pack.manifest.encoder, shape=(1, CHIP, CHIP), precision=Precision.F32, threads=1
    )
    network.pixels.fill(200)
    network.run()
    (output,) = {id(array): array for array in network.outputs.values()}.values()
    assert output.any()
    network.scrub()
    assert not network.pixels.any()
    assert not output.any()


def test_a_second_scrub_costs_nothing(tmp_path: Path) -> None:
    write_own_pack(tmp_path)
    pack = find_pack("mine", search=[tmp_path])
    assert pack.manifest.encoder is not None
    network = compile_openvino(
        pack, pack.manifest.encoder, shape=(1, CHIP, CHIP), precision=Precision.F32, threads=1
    )
    network.run()
    network.scrub()
    (output,) = {id(array): array for array in network.outputs.values()}.values()
    output.fill(7)  # a run would write it
    network.scrub()
    assert np.all(output == 7)


def test_each_run_writes_the_same_memory(tmp_path: Path) -> None:
    write_own_pack(tmp_path)
    pack = find_pack("mine", search=[tmp_path])
    assert pack.manifest.encoder is not None
    network = compile_openvino(
        pack, pack.manifest.encoder, shape=(1, CHIP, CHIP), precision=Precision.F32, threads=1
    )
    (output,) = {id(array): array for array in network.outputs.values()}.values()
    seen: list[float] = []
    for light in (50, 100, 200):
        network.pixels.fill(light)
        network.run()
        seen.append(float(output[0, 0]))
    assert seen == pytest.approx([(light - 127.5) / 128 for light in (50, 100, 200)], abs=1e-5)
    assert np.shares_memory(output, network.outputs["template"])


def test_lanes_run_side_by_side_without_touching_one_another(tmp_path: Path) -> None:
    write_own_pack(tmp_path)
    pack = find_pack("mine", search=[tmp_path])
    assert pack.manifest.encoder is not None
    lanes = compile_lanes(
        pack, pack.manifest.encoder, shape=(1, CHIP, CHIP), precision=Precision.F32, lanes=2
    )
    for lane, light in zip(lanes, (50, 200), strict=True):
        lane.pixels.fill(light)
        lane.start()
    for lane, light in zip(lanes, (50, 200), strict=True):
        lane.finish()
        assert lane.outputs["template"][0, 0] == pytest.approx((light - 127.5) / 128, abs=1e-5)
    lanes[0].finish()  # a second time, at once


@pytest.mark.requirement("R50")
def test_a_scrub_of_one_lane_leaves_the_other_alone(tmp_path: Path) -> None:
    write_own_pack(tmp_path)
    pack = find_pack("mine", search=[tmp_path])
    assert pack.manifest.encoder is not None
    first, second = compile_lanes(
        pack, pack.manifest.encoder, shape=(1, CHIP, CHIP), precision=Precision.F32, lanes=2
    )
    for lane in (first, second):
        lane.pixels.fill(200)
        lane.run()
    first.scrub()
    assert not first.outputs["template"].any()
    assert second.outputs["template"].any()


@dataclass
class _Shelf:
    lying: dict[str, bytes] = field(default_factory=dict)

    def taken(self, name: str) -> bytes | None:
        return self.lying.get(name)

    def put(self, name: str, compiled: bytes) -> None:
        self.lying[name] = compiled


def _answers(pack: Pack) -> list[Float32]:
    assert pack.manifest.encoder is not None
    network = compile_openvino(
        pack, pack.manifest.encoder, shape=(1, CHIP, CHIP), precision=Precision.F32, threads=1
    )
    network.pixels[:] = np.random.default_rng(7).integers(0, 256, network.pixels.shape)
    network.run()
    return [array.copy() for array in network.outputs.values()]


def test_a_network_from_the_shelf_answers_to_the_last_bit_as_when_it_was_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_own_pack(tmp_path)
    pack = replace(find_pack("mine", search=[tmp_path]), shelf=_Shelf())
    compiled = _answers(pack)
    monkeypatch.setattr(openvino.Core, "compile_model", None)
    taken = _answers(pack)
    assert all(np.array_equal(*pair) for pair in zip(compiled, taken, strict=True))


@pytest.mark.parametrize("spoilt", [b"", b"rubbish", b"\0" * 5000])
def test_what_the_engine_does_not_take_from_the_shelf_is_compiled(
    tmp_path: Path, spoilt: bytes
) -> None:
    write_own_pack(tmp_path)
    shelf = _Shelf()
    pack = replace(find_pack("mine", search=[tmp_path]), shelf=shelf)
    compiled = _answers(pack)
    (name,) = shelf.lying
    shelf.lying[name] = spoilt
    assert all(np.array_equal(*pair) for pair in zip(compiled, _answers(pack), strict=True))


def test_a_pack_whose_file_was_altered_is_refused_though_its_network_lies_on_the_shelf(
    tmp_path: Path,
) -> None:
    write_own_pack(tmp_path)
    pack = replace(find_pack("mine", search=[tmp_path]), shelf=_Shelf())
    _answers(pack)
    assert pack.manifest.encoder is not None
    file = pack.files[pack.manifest.encoder.network]
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(Refused):
        _answers(pack)
