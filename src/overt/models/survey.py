"""Which packs there are on this machine, and what is the matter with those that cannot run."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from overt.errors import Refused
from overt.identifiers import Digest
from overt.models.library import (
    PackMissing,
    find_pack,
    manifest_of,
    own_manifests,
    shipped_manifests,
)
from overt.models.manifest import PackManifest, pack_digest


class PackState(Enum):
    READY = "ready"
    MISSING = "missing"
    """No folder holds it, or not all of it."""
    WRONG = "wrong"
    """A file is not what the manifest says."""
    LISTED = "listed"
    """Known to the program, which does not run it."""


@dataclass(frozen=True, slots=True)
class PackReport:
    manifest: PackManifest
    digest: Digest
    state: PackState
    found_in: Path | None
    remark: str
    """Why it is not ready, and how to mend that."""

    def as_facts(self) -> dict[str, object]:
        manifest = self.manifest
        return {
            "name": manifest.name,
            "version": manifest.version,
            "summary": manifest.summary,
            "state": self.state.value,
            "digest": self.digest,
            "licence": manifest.licence.spdx,
            "allows": sorted(use.value for use in manifest.licence.allows),
            "notice": manifest.licence.notice,
            "precisions": [precision.value for precision in manifest.precisions],
            "threshold_floor": manifest.threshold_floor,
            "bytes": sum(file.size for file in manifest.files),
            "found_in": str(self.found_in) if self.found_in else None,
            "remark": self.remark,
        }


def survey_packs(search: Sequence[Path]) -> tuple[PackReport, ...]:
    """Every pack that ships with the program and every one of the user's own."""
    names = [*shipped_manifests(), *own_manifests(search)]
    return tuple(report_pack(name, search) for name in names)


def report_pack(name: str, search: Sequence[Path]) -> PackReport:
    """Refused only for a name that no pack has."""
    manifest = manifest_of(name, search=search)
    digest = pack_digest(manifest)
    if manifest.listed_only:
        return PackReport(manifest, digest, PackState.LISTED, None, manifest.listed_only)
    try:
        pack = find_pack(name, search=search)
    except PackMissing as missing:
        return PackReport(manifest, digest, PackState.MISSING, None, str(missing))
    except Refused as wrong:
        return PackReport(manifest, digest, PackState.WRONG, None, str(wrong))
    return PackReport(manifest, digest, PackState.READY, pack.found_in, "")
