"""What the commands of `overt audit` read and write outside OVERT_HOME: keys, notes, proofs, exports."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from overt.audit.cosignature import WitnessKey, read_witness_key
from overt.audit.line import LONGEST_LINE
from overt.audit.note import Verifier, read_verifier
from overt.audit.proof import LARGEST_PROOF, Consistency, Inclusion, read_proof
from overt.errors import Refused


def verifier_of(key: str) -> Verifier:
    return read_verifier(_key_text(key))


def witness_of(key: str) -> WitnessKey:
    return read_witness_key(_key_text(key))


def _key_text(key: str) -> str:
    # Base64 holds slashes, so a key may look like a path; a name and its hash never do.
    return key if key.count("+") >= 2 else text_of(Path(key))


def text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise Refused(f"{path} is not text") from None


def proof_in(path: Path) -> Inclusion | Consistency | None:
    """Read a proof; None where the file begins as an exported log does."""
    try:
        with path.open("rb") as file:
            start = file.read(1)
            if start == b"{":
                return None
            text = (start + file.read(LARGEST_PROOF)).decode()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        return None
    return read_proof(text)


@contextmanager
def lines_of(path: Path) -> Iterator[Iterator[bytes]]:
    """Give the lines of an exported log, and say of which file a refusal is."""
    try:
        with path.open("rb") as file:
            # A file without newlines would otherwise be read whole before it is refused.
            yield iter(partial(file.readline, LONGEST_LINE), b"")
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    except Refused as refusal:
        raise Refused(f"{path}: {refusal}") from None


def write_text(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a whole file in the place of an earlier one, or leave that as it was."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise Refused(f"{path} cannot be written: {error.strerror}") from error
