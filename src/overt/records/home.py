"""OVERT_HOME: one folder that holds the records, the keys and the caches, closed to other accounts.

Folders are 0700 and files 0600. A folder that holds anybody else's files is not taken over.
"""

import fcntl
import os
import secrets
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.errors import Fault, Refused

_OURS: Final = frozenset(
    {"overt.db", "overt.db-wal", "overt.db-shm", "keys", "models", "compiled", "aside", "locks"}
)


@dataclass(frozen=True, slots=True)
class Home:
    path: Path

    @property
    def database(self) -> Path:
        return self.path / "overt.db"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def master_key(self) -> Path:
        return self.keys / "master.key"

    @property
    def log_key(self) -> Path:
        return self.keys / "log.key"

    @property
    def data_keys(self) -> Path:
        """A file for each key of a list, an alert, ...: `records/key_folder.py`."""
        return self.keys / "data"

    @property
    def installed(self) -> Path:
        """Stands beside the keys once the records that they belong to were made."""
        return self.keys / "installed"

    @property
    def aside(self) -> Path:
        """Copies in the making; emptied when nobody else has the records open."""
        return self.path / "aside"

    @property
    def compiled(self) -> Path:
        """Networks that were compiled on this machine: `records/network_shelf.py`."""
        return self.path / "compiled"

    @property
    def locks(self) -> Path:
        return self.path / "locks"

    def prepare(self) -> None:
        """Make the folders; raise Refused where this account cannot."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._close_to_others()
            for folder in (self.keys, self.data_keys, self.locks, self.aside):
                folder.mkdir(mode=0o700, exist_ok=True)
                folder.chmod(0o700)
        except OSError as error:
            raise unwritable(self.path, error) from error

    def make_database_file(self) -> None:
        """Create an empty file, so that SQLite need not choose who may read it."""
        try:
            os.close(os.open(self.database, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self.database.chmod(0o600)
        except OSError as error:
            raise unwritable(self.database, error) from error

    def note_installed(self) -> None:
        if not self.installed.exists():
            write_private(self.installed, b"")

    def clear_aside(self) -> None:
        """Remove what a killed process left; the caller holds the records alone."""
        for each in self.aside.iterdir():
            shutil.rmtree(each)

    def _close_to_others(self) -> None:
        if not stat.S_IMODE(self.path.stat().st_mode) & 0o077:
            return
        foreign = sorted(each.name for each in self.path.iterdir() if each.name not in _OURS)
        if foreign:
            raise Refused(
                f"OVERT_HOME {self.path} is open to other accounts and holds files that are not "
                f"overt's ({foreign[0]}): name an empty folder, or close it with chmod 700"
            )
        self.path.chmod(0o700)


def unwritable(path: Path, error: OSError) -> Refused | Fault:
    """Whose move is it? Rights are the person's; a full or broken disk is the engineer's."""
    if isinstance(error, PermissionError | FileExistsError | NotADirectoryError):
        return Refused(
            f"OVERT_HOME: {path} cannot be written by this account ({error.strerror}): "
            "set OVERT_HOME to a folder of your own, or mend its rights"
        )
    return Fault(f"the records cannot be written: {path}: {error.strerror}")


def write_private(path: Path, content: bytes) -> None:
    """Write a whole file or nothing, readable by this account only."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise unwritable(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Lock:
    """A lock of OVERT_HOME that its process loses when it ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unwritable(path, error) from error

    def alone(self) -> None:
        """Wait until nobody else holds it."""
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def alone_at_once(self) -> bool:
        """Take it unless anybody else holds it."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def note_process(self) -> None:
        """Write down who holds it, for whoever has to stop that process (`holder`)."""
        try:
            os.pwrite(self._handle, f"{os.getpid():<20}\n".encode(), 0)
        except OSError as error:
            raise unwritable(self._path, error) from error

    def holder(self) -> int | None:
        """Which process noted itself and holds the lock; None where nobody does."""
        if self.alone_at_once():
            fcntl.flock(self._handle, fcntl.LOCK_UN)
            return None
        told = os.pread(self._handle, 20, 0).strip()
        return int(told) if told.isdigit() else None

    def shared(self) -> None:
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    @property
    def is_released(self) -> bool:
        return self._handle < 0

    def release(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def opening_lock(home: Home) -> Lock:
    """Held while records are opened, migrated or restored: one process at a time."""
    return Lock(home.locks / "opening")


def use_lock(home: Home) -> Lock:
    """Shared by every process that has the records open."""
    return Lock(home.locks / "use")


def run_lock(home: Home, deployment_id: str) -> Lock:
    """Held by the process that runs the deployment."""
    return Lock(home.locks / f"run-{deployment_id}")
