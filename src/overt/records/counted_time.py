"""Time goes on for the records while nothing runs, whatever the machine's clock is set to meanwhile.

Linux counts the seconds since the machine was started, sleep included, and nobody sets that back.
Whoever opens the records leaves behind how far it had counted and what time it was at least, by the
log and the note before; the next, until the machine is started anew, knows that the difference has
passed. So a clock set back puts nothing off that is due for longer than it was since anybody opened
the records. The wall clock is not noted: one that was set ahead and set right again leaves nothing.
A note that somebody edits can only make time go faster; without one the log's last line counts.
"""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
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
    earliest = max(last_line, _earliest(_note(home), started, counted) or last_line)
    clock.no_earlier_than(earliest)
    told = {"started": started, "counted": counted, "at": iso(earliest)}
    with suppress(Fault):  # on a full disk the note from before still counts
        write_private(_note(home), json.dumps(told).encode())


def _earliest(note: Path, started: str, counted: float) -> UtcTime | None:
    with suppress(OSError, ValueError, KeyError, TypeError, OverflowError):  # none, or no note
        told = json.loads(note.read_bytes())
        if told["started"] == started and counted >= told["counted"]:
            passed = timedelta(seconds=counted - float(told["counted"]))
            return utc(datetime.fromisoformat(told["at"]) + passed)
    return None


def _note(home: Home) -> Path:
    return home.locks / NOTE
