"""The two keys of OVERT_HOME: made once, then only ever read.

The database names both. A key that is lost, damaged or another's is told, with the file and what
to do; it is never replaced by a new one, because that would make every sealed record unreadable
and break the log in two.
"""

import os
import stat
from pathlib import Path

from overt.audit.note import Signer, read_signer
from overt.errors import Refused
from overt.identifiers import KeyId
from overt.records.home import Home, write_private
from overt.records.vault import MasterKey, read_master_key


class NotPrivate(Refused):
    """Others may read or replace the file."""


def make_master_key(home: Home) -> MasterKey:
    """Make the master key, or take the one that was put there before the first command."""
    if home.master_key.exists():
        return load_master_key(home.master_key)
    key = MasterKey.new()
    write_private(home.master_key, key.text().encode())
    return key


def make_log_key(home: Home, origin: str) -> Signer:
    """Make the log's key, or take up the one that an interrupted first opening left."""
    if home.log_key.exists():
        return load_log_key(home.log_key)
    signer = Signer.new(origin)
    write_private(home.log_key, f"{signer.secret_text()}\n".encode())
    return signer


def load_master_key(path: Path, expected: KeyId | None = None) -> MasterKey:
    """Read the master key; raise Refused unless it is the expected one."""
    named = "it" if expected is None else f"the key {expected}"
    mend = (
        f"put {named} back from your own copy; "
        "without it nothing that is sealed can be read again, by anybody"
    )
    try:
        _require_private(path)
        key = read_master_key(_read(path))
    except NotPrivate as refusal:
        raise Refused(f"the master key {path}: {refusal}") from None
    except Refused as refusal:
        raise Refused(f"the master key {path}: {refusal}; {mend}") from None
    if expected is not None and key.id != expected:
        raise Refused(f"the master key {path} is {key.id}, another installation's: {mend}")
    return key


def load_log_key(path: Path, expected: str | None = None) -> Signer:
    """Read the key that signs the log; raise Refused unless its public half is the expected one."""
    mend = f"put back {path} from your own copy, or restore a backup (overt restore)"
    try:
        _require_private(path)
        signer = read_signer(_read(path))
    except NotPrivate as refusal:
        raise Refused(f"the log's key {path}: {refusal}") from None
    except Refused as refusal:
        raise Refused(f"the log's key {path}: {refusal}; {mend}") from None
    if expected is not None and str(signer.verifier) != expected:
        raise Refused(f"the log's key {path} is not the one that signed this log: {mend}")
    return signer


def _require_private(path: Path) -> None:
    """A key that others may read or replace is no key."""
    try:
        about = path.stat()
    except OSError:
        return  # reading it will tell
    if stat.S_IMODE(about.st_mode) & 0o077:
        raise NotPrivate(
            f"it is open to other accounts (mode {stat.S_IMODE(about.st_mode):04o}): ask who may "
            f"have read it, then close it with chmod 600 {path}"
        )
    if about.st_uid != os.geteuid():
        raise NotPrivate(
            f"it belongs to the account {about.st_uid}, not to the one that runs overt: "
            f"run overt as its owner, or give it to this account with chown {os.geteuid()} {path}"
        )


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("ascii")
    except FileNotFoundError:
        raise Refused("it is lost") from None
    except UnicodeDecodeError:
        raise Refused("it was damaged") from None
    except OSError as error:
        raise Refused(f"it cannot be read ({error.strerror})") from error
