"""Where model packs are found, and that they are what their manifests say.

A pack is a folder of its own name below one of the searched folders, or the files of an installed
Python package. Packs that ship with the program keep the manifest that ships with it, whatever
lies beside their files: a folder cannot redefine `open`.
"""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files as package_files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import platformdirs

from overt.errors import Refused
from overt.identifiers import Digest, PackName
from overt.models.manifest import (
    MANIFEST_FILE,
    PackFile,
    PackManifest,
    Use,
    pack_digest,
    read_manifest,
)
from overt.models.shelf import NoShelf, Shelf

DEFAULT_PACKS: Final = (PackName("open"), PackName("dlib"))
"""The first of these that is there is the default; which one it was is always printed."""

PACK_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack whose every file was found and has its digest."""

    manifest: PackManifest
    files: Mapping[str, Path]
    digest: Digest
    found_in: Path
    shelf: Shelf = field(default_factory=NoShelf)
    """Where its networks lie once they are compiled."""

    def read(self, name: str) -> bytes:
        """The verified bytes of a file: what is checked is what is used."""
        path = self.files[name]
        content = _read(path, self.manifest)
        _check(content, _file_of(self.manifest, name), path)
        return content


class PackMissing(Refused):
    """No folder holds all its files; another pack may do."""


# --- where to look


def home_folder(environ: Mapping[str, str] | None = None) -> Path:
    """OVERT_HOME, or the platform's user data folder."""
    chosen = (os.environ if environ is None else environ).get("OVERT_HOME")
    return Path(chosen) if chosen else platformdirs.user_data_path("overt", appauthor=False)


def search_folders(environ: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """OVERT_MODELS (a path list), then the cache that `overt models pull` fills."""
    environ = os.environ if environ is None else environ
    listed = environ.get("OVERT_MODELS", "").split(os.pathsep)
    return (*(Path(folder) for folder in listed if folder), cache_folder(environ))


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    return home_folder(environ) / "models"


# --- manifests


def shipped_manifests() -> dict[PackName, PackManifest]:
    """The packs that the program knows, runnable ones first."""
    found = [
        read_manifest((folder / MANIFEST_FILE).read_text("utf-8"), place=f"the pack {folder.name}")
        for folder in package_files("overt.models").joinpath("packs").iterdir()
        if folder.is_dir() and not folder.name.startswith("_")
    ]
    order = {name: place for place, name in enumerate(DEFAULT_PACKS)}
    found.sort(key=lambda m: (order.get(m.pack_name, len(order)), m.name))
    return {manifest.pack_name: manifest for manifest in found}


def own_manifests(search: Sequence[Path]) -> dict[PackName, PackManifest]:
    """The user's own packs: folders with a pack.toml. Refused names a manifest that is wrong."""
    shipped = shipped_manifests()
    found: dict[PackName, PackManifest] = {}
    for folder in search:
        for path in sorted(folder.glob(f"*/{MANIFEST_FILE}")):
            name = PackName(path.parent.name)
            if name not in shipped and name not in found:
                found[name] = _own_manifest(path)
    return found


def _own_manifest(path: Path) -> PackManifest:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}") from None
    manifest = read_manifest(text, place=str(path))
    if manifest.name != path.parent.name:
        raise Refused(
            f"{path} calls its pack {manifest.name}, but its folder is {path.parent.name}: "
            "give both one name"
        )
    if manifest.package is not None:
        raise Refused(f"{path}: only packs that ship with the program may name a Python package")
    return manifest


def manifest_of(name: PackName | str, *, search: Sequence[Path]) -> PackManifest:
    """Refused unless the pack ships with the program or has a pack.toml of its own."""
    shipped = shipped_manifests()
    if name in shipped:
        return shipped[PackName(name)]
    for folder in search:
        path = folder / name / MANIFEST_FILE
        if PACK_NAME.fullmatch(name) and _is_file(path):
            return _own_manifest(path)
    raise Refused(
        f"there is no model pack {name!r}: the program knows {', '.join(shipped)}, and a folder "
        f"{name}/ with a {MANIFEST_FILE} in OVERT_MODELS or {_listed(search)} would be another"
    )


# --- packs


