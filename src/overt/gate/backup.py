"""Copy the records to a file, while they are in use (`records/backup_file.py` says what is in it)."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.door import Door
from overt.policy.access import Actor, Permission
from overt.records.backup_file import (
    KEYS_NAME,
    ON_POSTGRES,
    BackupKeys,
    copy_database,
    describe,
    read_keys,
    seal_log_key,
    write_backup,
    write_keys,
)
from overt.records.whole_file import whole_file
from overt.units import UtcTime, iso


@dataclass(frozen=True, slots=True)
class BackedUp:
    file: Path
    keys: Path
    """Keep only the newest: it is what makes deletion reach the older files."""
    lines: int
    made_at: UtcTime


class BackupGate(Door):
    def back_up(self, actor: Actor, to: Path) -> BackedUp:
        """Write a consistent copy to a file, and the keys that it needs beside it."""
        with self._as(actor, Permission.BACK_UP) as work:
            if not isinstance(self._records.place, Path):
                raise Refused(ON_POSTGRES)
            keys = to.with_name(KEYS_NAME)
            self._require_ours(to, keys)
            work.audit(
                AuditEvent.BACKED_UP, file=to.name,
                justification="to keep a copy", recipients="whoever keeps the file and its keys",
            )  # fmt: skip
        with TemporaryDirectory(dir=self._records.home.aside) as folder:
            return self._write(Path(folder) / "copy.db", to, keys)

    def _write(self, copy: Path, to: Path, keys: Path) -> BackedUp:
        signer, vault, made_at = self._records.signer, self._records.vault, self._clock.now()
        copied = copy_database(self._records, copy)
        log = str(signer.verifier)
        sealed = seal_log_key(vault, signer)
        # The keys come first: a newer file of keys serves an older backup, not the reverse.
        with whole_file(keys) as file:
            write_keys(
                file, BackupKeys(log, vault.master_key_id, iso(made_at), sealed, copied.wrapped)
            )
        manifest = describe(copy, log=log, made_at=made_at, lines=copied.lines)
        with whole_file(to) as file:
            write_backup(file, copy, manifest, signer)
        return BackedUp(to, keys, copied.lines, made_at)

    def _require_ours(self, to: Path, keys: Path) -> None:
        if to.name == KEYS_NAME:
            raise Refused(f"{KEYS_NAME} is the name of the file of keys: name the backup otherwise")
        if to.absolute().is_relative_to(self._records.home.path):
            raise Refused(f"{to} lies within OVERT_HOME: a backup belongs on another disk")
        if not to.parent.is_dir():
            raise Refused(f"there is no folder {to.parent}")
        if keys.exists() and read_keys(keys).log != str(self._records.signer.verifier):
            raise Refused(f"{keys} belongs to another installation: use a folder of its own")
