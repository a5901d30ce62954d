"""`overt models` and `overt doctor`: one JSON object, one clear message, the right status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.pack_server import pack_server
from tests.fakes.packs import write_own_pack


def _overt(*words: str, home: Path, models: Path | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "OVERT_HOME": str(home), "OVERT_MODELS": str(models or "")}
    return subprocess.run(
        [sys.executable, "-m", "overt", *words],
        check=False, capture_output=True, text=True, env=environ, timeout=120,
    )  # fmt: skip


def test_packs_are_listed_with_licence_and_digest(tmp_path: Path) -> None:
    write_own_pack(tmp_path / "models")
    done = _overt("models", "list", "--json", home=tmp_path / "home", models=tmp_path / "models")
    assert done.returncode == 0
    packs = {pack["name"]: pack for pack in json.loads(done.stdout)["packs"]}
    assert set(packs) == {"open", "dlib", "sface", "mine"}
    assert packs["mine"]["state"] == "ready"
    assert packs["open"]["state"] == "missing"
    assert packs["open"]["licence"] == "MIT AND Apache-2.0"
    assert all(pack["digest"].startswith("sha256:") for pack in packs.values())


def test_a_pack_is_pulled_into_the_cache_and_then_found(tmp_path: Path) -> None:
    made = write_own_pack(tmp_path / "made")
    detector, encoder = ((made / f"{part}.onnx").read_bytes() for part in ("detector", "encoder"))
    with pack_server(detector=detector, encoder=encoder) as server:
        manifest = (made / "pack.toml").read_text()
        for part in ("detector", "encoder"):
            name = f'name = "{part}.onnx"'
            manifest = manifest.replace(name, f'{name}\nurls = ["{server.address}/{part}"]')
        mine = tmp_path / "home" / "models" / "mine"
        mine.mkdir(parents=True)
        (mine / "pack.toml").write_text(manifest)
        done = _overt("models", "pull", "mine", "--json", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"] == {
        "detector.onnx": "downloaded",
        "encoder.onnx": "downloaded",
    }
    assert _overt("models", "verify", "mine", home=tmp_path / "home").returncode == 0


def test_verify_fails_on_a_changed_file(tmp_path: Path) -> None:
    folder = write_own_pack(tmp_path / "models")
    network = folder / "encoder.onnx"
    network.write_bytes(bytes(network.stat().st_size))
    done = _overt("models", "verify", "--json", home=tmp_path / "home", models=tmp_path / "models")
    assert done.returncode == 1
    assert json.loads(done.stdout)["verified"] is False
    assert "encoder.onnx has the sha256" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["pull", "verify"])
def test_an_unknown_pack_is_one_clear_message(tmp_path: Path, command: str) -> None:
    done = _overt("models", command, "unheard-of", home=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("refused: there is no model pack 'unheard-of'")
    assert len(done.stderr.splitlines()) == 1


def test_a_pack_from_a_python_package_is_not_pulled(tmp_path: Path) -> None:
    done = _overt("models", "pull", "dlib", home=tmp_path)
    assert done.returncode == 1
    assert "pip install face-recognition-models dlib-bin" in done.stderr


def test_the_doctor_tells_what_would_run(tmp_path: Path, open_pack_folder: Path) -> None:
    done = _overt("doctor", "--json", home=tmp_path / "home", models=open_pack_folder)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(done.stdout.splitlines()) == 1
    assert told["would_run"]["pack"] == "open"
    assert told["would_run"]["precision"] == "f32"
    assert told["would_run"]["engine"].startswith("OpenVINO")
    assert told["home_writable"] is True
    assert not (tmp_path / "home").exists()  # looking leaves nothing behind


def test_the_doctor_names_the_broken_file_of_a_pack(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "open"
    folder.mkdir(parents=True)
    (folder / "face_detection_yunet_2023mar.onnx").write_bytes(b"x")
    done = _overt("doctor", home=tmp_path / "home", models=tmp_path / "models")
    assert "lacks face-reidentification-retail-0095.xml" in done.stdout
    assert "Traceback" not in done.stderr
