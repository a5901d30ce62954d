"""A receipt of destruction: what was destroyed, when and how late, signed by the installation's key.

It is a signed note, as a checkpoint is: a text, an empty line, a signature that anybody checks with
the log's public key. Each receipt says of which lines of the log it tells, so that an export of the
log shows the same.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import rfc8785

from overt.audit.line import read_canonical
from overt.audit.note import Note, Signer, Verifier, read_note
from overt.errors import Refused

_HEAD: Final = "overt receipt of destruction 1\n"


@dataclass(frozen=True, slots=True)
class DestroyedKey:
    id: str
    kind: str
    line: int
    """Of the log, which tells of its destruction."""
    at: str


@dataclass(frozen=True, slots=True)
class Receipt:
    number: int
    """The line of the log by which the destruction was checked and complete."""
    completed_at: str
    rows: Mapping[str, int]
    """How many rows were deleted past their date, by table."""
    keys: tuple[DestroyedKey, ...]
    deployments: tuple[str, ...]
    """Of which nothing about anybody is left now."""
    late_seconds: int
    """How long after its time the latest of it went; 0 where that was in time."""
    log: str
    """The log's public key."""

    def facts(self) -> Mapping[str, Any]:
        return {**asdict(self), "rows": dict(self.rows)}

    def signed_by(self, signer: Signer) -> Note:
        told: bytes = rfc8785.dumps(_plain(self.facts()))
        return signer.sign(f"{_HEAD}{told.decode()}\n")


def read_receipt(whole: str, verifier: Verifier) -> Receipt:
    """Read a receipt; raise Refused unless this key signed every byte of it."""
    note = read_note(whole)
    verifier.check(note)
    if not note.text.startswith(_HEAD):
        raise Refused("it is signed, but no receipt of destruction")
    match read_canonical(note.text.removeprefix(_HEAD).removesuffix("\n").encode()):
        case {
            "number": int(number),
            "completed_at": str(completed_at),
            "rows": dict(rows),
            "keys": list(keys),
            "deployments": list(deployments),
            "late_seconds": int(late_seconds),
            "log": str(log),
        } if log == str(verifier):
            return Receipt(
                number, completed_at, rows, tuple(DestroyedKey(**key) for key in keys),
                tuple(deployments), late_seconds, log,
            )  # fmt: skip
        case _:
            raise Refused("the receipt has a form that this overt does not know")


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **facts,
        "keys": [dict(key) for key in facts["keys"]],
        "deployments": list(facts["deployments"]),
    }
