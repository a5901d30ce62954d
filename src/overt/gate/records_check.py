"""Walk the records against the log: what was altered, put in or taken away outside overt.

It shows nobody, and it must work where the roles themselves were altered; so it asks no role,
only that the account may open OVERT_HOME. It leaves a line of what it found, unless a trigger was
planted, which writing that line would set off. What the file itself declares comes first: where a
table is not the one that overt made, its rows are not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Text, cast, select

from overt.audit.events import AuditEvent
from overt.audit.line import Line, read_line
from overt.audit.tree import leaf_hash
from overt.errors import Refused
from overt.gate.people import account
from overt.records.guard import Guard
from overt.records.guarded import GUARDED
from overt.records.home import Home
from overt.records.log import LINE, Held, LogState, read_held, read_state, sealed_range
from overt.records.marks import state_digest
from overt.records.planted import is_a_table, planted
from overt.records.proved_lines import altered_lines
from overt.records.records import Records, open_records
from overt.records.schema import AuditRow
from overt.records.work import Reading, UnitOfWork
from overt.units import Clock, iso

_MOST_TORN: Final = 20


@dataclass(frozen=True, slots=True)
class RecordsChecked:
    lines: int
    rows: int
    altered: tuple[str, ...]
    """What was done outside overt, a sentence each; empty where everything is as overt left it."""
    checkpoint: str


def check_records(folder: Path, clock: Clock) -> RecordsChecked:
    """Compare every line with the signed tree, and every row with what the log committed to."""
    records = open_records(Home(folder.absolute()), clock)
    try:
        with Reading(records) as reading:
            connection = reading.session.connection()
            declared = tuple(planted(connection))
            state = read_state(connection, records.signer.verifier)
            held = read_held(connection, records.vault, state.tree)
            found = tuple(map(str, declared))
            if not any(is_a_table(each) for each in declared):
                found = (*found, *_found(connection, records, state, held), *_torn(connection))
        if not declared:  # else the line might set off what was planted
            _tell(records, state, found)
    finally:
        records.close()
    rows = sum(tally.rows for tally in held.tallies.values())
    return RecordsChecked(state.tree.size, rows, found, state.checkpoint)


def _torn(connection: Connection) -> Iterator[str]:
    """What SQLite finds wrong with its own pages and indexes, and values that break their rules."""
    if connection.dialect.name == "sqlite":
        for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_TORN})"):
            if said != "ok":
                yield f"the file: {said}"


def _tell(records: Records, state: LogState, found: tuple[str, ...]) -> None:
    with UnitOfWork(records, account()) as work:
        work.audit(
            AuditEvent.RECORDS_CHECKED, lines=state.tree.size, altered=len(found),
            first=found[0] if found else "",
        )  # fmt: skip


def _found(connection: Connection, records: Records, state: LogState, held: Held) -> Iterator[str]:
    told = list(_of_the_log(connection, state, held))
    yield from told
    if not told:  # else it names a line that stands there already
        yield from map(str, altered_lines(records.proved(connection, held.log)))
    guard = Guard(connection, records.vault.marker)
    for alteration in guard.alterations(held.tallies, GUARDED.values()):
        yield str(alteration)


_AS_KEPT: Final = select(
    AuditRow.seq,
    cast(AuditRow.at, Text),
    AuditRow.actor,
    AuditRow.event,
    AuditRow.leaf_hash,
    LINE.label("line"),
).order_by(AuditRow.seq)


def _of_the_log(connection: Connection, state: LogState, held: Held) -> Iterator[str]:
    """The lines are those that were signed, and commit to what the tables hold.

    What the very last act did to them no line tells yet; it is sealed with the signed tree.
    """
    committed, tree = "", sealed_range(connection)
    for row in connection.execute(_AS_KEPT.execution_options(yield_per=1000)):
        tree = tree.append(leaf_hash(row.line))
        line = _read(row.line)
        if line is None or _columns(line, row.line) != row[:5]:
            yield f"audit ({row.seq}) was altered"
        elif line.rows is not None:
            committed = line.rows.state
    if tree != state.tree:
        yield "audit: its lines are not those that were signed"
    if not held.untold and committed != state_digest(held.tallies):
        yield "audit: no line commits to the records as they are"


def _columns(line: Line, leaf: bytes) -> tuple[object, ...]:
    """What stands beside a line, in the order of `_AS_KEPT`."""
    return line.seq, iso(line.at), line.actor, line.event, leaf_hash(leaf)


def _read(leaf: bytes) -> Line | None:
    try:
        return read_line(leaf)
    except Refused:
        return None
