"""`overt models` and `overt doctor`: one JSON object, one clear message, the right status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.pack_server import pack_server
from tests.fakes.packs import write_own_pack

Overt = Callable[..., Answer]


@pytest.fixture
def overt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Overt:
    line = CommandLine(monkeypatch, capsys)

    def run(*words: str, home: Path, models: Path | None = None) -> Answer:
        monkeypatch.setenv("OVERT_HOME", str(home))
        monkeypatch.setenv("OVERT_MODELS", str(models or ""))
        return line.run(*words)

    return run


def test_packs_are_listed_with_licence_and_digest(overt: Overt, tmp_path: Path) -> None:
    write_own_pack(tmp_path / "models")
    done = overt("models", "list", "--json", home=tmp_path / "home", models=tmp_path / "models")
    assert done.status == 0
    packs = {pack["name"]: pack for pack in json.loads(done.out)["packs"]}
    assert set(packs) == {"open", "dlib", "sface", "mine"}
    assert packs["mine"]["state"] == "ready"
    assert packs["open"]["state"] == "missing"
    assert packs["open"]["licence"] == "MIT AND Apache-2.0"
    assert all(pack["digest"].startswith("sha256:") for pack in packs.values())


def test_a_pack_is_pulled_into_the_cache_and_then_found(overt: Overt, tmp_path: Path) -> None:
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
        done = overt("models", "pull", "mine", "--json", home=tmp_path / "home")
    assert done.status == 0, done.err
    assert json.loads(done.out)["files"] == {
        "detector.onnx": "downloaded",
        "encoder.onnx": "downloaded",
    }
    assert overt("models", "verify", "mine", home=tmp_path / "home").status == 0


def test_verify_fails_on_a_changed_file(overt: Overt, tmp_path: Path) -> None:
    folder = write_own_pack(tmp_path / "models")
    network = folder / "encoder.onnx"
    network.write_bytes(bytes(network.stat().st_size))
    done = overt("models", "verify", "--json", home=tmp_path / "home", models=tmp_path / "models")
    assert done.status == 1
    assert json.loads(done.out)["verified"] is False
    assert "encoder.onnx has the sha256" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", ["pull", "verify"])
def test_an_unknown_pack_is_one_clear_message(overt: Overt, tmp_path: Path, command: str) -> None:
    done = overt("models", command, "unheard-of", home=tmp_path)
    assert done.status == 1
    assert done.out == ""
    assert done.err.startswith("refused: there is no model pack 'unheard-of'")
    assert len(done.err.splitlines()) == 1


def test_a_pack_from_a_python_package_is_not_pulled(overt: Overt, tmp_path: Path) -> None:
    done = overt("models", "pull", "dlib", home=tmp_path)
    assert done.status == 1
    assert "pip install face-recognition-models dlib-bin" in done.err


def test_the_doctor_tells_what_would_run(
    overt: Overt, tmp_path: Path, open_pack_folder: Path
) -> None:
    done = overt("doctor", "--json", home=tmp_path / "home", models=open_pack_folder)
    assert done.status == 0, done.err
    told = json.loads(done.out)
    assert len(done.out.splitlines()) == 1
    assert told["would_run"]["pack"] == "open"
    assert told["would_run"]["precision"] == "f32"
    assert told["would_run"]["engine"].startswith("OpenVINO")
    assert told["home_writable"] is True
    assert not (tmp_path / "home").exists()  # looking leaves nothing behind


def test_the_doctor_names_the_broken_file_of_a_pack(overt: Overt, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "open"
    folder.mkdir(parents=True)
    (folder / "face_detection_yunet_2023mar.onnx").write_bytes(b"x")
    done = overt("doctor", home=tmp_path / "home", models=tmp_path / "models")
    assert "lacks face-reidentification-retail-0095.xml" in done.out
    assert "Traceback" not in done.err
