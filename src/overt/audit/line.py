"""One line of the log: a canonical JSON object (RFC 8785) whose bytes are a leaf of the tree.

A line holds ids and counts, never a name of a listed person, an image, a vector or an address.
There is one way to write a line, so reading one back and writing it again must give its bytes.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import rfc8785

from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import UtcTime, iso, utc

Fact = str | int | bool
"""What a detail may be. No fractions: they have no one way to be written and meant."""

LONGEST_LINE: Final = 1_000_000
"""Bytes; a line of ours has a few thousand, and no reader need take in more to refuse it."""
_KEYS: Final = frozenset({"seq", "at", "actor", "event", "detail"})
_KEYS_WITH_ROWS: Final = _KEYS | {"rows"}
_EVENT: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
_STATE: Final = re.compile(r"[0-9a-f]{64}")
_AT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


@dataclass(frozen=True, slots=True)
class RowsChanged:
    """What the act before did to the records; it stands on the first line of the next."""

    changed: str
    """How many rows of which table were put in (+), changed (~) or deleted (-): `alerts+1`."""
    state: str
    """64 hexadecimal digits that commit to every row of the records after that act."""


@dataclass(frozen=True, slots=True)
class Line:
    seq: int
    """The leaf's index in the tree: from 0, without a gap."""
    at: UtcTime
    actor: ActorId
    event: str
    """The value of an AuditEvent; a later program may know more of them."""
    detail: Mapping[str, Fact]
    rows: RowsChanged | None = None
    """What the act before did to the records; None where it changed none, or a line told it."""

    def canonical(self) -> bytes:
        """Write the leaf's bytes: no newline, no other spelling."""
        told: dict[str, Any] = {
            "seq": self.seq,
            "at": iso(self.at),
            "actor": self.actor,
            "event": self.event,
            "detail": dict(self.detail),
        }
        if self.rows is not None:
            told["rows"] = {"changed": self.rows.changed, "state": self.rows.state}
        written: bytes = rfc8785.dumps(told)
        return written


def read_line(raw: bytes) -> Line:
    """Read a leaf's bytes; raise Refused, with the reason, unless they are exactly a line."""
    told = read_canonical(raw)
    if told.keys() not in (_KEYS, _KEYS_WITH_ROWS):
        raise Refused(f"a line has exactly {', '.join(sorted(_KEYS))}, and rows if it changed any")
    match told:
        case {
            "seq": int(seq),
            "at": str(at),
            "actor": str(actor),
            "event": str(event),
            "detail": dict(detail),
        } if not isinstance(told["seq"], bool):
            pass
        case _:
            raise Refused("a line's seq is a number, its detail an object and the others text")
    if seq < 0 or not actor or not _EVENT.fullmatch(event):
        raise Refused("a line's seq, actor or event is not well formed")
    if not all(isinstance(fact, str | int) for fact in detail.values()):
        raise Refused("a line's detail holds text, whole numbers, true or false")
    rows = _rows(told["rows"]) if "rows" in told else None
    return Line(seq, _moment(at), ActorId(actor), event, detail, rows)


def _rows(told: object) -> RowsChanged:
    match told:
        case {"changed": str(changed), "state": str(state), **others} if not others:
            if changed and _STATE.fullmatch(state):
                return RowsChanged(changed, state)
    raise Refused("a line's rows say what was changed, and the state after it in 64 digits")


def read_canonical(raw: bytes) -> dict[str, object]:
    """Read a JSON object; raise Refused unless these are its bytes in canonical form."""
    try:
        told = json.loads(raw.decode(), parse_constant=_no_constant)
        canonical = rfc8785.dumps(told)
    except (ValueError, RecursionError) as broken:  # bad UTF-8, bad JSON, too deep, too large
        raise Refused(f"not JSON that has a canonical form: {broken}") from None
    if not isinstance(told, dict):
        raise Refused("not a JSON object")
    if canonical != raw:
        raise Refused("not in canonical form (RFC 8785)")
    return told


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _moment(at: str) -> UtcTime:
    try:
        moment = utc(datetime.fromisoformat(at)) if _AT.fullmatch(at) else None
    except ValueError:
        moment = None
    if moment is None or iso(moment) != at:
        raise Refused("a line's time is written like 2026-11-30T10:00:00.000Z")
    return moment