def find_pack(name: PackName | str, *, search: Sequence[Path], use: Use | None = None) -> Pack:
    """Find the pack, check its licence for `use` and every file's digest.

    Refused tells which file is missing or wrong, and how to get it. A folder with a wrong file
    is not passed over for the next: somebody should know of it.
    """
    manifest = manifest_of(name, search=search)
    if manifest.listed_only:
        raise Refused(f"the pack {name} is listed and cannot run: {manifest.listed_only}")
    if use is not None:
        require_use(manifest, use)
    folder = _folder_of(manifest, search)
    files = {file.name: folder / file.name for file in manifest.files}
    for file in manifest.files:
        _verify(files[file.name], file, manifest)
    return Pack(manifest, files, pack_digest(manifest), folder)


def default_pack(*, search: Sequence[Path], use: Use | None = None) -> Pack:
    """`open` if all of it is found, else `dlib`. The caller prints which."""
    first, second = DEFAULT_PACKS
    try:
        return find_pack(first, search=search, use=use)
    except PackMissing as missing:
        try:
            return find_pack(second, search=search, use=use)
        except PackMissing as also:
            raise PackMissing(f"{missing}; and {also}") from None


def require_use(manifest: PackManifest, use: Use) -> None:
    """Refused unless the pack's licence allows the use."""
    if use not in manifest.licence.allows:
        allowed = ", ".join(sorted(u.value for u in manifest.licence.allows)) or "nothing"
        raise Refused(
            f"the licence of the pack {manifest.name} ({manifest.licence.spdx}) does not allow "
            f"{use.value}: it allows {allowed}; choose another pack"
        )


def _folder_of(manifest: PackManifest, search: Sequence[Path]) -> Path:
    """The first folder that holds any of the pack's files, which must then hold all of them."""
    tried = [folder / manifest.name for folder in search]
    packaged = _package_folder(manifest)
    if packaged is not None:
        tried.append(packaged)
    for folder in tried:
        missing = [file.name for file in manifest.files if not _is_file(folder / file.name)]
        if not missing:
            return folder
        if len(missing) < len(manifest.files):
            raise PackMissing(
                f"the pack {manifest.name} in {folder} lacks {', '.join(missing)}: "
                f"{_how_to_get(manifest)}"
            )
    raise PackMissing(
        f"the model pack {manifest.name} is not in {_listed(tried)}: {_how_to_get(manifest)}"
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:
        raise Refused(
            f"{path.parent} cannot be searched for model packs: no permission; grant it, or take "
            "the folder out of OVERT_MODELS"
        ) from None


def _package_folder(manifest: PackManifest) -> Path | None:
    """The files of an installed package, without importing it."""
    if manifest.package is None:
        return None
    spec = find_spec(manifest.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / manifest.package_folder


def _how_to_get(manifest: PackManifest) -> str:
    if manifest.package_hint:
        return manifest.package_hint
    if any(file.urls for file in manifest.files):
        return f"overt models pull {manifest.name}"
    return "put them beside its pack.toml"


def _listed(folders: Sequence[Path]) -> str:
    return ", ".join(str(folder) for folder in folders) or "any searched folder"


# --- digests


_verified: Final[set[tuple[str, str, int, int, int]]] = set()
"""Files whose digest was right in this process, by path, digest, inode, size and time."""


def _verify(path: Path, file: PackFile, manifest: PackManifest) -> None:
    state = path.stat()
    seen = (str(path), file.digest, state.st_ino, state.st_size, state.st_mtime_ns)
    if seen not in _verified:
        _check(_read(path, manifest), file, path)
        _verified.add(seen)


def _read(path: Path, manifest: PackManifest) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(
            f"{path} of the pack {manifest.name} cannot be read: {error.strerror}"
        ) from None


def _check(content: bytes, file: PackFile, path: Path) -> None:
    """Refused unless these are the publisher's bytes."""
    if len(content) != file.size:
        raise Refused(
            f"{path} is {len(content)} bytes, its manifest says {file.size}: "
            "it is another version or a broken download; remove it and get it again"
        )
    algorithm, _, expected = file.digest.partition(":")
    found = hashlib.new(algorithm, content).hexdigest()
    if found != expected:
        raise Refused(
            f"{path} has the {algorithm} {found}, its publisher's is {expected}: "
            "it is another version, broken or tampered with; remove it and get it again"
        )


def _file_of(manifest: PackManifest, name: str) -> PackFile:
    return next(file for file in manifest.files if file.name == name)
