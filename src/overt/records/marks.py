"""The mark of a row: what only a holder of the master key can make, and what the log commits to.

A mark covers the table, the key and every column as the database holds it. The tally of a table is
how many rows it has and the sum, modulo 2^256, of a second secret function of their marks: it
follows each change without reading the other rows, and no choice of rows that were once true
(an old row put back, a new one taken away) gives the same tally.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NewType

import rfc8785

Mark = NewType("Mark", bytes)
"""32 bytes."""
RowKey = NewType("RowKey", str)
"""The values of a row's primary key, as a JSON array."""

_SIZE: Final = 32
_MODULUS: Final = 1 << (8 * _SIZE)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one table."""

    rows: int = 0
    total: int = 0

    def plus(self, weight: int) -> "Tally":
        return Tally(self.rows + 1, (self.total + weight) % _MODULUS)

    def minus(self, weight: int) -> "Tally":
        return Tally(self.rows - 1, (self.total - weight) % _MODULUS)


NO_ROWS: Final = Tally()


@dataclass(frozen=True, slots=True)
class Marker:
    """Makes marks; its keys come from the master key and are never written."""

    row_key: bytes = field(repr=False)
    tally_key: bytes = field(repr=False)

    @classmethod
    def of(cls, master: bytes) -> "Marker":
        return cls(_derived(master, b"overt row mark"), _derived(master, b"overt row tally"))

    def mark(self, table: str, key: RowKey, columns: Mapping[str, Any]) -> Mark:
        digest = hashlib.blake2b(key=self.row_key, digest_size=_SIZE)
        for part in (table, key):
            _add(digest, part)
        for name in sorted(columns):
            _add(digest, name)
            _add(digest, columns[name])
        return Mark(digest.digest())

    def weight(self, mark: Mark) -> int:
        """What the row adds to its table's tally."""
        made = hashlib.blake2b(mark, key=self.tally_key, digest_size=_SIZE).digest()
        return int.from_bytes(made)

    def tally(self, marks: Iterable[Mark]) -> Tally:
        told = NO_ROWS
        for mark in marks:
            told = told.plus(self.weight(mark))
        return told


def row_key(values: Iterable[object]) -> RowKey:
    """Write a primary key the same way on every database."""
    return RowKey(json.dumps(list(values), ensure_ascii=False, separators=(",", ":")))


def key_values(key: RowKey) -> list[Any]:
    values: list[Any] = json.loads(key)
    return values


def as_json(tallies: Mapping[str, Tally]) -> dict[str, list[Any]]:
    return {name: [t.rows, f"{t.total:064x}"] for name, t in tallies.items() if t.rows}


def from_json(told: Mapping[str, list[Any]]) -> dict[str, Tally]:
    return {name: Tally(rows, int(total, 16)) for name, (rows, total) in told.items()}


def state_digest(tallies: Mapping[str, Tally]) -> str:
    """What a line of the log says of all the records."""
    written: bytes = rfc8785.dumps(as_json(tallies))
    return hashlib.sha256(b"overt records\n" + written).hexdigest()


def _derived(master: bytes, purpose: bytes) -> bytes:
    return hashlib.blake2b(purpose, key=master, digest_size=_SIZE).digest()


def _add(digest: "hashlib.blake2b", value: object) -> None:
    """Add a value with its kind and length, so that no two rows are written alike."""
    kind, content = _written(value)
    digest.update(kind + len(content).to_bytes(8) + content)


def _written(value: object) -> tuple[bytes, bytes]:
    match value:
        case None:
            return b"n", b""
        case bool() | int():
            return b"i", str(int(value)).encode()
        case float():
            return b"f", repr(value).encode()
        case str():
            return b"s", value.encode(errors="surrogatepass")
        case bytes() | bytearray() | memoryview():
            return b"b", bytes(value)
        case dict() | list():  # PostgreSQL's driver reads JSON; SQLite's leaves it as text
            return b"j", json.dumps(value, sort_keys=True).encode()
        case _:  # a date
            return b"o", str(value).encode()
