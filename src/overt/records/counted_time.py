"""Time goes on for the records while nothing runs, whatever the machine's clock is set to meanwhile.

Linux counts the seconds since the machine was started, sleep included, and nobody sets that back.
Whoever opens the records leaves behind how far it had counted and what time it was at least, by the
log and the note before; the next, until the machine is started anew, knows that the difference has
passed. So a clock set back puts nothing off that is due for longer than it was since anybody opened
the records. Nothing is put forward by the wall clock of the note: one that was set ahead and set
right again leaves nothing. But it is told where the clock has since moved further than was counted.
A note that somebody edits can only make time go faster; without one the log's last line counts.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from overt.errors import Fault
from overt.records.home import Home, write_private
from overt.units import Clock, UtcTime, iso, utc

NOTE: Final = "counted"


def learn_time(home: Home, clock: Clock, last_line: UtcTime) -> None:
    """Go on from what has passed at least since the records were last opened; note it anew."""
    if clock.since_start is None:
        return
    started, counted = clock.since_start()
    before = _read(home, started, counted)
    earliest = last_line if before is None else max(last_line, before.at)
    clock.no_earlier_than(earliest)
    believed = clock.now() if before is None or before.clock is None else before.clock
    clock.reckon_from(believed, counted)
    _write(home, started, counted, Noted(earliest, believed))


def believe_clock(home: Home, clock: Clock) -> None:
    """After it was told that the clock had moved ahead: from here on it is taken for right."""
    if clock.since_start is None:
        return
    started, counted = clock.since_start()
    now = clock.now()
    clock.reckon_from(now, counted)
    before = _read(home, started, counted)
    _write(home, started, counted, Noted(now if before is None else before.at, now))


@dataclass(frozen=True, slots=True)
class Noted:
    """What the time is now, by a note that was left and what the machine has counted since."""

    at: UtcTime
    """At least."""
    clock: UtcTime | None
    """By the wall clock as it was then; nothing rests on it but what is told of its jumps."""


def _read(home: Home, started: str, counted: float) -> Noted | None:
    with suppress(OSError, ValueError, KeyError, TypeError, OverflowError):  # none, or no note
        told = json.loads((home.locks / NOTE).read_bytes())
        if told["started"] == started and counted >= told["counted"]:
            passed = timedelta(seconds=counted - float(told["counted"]))
            at = utc(datetime.fromisoformat(told["at"]) + passed)
            clock = told.get("clock")
            return Noted(at, utc(datetime.fromisoformat(clock) + passed) if clock else None)
    return None


def _write(home: Home, started: str, counted: float, noted: Noted) -> None:
    told = {"started": started, "counted": counted, "at": iso(noted.at)}
    clock = {} if noted.clock is None else {"clock": iso(noted.clock)}
    with suppress(Fault):  # on a full disk the note from before still counts
        write_private(home.locks / NOTE, json.dumps(told | clock).encode())
