"""The smoke test of `make bench`: the whole of it on three seconds, without peers."""

import json
from pathlib import Path

import pytest
from benchmarks import bench


@pytest.mark.slow
@pytest.mark.timeout(600)  # it makes a clip first, and a machine may have other work
@pytest.mark.open_pack
@pytest.mark.face_data
def test_a_quick_bench_tells_figures_ratios_and_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_pack_folder: Path, face_data: Path
) -> None:
    monkeypatch.setenv("OVERT_MODELS", str(open_pack_folder))
    monkeypatch.setenv("OVERT_TEST_DATA", str(face_data))
    arguments = ["--quick", "--clips", "720p-1", "--programs", "overt", "floor", "plain_loop"]

    status = bench.main([*arguments, "nobody", "--seconds", "4", "--out", str(tmp_path)])

    found = json.loads((tmp_path / "bench.json").read_text())
    assert status == bool(found["lost"])
    speeds = {f["program"]: f["fps"] for f in found["figures"] if f["precision"] == "f32"}
    assert speeds.keys() == {"overt", "floor", "plain_loop"}
    assert all(fps > 0 for fps in speeds.values())
    assert found["peers"]["nobody"]["reason"]
    assert found["peers"]["overt"]["reason"] is None
    assert (tmp_path / "bench.svg").is_file()
