"""Walk the records against the log: what was altered, put in or taken away outside overt.

It shows nobody, and it must work where the roles themselves were altered; so it asks no role,
only that the account may open OVERT_HOME. It leaves a line of what it found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

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
from overt.records.records import Records, open_records
from overt.records.schema import AuditRow
from overt.records.work import Reading, UnitOfWork
from overt.units import Clock


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
            state = read_state(connection, records.signer.verifier)
            held = read_held(connection, records.vault, state.tree)
            found = tuple(_found(connection, records, state, held))
        with UnitOfWork(records, account()) as work:
            work.audit(
                AuditEvent.RECORDS_CHECKED, lines=state.tree.size, altered=len(found),
                first=found[0] if found else "",
            )  # fmt: skip
    finally:
        records.close()
    rows = sum(tally.rows for tally in held.tallies.values())
    return RecordsChecked(state.tree.size, rows, found, state.checkpoint)


def _found(connection: Connection, records: Records, state: LogState, held: Held) -> Iterator[str]:
    yield from _of_the_log(connection, state, held)
    guard = Guard(connection, records.vault.marker)
    for alteration in guard.alterations(held.tallies, GUARDED.values()):
        yield str(alteration)


def _of_the_log(connection: Connection, state: LogState, held: Held) -> Iterator[str]:
    """The lines are those that were signed, and commit to what the tables hold.

    What the very last act did to them no line tells yet; it is sealed with the signed tree.
    """
    committed, tree = "", sealed_range(connection)
    lines = select(AuditRow.seq, AuditRow.event, AuditRow.leaf_hash, LINE).order_by(AuditRow.seq)
    lines = lines.execution_options(yield_per=1000)
    for seq, event, hashed, leaf in connection.execute(lines):
        tree = tree.append(leaf_hash(leaf))
        line = _read(leaf)
        if line is None or (line.seq, line.event) != (seq, event) or hashed != leaf_hash(leaf):
            yield f"audit ({seq}) was altered"
        elif line.rows is not None:
            committed = line.rows.state
    if tree != state.tree:
        yield "audit: its lines are not those that were signed"
    if not held.untold and committed != state_digest(held.tallies):
        yield "audit: no line commits to the records as they are"


def _read(leaf: bytes) -> Line | None:
    try:
        return read_line(leaf)
    except Refused:
        return None
