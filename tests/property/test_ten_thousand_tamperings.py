"""Ten thousand random tamperings with an exported log, of every kind that R57 names: all found.

The one who tampers has the file and no key. Whoever has the log's key too can only roll back or
fork, which an earlier checkpoint shows.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Final

import numpy as np
import pytest

from overt.audit.checkpoint import Checkpoint, sign_checkpoint
from overt.audit.events import AuditEvent
from overt.audit.export import exported
from overt.audit.line import Fact, Line, RowsChanged
from overt.audit.note import Signer
from overt.audit.tree import CompactRange, TreeHead, leaf_hash, tree_of
from overt.audit.verify import NOTHING_SEALED, verify
from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import UtcTime

SIGNER: Final = Signer("overt/test", bytes(range(32)))
NOON: Final = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
TAMPERINGS: Final = 10_000
Chance = np.random.Generator


def a_line(seq: int, chance: Chance) -> Line:
    detail: dict[str, Fact] = {
        "alert": f"a-{chance.integers(100)}",
        "shots": int(chance.integers(9)),
        "ok": True,
    }
    rows = RowsChanged("alerts+1", f"{seq:064x}") if chance.integers(2) else None
    at = UtcTime(NOON + timedelta(milliseconds=int(seq)))
    event = list(AuditEvent)[chance.integers(len(AuditEvent))].value
    return Line(seq, at, ActorId("ana"), event, detail, rows)


def a_log(chance: Chance, count: int) -> list[bytes]:
    return [a_line(seq, chance).canonical() for seq in range(count)]


def export(leaves: list[bytes], *, sealed: int = 0) -> bytes:
    tree = tree_of(map(leaf_hash, leaves))
    note = sign_checkpoint(SIGNER, TreeHead(tree.size, tree.root()))
    kept = tree_of(map(leaf_hash, leaves[:sealed])) if sealed else NOTHING_SEALED
    return b"".join(exported(leaves[sealed:], str(note), kept))


def some_log(chance: Chance) -> list[bytes]:
    return LOGS[chance.integers(len(LOGS))]


_CHANCE: Final = np.random.default_rng(1)
LOGS: Final = [
    export(a_log(_CHANCE, count)).splitlines(keepends=True) for count in (3, 3, 4, 4, 5, 6) * 4
]


def flip(lines: list[bytes], chance: Chance) -> bytes:
    whole = bytearray(b"".join(lines))
    whole[chance.integers(len(whole))] ^= int(chance.integers(1, 256))
    return bytes(whole)


def edit(lines: list[bytes], chance: Chance) -> bytes:
    which = int(chance.integers(len(lines) - 1))
    told = json.loads(lines[which])
    place = ["actor", "event", "at", "seq", "detail"][chance.integers(5)]
    told[place] = {
        "actor": "eve", "event": "key-made", "at": "2026-11-30T11:00:00.000Z",
        "seq": told["seq"] + 1, "detail": {"alert": "another"},
    }[place]  # fmt: skip
    written = json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    return b"".join([*lines[:which], written, *lines[which + 1 :]])


def unknown_field(lines: list[bytes], chance: Chance) -> bytes:
    which = int(chance.integers(len(lines) - 1))
    told = json.loads(lines[which])
    target = told if chance.integers(2) else told["detail"]
    target["zz"] = int(chance.integers(9))
    written = json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    return b"".join([*lines[:which], written, *lines[which + 1 :]])


def written_otherwise(lines: list[bytes], chance: Chance) -> bytes:
    """The same JSON, in other bytes."""
    which = int(chance.integers(len(lines)))
    told = json.loads(lines[which])
    spaced = json.dumps(told, sort_keys=True).encode()
    turned = json.dumps(dict(reversed(told.items())), separators=(",", ":")).encode()
    escaped = lines[which].rstrip(b"\n").replace(b"a", b"\\u0061", 1)
    ways = [way for way in (spaced, turned, escaped) if way + b"\n" != lines[which]]
    way = ways[chance.integers(len(ways))]
    return b"".join([*lines[:which], way + b"\n", *lines[which + 1 :]])


def whitespace(lines: list[bytes], chance: Chance) -> bytes:
    whole = b"".join(lines)
    place = int(chance.integers(len(whole) + 1))
    white = [b" ", b"\t", b"\n", b"\r", b"\r\n", b"\xef\xbb\xbf", b"\x00"][chance.integers(7)]
    return whole[:place] + white + whole[place:]


def delete(lines: list[bytes], chance: Chance) -> bytes:
    which = int(chance.integers(len(lines)))
    return b"".join([*lines[:which], *lines[which + 1 :]])


def duplicate(lines: list[bytes], chance: Chance) -> bytes:
    which, where = chance.integers(len(lines), size=2)
    return b"".join([*lines[:where], lines[which], *lines[where:]])


def reorder(lines: list[bytes], chance: Chance) -> bytes:
    one, other = chance.choice(len(lines), 2, replace=False)
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def truncate(lines: list[bytes], chance: Chance) -> bytes:
    whole = b"".join(lines)
    return whole[: chance.integers(len(whole))]


def behead(lines: list[bytes], chance: Chance) -> bytes:
    """Pass the first lines off as sealed, which no line of the log tells."""
    count = int(chance.integers(1, len(lines) - 1))
    return export([line.rstrip(b"\n") for line in lines[:-1]], sealed=count)


def foreign(lines: list[bytes], chance: Chance) -> bytes:
    """The checkpoint of another log under the same key."""
    others = [each[-1] for each in LOGS if each[-1] != lines[-1]]
    return b"".join([*lines[:-1], others[chance.integers(len(others))]])


def own_key(lines: list[bytes], chance: Chance) -> bytes:
    """Sign the log anew with another key of the same name."""
    edited = [line.rstrip(b"\n") for line in lines[:-1]]
    edited[chance.integers(len(edited))] = lines[0].rstrip(b"\n")
    tree = tree_of(map(leaf_hash, edited))
    note = sign_checkpoint(Signer.new(SIGNER.name), TreeHead(tree.size, tree.root()))
    return b"".join(exported(edited, str(note)))


WAYS: Final[tuple[Callable[[list[bytes], Chance], bytes], ...]] = (
    flip, edit, unknown_field, written_otherwise, whitespace, delete, duplicate, reorder,
    truncate, behead, foreign, own_key,
)  # fmt: skip


def found(tampered: bytes, since: Checkpoint | None = None) -> bool:
    try:
        verify(BytesIO(tampered), SIGNER.verifier, since)
    except Refused:
        return True
    return False


@pytest.mark.requirement("R57")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_whatever_somebody_does_to_the_file_is_found(
    way: Callable[[list[bytes], Chance], bytes],
) -> None:
    chance = np.random.default_rng(2026)
    for number in range(TAMPERINGS // len(WAYS)):
        lines = some_log(chance)
        whole = b"".join(lines)
        tampered = way(list(lines), chance)
        assert tampered == whole or found(tampered), (number, tampered)


@pytest.mark.requirement("R57")
def test_whatever_the_holder_of_the_key_takes_back_is_found_with_an_earlier_checkpoint() -> None:
    chance = np.random.default_rng(57)
    for number in range(TAMPERINGS // len(WAYS)):
        leaves = [line.rstrip(b"\n") for line in some_log(chance)[:-1]]
        since = Checkpoint(SIGNER.name, head(tree_of(map(leaf_hash, leaves))))
        kept = int(chance.integers(len(leaves)))
        rolled_back = leaves[:kept]
        other = a_line(kept, chance).canonical()
        fork = [*rolled_back, other, *leaves[kept + 1 :]]
        longer = [*leaves, a_line(len(leaves), chance).canonical()]
        assert found(export(rolled_back), since), number
        assert fork == leaves or found(export(fork), since), number
        assert not found(export(longer), since), number


def head(tree: CompactRange) -> TreeHead:
    return TreeHead(tree.size, tree.root())


@pytest.mark.requirement("R57")
def test_a_log_that_begins_at_a_sealed_segment_verifies_and_says_so() -> None:
    chance = np.random.default_rng(7)
    for sealed in range(1, 6):
        leaves = a_log(chance, 6)
        root = tree_of(map(leaf_hash, leaves[:sealed])).root().hex()
        told = a_line(6, chance)
        sealing = Line(6, told.at, told.actor, "log-sealed", {"lines": sealed, "root": root})
        file = export([*leaves, sealing.canonical()], sealed=sealed)
        assert verify(BytesIO(file), SIGNER.verifier).sealed == sealed
        lines = file.splitlines(keepends=True)
        for way in (flip, delete, duplicate, reorder, truncate, whitespace):
            for _ in range(20):
                tampered = way(list(lines), chance)
                assert tampered == file or found(tampered)
