"""Where data keys lie: a file for each in OVERT_HOME/keys/data, wrapped by the master key (R51, R52).

No key is in the database. So a copy of it, its journal, or what a file system still holds of either
opens nothing once the key's file is gone, not even to whoever has the master key. A file is
overwritten in its place before it is removed.
"""

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.identifiers import KeyId
from overt.records.home import Home, sync_folder, unwritable, write_private

_NAME: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class KeyFolder:
    path: Path

    @classmethod
    def of(cls, home: Home) -> "KeyFolder":
        return cls(home.data_keys)

    def put(self, key_id: KeyId, wrapped: bytes) -> None:
        """Keep a key; it is on the disk when this returns."""
        write_private(self._file(key_id), wrapped)

    def put_all(self, wrapped: Mapping[str, bytes]) -> None:
        for key_id, each in wrapped.items():
            self.put(KeyId(key_id), each)

    def get(self, key_id: KeyId) -> bytes | None:
        """Read a key as it is kept; None where it was destroyed, or lost."""
        try:
            return self._file(key_id).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unwritable(self._file(key_id), error) from error

    def ids(self) -> frozenset[KeyId]:
        names = (each.name for each in self.path.iterdir())
        return frozenset(KeyId(name) for name in names if _NAME.fullmatch(name))

    def names(self) -> frozenset[str]:
        """Of every file here, also of one that a crash left half named."""
        return frozenset(each.name for each in self.path.iterdir())

    def shred(self, keys: Iterable[KeyId]) -> None:
        """Overwrite and remove; nothing happens to one that is gone already."""
        self._shred([self._file(key) for key in keys])

    def shred_all_but(self, kept: Iterable[KeyId]) -> None:
        """Whatever else lies here too: a crash may have left a file half named."""
        names = set(kept)
        self._shred([each for each in self.path.iterdir() if each.name not in names])

    def _shred(self, files: Iterable[Path]) -> None:
        gone = [each for each in files if self._overwrite(each)]
        for each in gone:
            each.unlink(missing_ok=True)
        if gone:
            sync_folder(self.path)

    def _overwrite(self, path: Path) -> bool:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise unwritable(path, error) from error
        try:
            os.pwrite(handle, secrets.token_bytes(os.fstat(handle).st_size), 0)
            os.fsync(handle)
        except OSError as error:
            raise unwritable(path, error) from error
        finally:
            os.close(handle)
        return True

    def _file(self, key_id: KeyId) -> Path:
        if not _NAME.fullmatch(key_id):
            raise ValueError(f"{key_id!r} is no key's id")
        return self.path / key_id
