"""What a manifest must say, and what its digest stands for."""

from pathlib import Path

import pytest
from tests.fakes.packs import write_own_pack

from overt.errors import Refused
from overt.models.library import shipped_manifests
from overt.models.manifest import PackManifest, Precision, model_id, pack_digest, read_manifest


@pytest.fixture
def text(tmp_path: Path) -> str:
    return (write_own_pack(tmp_path) / "pack.toml").read_text()


def _read(text: str) -> PackManifest:
    return read_manifest(text, place="pack.toml")


def test_the_shipped_packs_are_open_dlib_and_listed_ones() -> None:
    shipped = shipped_manifests()
    assert list(shipped)[:2] == ["open", "dlib"]
    assert [name for name, manifest in shipped.items() if manifest.listed_only] == ["sface"]


def test_the_floors_are_those_of_the_design() -> None:
    floors = {name: manifest.threshold_floor for name, manifest in shipped_manifests().items()}
    assert floors["open"] == 0.40  # type: ignore[index]  # a NewType of str
    assert floors["dlib"] == 0.92  # type: ignore[index]  # likewise


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("dimension = 48", "dimension = 48\nangle = 3"), "encoder.angle"),
        (("dimension = 48", 'dimension = "48"'), "encoder.dimension"),
        (("sha256:", "sha1:"), "files.0.digest"),
        (('network = "encoder.onnx"', 'network = "other.onnx"'), "other.onnx is used"),
        (("[0.65, 0.8]]", "[0.65, 1.8]]"), "encoder.alignment"),
        (('kind = "plain"', 'kind = "magic"'), "detector.kind"),
        (('name = "detector.onnx"', 'name = "../detector.onnx"'), "files.0.name"),
        (('precisions = ["f32"]', "precisions = []"), "precisions is empty"),
        (("[detector]", "[detector"), "not TOML"),
        (("[0.7, 0.4], ", ""), "encoder.alignment"),
        (("deviation = [128.0,", "deviation = [0.0,"), "encoder.deviation"),
    ],
)
def test_a_wrong_field_is_named(text: str, change: tuple[str, str], complaint: str) -> None:
    assert change[0] in text
    with pytest.raises(Refused, match=complaint):
        _read(text.replace(*change))


def test_an_ir_network_without_weights_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="needs its weights"):
        _read(text.replace("encoder.onnx", "encoder.xml"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mean = [127.5, 127.5, 127.5]", "mean = [127.0, 127.5, 127.5]"),
        ("[0.65, 0.8]]", "[0.65, 0.81]]"),
        ("score_floor = 0.3", "score_floor = 0.4"),
        ("threshold_floor = 0.1", "threshold_floor = 0.2"),
        ('version = "1"', 'version = "2"'),
    ],
)
def test_whatever_decides_a_template_changes_the_digest(text: str, before: str, after: str) -> None:
    assert before in text
    assert pack_digest(_read(text)) != pack_digest(_read(text.replace(before, after)))


def test_an_address_that_moves_changes_no_digest(text: str) -> None:
    moved = text.replace("[[file]]", '[[file]]\nurls = ["https://example.org/x"]', 1)
    assert pack_digest(_read(text)) == pack_digest(_read(moved))


def test_a_digest_is_the_same_in_every_process(text: str) -> None:
    """The licence's uses are a set: their order must not leak into the digest."""
    wide = text.replace('allows = ["evaluation"]', 'allows = ["operation", "evaluation"]')
    turned = text.replace('allows = ["evaluation"]', 'allows = ["evaluation", "operation"]')
    assert pack_digest(_read(wide)) == pack_digest(_read(turned))


def test_the_digest_of_the_pack_open_is_known() -> None:
    """Templates and signatures hold it: whoever changes the manifest changes them all."""
    assert pack_digest(shipped_manifests()["open"]) == (  # type: ignore[index]  # a NewType of str
        "sha256:436c40dc3acb14fe19ef0fc8a6d4de38b267648b859f2b78c92c8abcd0c29093"
    )


def test_precisions_are_different_models() -> None:
    manifest = next(iter(shipped_manifests().values()))
    assert model_id(manifest, Precision.F32) != model_id(manifest, Precision.BF16)
    assert model_id(manifest, Precision.F32).endswith("/f32")
