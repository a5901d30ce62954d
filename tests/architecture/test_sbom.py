"""The bill of materials names whatever the locks install, with the digests it is held to."""

import json
import re
import runpy
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
LOCK: Final = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SBOM: Final = runpy.run_path(str(ROOT / "docs" / "sbom.py"))

pytestmark = pytest.mark.requirement("R68")


def written() -> dict[str, Any]:
    whole: dict[str, Any] = SBOM["sbom"](LOCK, SBOM["PACKS"], PROJECT)
    return whole


def libraries() -> list[dict[str, Any]]:
    return [each for each in written()["components"] if each["type"] == "library"]


def test_every_package_of_the_lock_is_in_it_with_every_digest() -> None:
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK, flags=re.MULTILINE)
    assert [(each["name"], each["version"]) for each in libraries()] == pinned
    digests = [
        h["content"] for each in libraries() for h in each["externalReferences"][0]["hashes"]
    ]
    assert sorted(digests) == sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", LOCK))


def test_whatever_the_project_depends_on_is_in_it() -> None:
    named = {each["name"].lower() for each in libraries()}
    asked = {re.split(r"[>=<\[; ]", each)[0].lower() for each in PROJECT["dependencies"]}
    assert asked <= named


def test_the_networks_of_the_packs_are_in_it_with_digest_and_licence() -> None:
    models = {e["name"]: e for e in written()["components"] if e["type"] != "library"}
    yunet = models["open/face_detection_yunet_2023mar.onnx"]
    assert yunet["hashes"][0]["alg"] == "SHA-256"
    assert {each["hashes"][0]["alg"] for each in models.values()} == {"SHA-256", "SHA-384"}
    assert yunet["licenses"] == [{"expression": "MIT AND Apache-2.0"}]


def test_it_is_a_cyclonedx_document_and_the_same_locks_give_the_same() -> None:
    whole = written()
    assert (whole["bomFormat"], whole["specVersion"], whole["version"]) == ("CycloneDX", "1.5", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", whole["serialNumber"])
    refs = [each["bom-ref"] for each in whole["components"]]
    assert len(set(refs)) == len(refs)
    assert whole["dependencies"][0]["dependsOn"] == refs
    assert json.dumps(whole) == json.dumps(written())
