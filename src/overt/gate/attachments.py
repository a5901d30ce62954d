"""Documents of a deployment that lie beside it: whether each is the file whose digest is stated.

Asked when a deployment is submitted, signed and checked; the machine in the street need not hold
them, and what was signed is the digest.
"""

from collections.abc import Mapping
from pathlib import Path

from overt.config.deployment import DeploymentFile
from overt.errors import Refused
from overt.gate.proof_files import digest_of_file


def attached(deployment: Path, file: DeploymentFile) -> Mapping[str, str]:
    """By the kind of each document that names its file: what is wrong with it, or nothing."""
    return {
        document.kind: _fault(deployment.parent / document.file, document.sha256)
        for document in file.documents
        if document.file
    }


def _fault(path: Path, stated: str) -> str:
    try:
        found = digest_of_file(path, what="the document")
    except Refused as refusal:
        return str(refusal)
    if found != f"sha256:{stated}":
        return f"{path.name} has the digest {found}, not the one stated; state it, or find the file"
    return ""
