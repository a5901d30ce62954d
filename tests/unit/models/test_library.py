"""Where packs are found, and what is refused."""

import os
from pathlib import Path

import pytest
from tests.fakes.accounts import unprivileged
from tests.fakes.packs import write_own_pack

from overt.errors import Refused
from overt.models.library import (
    PackMissing,
    default_pack,
    find_pack,
    own_manifests,
    search_folders,
)
from overt.models.manifest import Use


@pytest.fixture
def models(tmp_path: Path) -> Path:
    write_own_pack(tmp_path / "models")
    return tmp_path / "models"


def test_a_pack_is_found_with_all_its_files(models: Path) -> None:
    pack = find_pack("mine", search=[models])
    assert pack.found_in == models / "mine"
    assert set(pack.files) == {"detector.onnx", "encoder.onnx"}
    assert pack.read("encoder.onnx") == (models / "mine" / "encoder.onnx").read_bytes()


def test_overt_models_is_searched_before_the_cache(tmp_path: Path) -> None:
    environ = {"OVERT_MODELS": f"/a{os.pathsep}/b", "OVERT_HOME": str(tmp_path)}
    assert search_folders(environ) == (Path("/a"), Path("/b"), tmp_path / "models")


def test_the_first_folder_that_holds_the_pack_wins(models: Path, tmp_path: Path) -> None:
    write_own_pack(tmp_path / "second")
    pack = find_pack("mine", search=[tmp_path / "nothing", models, tmp_path / "second"])
    assert pack.found_in == models / "mine"


def test_a_folder_that_may_not_be_searched_is_refused_not_passed_over(models: Path) -> None:
    models.chmod(0o700)
    with unprivileged(), pytest.raises(Refused, match="no permission; grant it"):
        find_pack("open", search=[models])


@pytest.mark.requirement("R34")
def test_a_changed_file_is_refused_by_its_digest(models: Path) -> None:
    network = models / "mine" / "encoder.onnx"
    content = bytearray(network.read_bytes())
    content[len(content) // 2] ^= 1
    network.write_bytes(content)
    with pytest.raises(Refused, match=r"encoder\.onnx has the sha256 .* get it again"):
        find_pack("mine", search=[models])


@pytest.mark.requirement("R34")
def test_a_file_changed_after_it_was_found_is_not_loaded(models: Path) -> None:
    pack = find_pack("mine", search=[models])
    network = models / "mine" / "encoder.onnx"
    network.write_bytes(bytes(network.stat().st_size))
    with pytest.raises(Refused, match="tampered"):
        pack.read("encoder.onnx")


def test_a_shorter_file_is_refused_by_its_size(models: Path) -> None:
    network = models / "mine" / "encoder.onnx"
    network.write_bytes(network.read_bytes()[:-1])
    with pytest.raises(Refused, match="bytes, its manifest says"):
        find_pack("mine", search=[models])


def test_a_missing_file_is_named(models: Path) -> None:
    (models / "mine" / "encoder.onnx").unlink()
    with pytest.raises(PackMissing, match=r"lacks encoder\.onnx"):
        find_pack("mine", search=[models])


def test_a_missing_pack_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(PackMissing, match="overt models pull open"):
        find_pack("open", search=[tmp_path])


@pytest.mark.parametrize("name", ["unheard-of", "../mine", "", "a/b"])
def test_an_unknown_pack_is_refused(models: Path, name: str) -> None:
    with pytest.raises(Refused, match="there is no model pack"):
        find_pack(name, search=[models, models / "mine"])


def test_a_listed_pack_cannot_run() -> None:
    with pytest.raises(Refused, match="listed and cannot run"):
        find_pack("sface", search=[])


def test_a_licence_that_forbids_the_use_is_a_refusal(models: Path) -> None:
    with pytest.raises(Refused, match="does not allow operation: it allows evaluation"):
        find_pack("mine", search=[models], use=Use.OPERATION)
    assert find_pack("mine", search=[models], use=Use.EVALUATION).manifest.name == "mine"


def test_a_folder_cannot_redefine_a_shipped_pack(models: Path) -> None:
    folder = write_own_pack(models, "open")
    with pytest.raises(PackMissing, match="overt models pull open"):
        find_pack("open", search=[models])
    assert folder.exists()
    assert set(own_manifests([models])) == {"mine"}


def test_a_pack_bears_the_name_of_its_folder(models: Path) -> None:
    (models / "mine").rename(models / "yours")
    with pytest.raises(Refused, match="give both one name"):
        find_pack("yours", search=[models])


def test_an_own_pack_cannot_name_a_python_package(models: Path) -> None:
    manifest = models / "mine" / "pack.toml"
    manifest.write_text('package = "os"\n' + manifest.read_text())
    with pytest.raises(Refused, match="only packs that ship"):
        find_pack("mine", search=[models])


@pytest.mark.dlib_pack
def test_without_open_the_default_is_dlib(tmp_path: Path) -> None:
    assert default_pack(search=[tmp_path]).manifest.name == "dlib"


@pytest.mark.open_pack
def test_the_default_is_open_where_it_is_found(open_pack_folder: Path) -> None:
    assert default_pack(search=[open_pack_folder]).manifest.name == "open"


def test_a_broken_default_pack_is_not_passed_over(tmp_path: Path) -> None:
    """Nothing falls back in silence: a wrong file of `open` stops, and dlib does not take over."""
    folder = tmp_path / "open"
    folder.mkdir()
    for name in (
        "face_detection_yunet_2023mar.onnx",
        "face-reidentification-retail-0095.xml",
        "face-reidentification-retail-0095.bin",
    ):
        (folder / name).write_bytes(b"not a network")
    with pytest.raises(Refused, match="its manifest says"):
        default_pack(search=[tmp_path])
