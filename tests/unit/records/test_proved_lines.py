"""Lines decide nothing unless each is where overt wrote it, as overt wrote it, and none is missing."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes.meddling import meddled

from overt.audit.events import AuditEvent
from overt.errors import Fault
from overt.identifiers import ActorId
from overt.records.guard import AlteredRecords
from overt.records.home import Home
from overt.records.proved_lines import MOST_KEPT, LinesKept
from overt.records.records import Records, open_records
from overt.records.work import Reading, UnitOfWork
from overt.units import Clock

pytestmark = pytest.mark.requirement("R55")
ALICE = ActorId("alice")
IN, OUT = AuditEvent.SIGNED_IN, AuditEvent.SIGNED_OUT
KINDS = frozenset({IN.value})
TOLD = [IN, OUT, IN, OUT, IN, IN, OUT]
"""Lines 1 to 7."""
LINE = "(SELECT line FROM audit WHERE seq = {0}), link = (SELECT link FROM audit WHERE seq = {0})"
MEDDLING = {
    "a word edited": ["UPDATE audit SET line = replace(line, 'n3', 'n9') WHERE seq = 3"],
    "given another kind": ["UPDATE audit SET event = 'signed-out' WHERE seq = 5"],
    "another line given this kind": ["UPDATE audit SET event = 'signed-in' WHERE seq = 2"],
    "taken away": ["DELETE FROM audit WHERE seq = 3"],
    "the first taken away": ["DELETE FROM audit WHERE seq = 1"],
    "the newest of its kind taken away": ["DELETE FROM audit WHERE seq = 6"],
    "all of its kind taken away": ["DELETE FROM audit WHERE event = 'signed-in'"],
    "an old one in a new place": [f"UPDATE audit SET event = 'signed-in', line = {LINE.format(1)} WHERE seq = 4"],
    "two swapped": [
        "UPDATE audit SET seq = -3 WHERE seq = 3", "UPDATE audit SET seq = 3 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = -3",
    ],
    "moved down": ["DELETE FROM audit WHERE seq = 4", "UPDATE audit SET seq = 4 WHERE seq = 3"],
    "without a link": ["UPDATE audit SET link = NULL WHERE seq = 3"],
    "with a link of its own making": ["UPDATE audit SET link = randomblob(40) WHERE seq = 3"],
    "no bytes at all": ["UPDATE audit SET line = 7, link = 'x' WHERE seq = 3"],
}  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = open_records(Home(tmp_path / "home"), Clock())
    with UnitOfWork(opened, ALICE) as work:
        for number, event in enumerate(TOLD, start=1):
            work.audit(event, account=f"n{number}")
    yield opened
    opened.close()


def _read(records: Records, since: int = 0) -> list[bytes]:
    with Reading(records) as reading:
        return reading.lines.of(KINDS, since)


@pytest.mark.parametrize("how", MEDDLING)
def test_whatever_was_done_to_lines_is_found_and_once_put_back_they_are_read_again(
    records: Records, how: str
) -> None:
    before = _read(records)
    assert len(before) == TOLD.count(IN)
    with meddled(records.home.path, *MEDDLING[how]), pytest.raises(AlteredRecords, match="audit"):
        _read(records)
    assert _read(records) == before


def test_of_lines_from_one_on_a_missing_first_is_found(records: Records) -> None:
    assert len(_read(records, 3)) == 3
    with meddled(records.home.path, "DELETE FROM audit WHERE seq = 3"):
        with pytest.raises(AlteredRecords):
            _read(records, 3)
        assert len(_read(records, 4)) == 2  # it is not asked for


def test_a_tail_cut_off_does_not_open(records: Records) -> None:
    cut = meddled(records.home.path, "DELETE FROM audit WHERE seq > 5")
    with cut, pytest.raises(Fault, match="lines and its tree differ in length"):
        _read(records)


def test_one_line_is_proved_or_shown_to_be_none(records: Records) -> None:
    with Reading(records) as reading:
        assert b'"n4"' in (reading.lines.at(4) or b"")
        assert reading.lines.at(8) is None
        assert reading.lines.at(-1) is None
    for statement in ("DELETE FROM audit WHERE seq = 4", *MEDDLING["an old one in a new place"]):
        edited = meddled(records.home.path, statement)
        with edited, pytest.raises(AlteredRecords), Reading(records) as reading:
            reading.lines.at(4)


def test_an_act_reads_its_own_lines_as_proved(records: Records) -> None:
    with UnitOfWork(records, ALICE) as work:
        line = work.audit(IN, account="bob")
        assert b'"bob"' in work.lines.of(KINDS)[-1]
        assert work.lines.newest(KINDS) == line
    assert b'"bob"' in _read(records)[-1]


def test_what_was_proved_before_is_compared_byte_by_byte(records: Records) -> None:
    with UnitOfWork(records, ALICE) as work:
        for number in range(200):
            work.audit(IN, account=f"m{number}")
    assert len(_read(records)) == len(_read(records)) == 204
    edited = meddled(records.home.path, "UPDATE audit SET line = replace(line, 'n3', 'n9')")
    with edited, pytest.raises(AlteredRecords, match=r"audit \(\d\) was altered"):
        _read(records)
    shorter = meddled(records.home.path, "DELETE FROM audit WHERE seq = 100")
    with shorter, pytest.raises(AlteredRecords, match="does not follow"):
        _read(records)
    assert len(_read(records)) == 204


def test_no_more_lines_are_kept_than_were_set() -> None:
    kept = LinesKept()
    for each in range(10):
        lines = [(seq, "kind", b"line", b"link") for seq in range(MOST_KEPT // 4)]
        kept.keep(frozenset({str(each)}), 0, lines, {})
    assert kept.beginning(frozenset({"0"}), 0, lines)[0] == 0
    assert kept.beginning(frozenset({"9"}), 0, lines)[0] == len(lines)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    seq=st.integers(1, len(TOLD)),
    column=st.sampled_from(["event", "line", "link", "seq"]),
    value=st.sampled_from(["'signed-out'", "'signed-in'", "X'00'", "seq + 100", "NULL", "'{}'"]),
)
def test_no_edit_of_one_line_goes_unseen(
    records: Records, seq: int, column: str, value: str
) -> None:
    before = _all(records)
    try:
        with meddled(records.home.path, f"UPDATE audit SET {column} = {value} WHERE seq = {seq}"):
            assert _all(records) == before
    except (AlteredRecords, Fault, sqlite3.IntegrityError):  # the last: the schema refuses it
        pass
    assert _all(records) == before


@pytest.mark.parametrize("column", ["event", "line", "link"])
@pytest.mark.parametrize("value", ["X'00'", "'{}'", "7"])
def test_a_column_of_another_type_is_an_altered_line(
    records: Records, column: str, value: str
) -> None:
    with (
        meddled(records.home.path, f"UPDATE audit SET {column} = {value} WHERE seq = 2"),
        pytest.raises(AlteredRecords),
    ):
        _all(records)


def _all(records: Records) -> list[bytes]:
    with Reading(records) as reading:
        return reading.lines.of(None)
