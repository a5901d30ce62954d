"""Compiled networks in OVERT_HOME, sealed: nobody can put another network in their place.

They are no records: what was altered, or sealed under an earlier master key, is compiled anew.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.errors import Fault, Refused
from overt.records.home import Home, write_private
from overt.records.vault import Place, Vault

MOST: Final = 16
"""Files that are kept; the oldest make room: earlier packs, engines and processors leave some."""


@dataclass(frozen=True, slots=True)
class SealedShelf:
    """The port Shelf."""

    home: Home
    vault: Vault

    def taken(self, name: str) -> bytes | None:
        try:
            return self.vault.unseal(self._path(name).read_bytes(), _place(name))
        except (OSError, Fault):
            return None

    def put(self, name: str, compiled: bytes) -> None:
        with suppress(OSError, Refused, Fault):  # a full disk: it is compiled again next time
            self.home.compiled.mkdir(mode=0o700, exist_ok=True)
            write_private(self._path(name), self.vault.seal(compiled, _place(name)))
            self._make_room()

    def _make_room(self) -> None:
        files = sorted(self.home.compiled.iterdir(), key=lambda file: file.stat().st_mtime)
        for old in files[:-MOST]:
            old.unlink()

    def _path(self, name: str) -> Path:
        return self.home.compiled / hashlib.sha256(name.encode()).hexdigest()


def _place(name: str) -> Place:
    return Place("compiled", name, "network")
