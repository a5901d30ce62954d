"""Whatever is done to an exported log, it no longer verifies; nothing but Refused comes of it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from overt.audit.checkpoint import sign_checkpoint
from overt.audit.export import exported
from overt.audit.line import Line, read_line
from overt.audit.note import Signer
from overt.audit.tree import TreeHead, leaf_hash, tree_of
from overt.audit.verify import verify
from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import UtcTime

SIGNER = Signer("overt/test", bytes(range(32)))
NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)

FACTS = st.one_of(st.text(max_size=8), st.integers(-(2**53) + 1, 2**53 - 1), st.booleans())
DETAILS = st.dictionaries(st.text(max_size=6), FACTS, max_size=3)


def _lines(details: list[dict[str, str | int | bool]]) -> list[bytes]:
    return [
        Line(
            seq, UtcTime(NOON + timedelta(milliseconds=seq)), ActorId("a"), "audit-read", detail
        ).canonical()
        for seq, detail in enumerate(details)
    ]


LOGS = st.lists(DETAILS, min_size=1, max_size=8).map(_lines)


def _export(leaves: list[bytes]) -> bytes:
    tree = tree_of(map(leaf_hash, leaves))
    note = sign_checkpoint(SIGNER, TreeHead(tree.size, tree.root()))
    return b"".join(exported(leaves, str(note)))


def _refused(tampered: bytes) -> bool:
    try:
        verify(BytesIO(tampered), SIGNER.verifier)
    except Refused:
        return True
    return False


@pytest.mark.requirement("R57")
@given(LOGS)
def test_every_log_verifies_as_it_was_written(leaves: list[bytes]) -> None:
    assert not _refused(_export(leaves))


@given(LOGS)
def test_every_line_is_read_back_as_the_same_bytes(leaves: list[bytes]) -> None:
    assert [read_line(leaf).canonical() for leaf in leaves] == leaves


@pytest.mark.requirement("R57")
@given(LOGS, st.data())
def test_no_changed_byte_verifies(leaves: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(_export(leaves))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    assert _refused(bytes(whole))


@pytest.mark.requirement("R57")
@given(LOGS, st.data())
def test_no_cut_verifies(leaves: list[bytes], data: st.DataObject) -> None:
    whole = _export(leaves)
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    assert _refused(whole[:start] + whole[end:])


@pytest.mark.requirement("R57")
@given(LOGS, st.binary(min_size=1, max_size=30), st.data())
def test_nothing_that_is_put_in_verifies(
    leaves: list[bytes], more: bytes, data: st.DataObject
) -> None:
    whole = _export(leaves)
    place = data.draw(st.integers(0, len(whole)))
    assert _refused(whole[:place] + more + whole[place:])


@pytest.mark.requirement("R57")
@given(LOGS, st.data())
def test_no_other_order_verifies(leaves: list[bytes], data: st.DataObject) -> None:
    lines = _export(leaves).splitlines(keepends=True)
    shuffled = data.draw(st.permutations(lines))
    assume(list(shuffled) != lines)
    assert _refused(b"".join(shuffled))


@pytest.mark.requirement("R57")
@given(LOGS, LOGS)
def test_no_checkpoint_of_another_log_verifies(one: list[bytes], other: list[bytes]) -> None:
    assume(one != other)
    foreign = _export(other).splitlines(keepends=True)[-1]
    assert _refused(b"".join(leaf + b"\n" for leaf in one) + foreign)


@given(st.binary(max_size=200))
def test_noise_is_refused_and_never_breaks_the_program(noise: bytes) -> None:
    assert _refused(noise)
