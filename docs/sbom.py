"""Write build/sbom.cdx.json: what overt is made of, as CycloneDX, from the locks alone (R68).

Every package of requirements.txt with its version and the digests that its installation is held to,
and every network of the model packs with its digest and licence. The same locks give the same
bytes: no time and no chance is in it.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

ROOT: Final = Path(__file__).parents[1]
LOCK: Final = ROOT / "requirements.txt"
PACKS: Final = ROOT / "src" / "overt" / "models" / "packs"
PINNED: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?:\s*;\s*(?P<when>.*))?"
)
DIGEST: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def packages(lock: str) -> Iterator[dict[str, Any]]:
    """Each pinned package with the digests of every file that may be installed for it."""
    for pinned in lock.replace("\\\n", " ").splitlines():
        found = PINNED.match(pinned)
        if found is None:
            continue
        purl = f"pkg:pypi/{found['name'].lower()}@{found['version']}"
        when = (found["when"] or "").partition("--hash")[0].strip()
        hashes = [{"alg": "SHA-256", "content": each} for each in DIGEST.findall(pinned)]
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": found["name"],
            "version": found["version"],
            "purl": purl,
            "externalReferences": [{"type": "distribution", "url": purl, "hashes": hashes}],
            **({"properties": [{"name": "overt:marker", "value": when}]} if when else {}),
        }


def networks(folder: Path) -> Iterator[dict[str, Any]]:
    """Each file of each model pack, by the digest that its publisher or we state."""
    for manifest in sorted(folder.glob("*/pack.toml")):
        pack = tomllib.loads(manifest.read_text(encoding="utf-8"))
        for file in pack["file"]:
            name = f"{pack['name']}/{file['name']}"
            algorithm, _, digest = file["digest"].partition(":")
            yield {
                "type": "machine-learning-model",
                "bom-ref": f"overt-pack:{name}",
                "name": name,
                "version": pack["version"],
                "hashes": [{"alg": algorithm.replace("sha", "SHA-"), "content": digest}],
                "licenses": [{"expression": pack["licence"]["spdx"]}],
            }


def sbom(lock: str, folder: Path, project: dict[str, Any]) -> dict[str, Any]:
    components = [*packages(lock), *networks(folder)]
    about = {"type": "application", "name": project["name"], "version": project["version"]}
    content = json.dumps([about, components], sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {
            "component": {
                **about,
                "bom-ref": project["name"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": project["name"], "dependsOn": [each["bom-ref"] for each in components]}
        ],
    }


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = Path(sys.argv[1])
    whole = sbom(LOCK.read_text(encoding="utf-8"), PACKS, project)
    told.parent.mkdir(parents=True, exist_ok=True)
    told.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{told}: {len(whole['components'])} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
