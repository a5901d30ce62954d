"""Files that prove something and are kept elsewhere: photographs, notices, reports, decisions.

Of each the log holds the digest, so that whoever shows the file later can be believed.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final

from overt.errors import Refused
from overt.identifiers import Digest

LARGEST_PROOF: Final = 500_000_000
_AT_ONCE: Final = 1 << 20


def digest_of_file(path: Path, *, what: str) -> Digest:
    """Digest a file that somebody names as proof; refuse one that is not there or is empty."""
    found, size = sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_AT_ONCE):
                size += len(piece)
                if size > LARGEST_PROOF:
                    raise Refused(f"{path}: {what} is larger than {LARGEST_PROOF} bytes")
                found.update(piece)
    except OSError as error:
        raise Refused(f"{path}: {what} cannot be read: {error.strerror}") from error
    if not size:
        raise Refused(f"{path}: {what} is empty; it proves nothing")
    return Digest(f"sha256:{found.hexdigest()}")
