"""From deleted to destroyed: what a receipt is of, and the alarm where any of it came late.

Deleting marks keys as destroyed and tells so, in one act. Then key files are overwritten and the
journal is emptied. When both are done and checked, one line more says so (`DESTROYED`); until it is
there, the next purge or opening goes on where this one stopped. A receipt is of all that was
deleted between two such lines.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from overt.audit.events import AuditEvent
from overt.audit.line import Line
from overt.audit.receipt import DestroyedKey, Receipt
from overt.gate.account_standing import lines_of
from overt.gate.hold_lines import standing_holds
from overt.gate.list_reading import Act
from overt.identifiers import KeyId
from overt.policy.case import IN_STEP
from overt.policy.life_rules import CLOCK_TOLERANCE
from overt.policy.retention import ALARM_LASTS
from overt.policy.span import in_words
from overt.records.work import UnitOfWork
from overt.units import Seconds, iso

E: Final = AuditEvent
DESTROYING: Final = (E.KEY_DESTROYED, E.EXPIRED)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did, and what somebody has to look at."""

    rows: Mapping[str, int]
    keys: int
    receipt: int | None
    """The number of the receipt of what is destroyed now; None where nothing was to be."""
    alarms: tuple[str, ...]


def is_unfinished(act: Act) -> bool:
    """Whether something was deleted of which no line says that it is destroyed."""
    return _newest(act, *DESTROYING) > _newest(act, E.DESTROYED)


def complete(work: UnitOfWork) -> int:
    """Tell that all of it is destroyed: only once key files and journal were seen to be gone."""
    return work.audit(E.DESTROYED, after=_newest(work, E.DESTROYED))


def destroyed_keys(act: Act) -> frozenset[KeyId]:
    """Every key of which a line, proved, says that it was destroyed."""
    return frozenset(KeyId(str(n.detail["key"])) for n in lines_of(act, E.KEY_DESTROYED))


def receipts_of(act: Act, log: str) -> tuple[Receipt, ...]:
    """Every receipt that the log supports, oldest first."""
    lines = lines_of(act, E.DESTROYED, *DESTROYING, E.DEPLOYMENT_PURGED, E.PURGE_LATE)
    ends = [-1, *(line.seq for line in lines if line.event == E.DESTROYED.value)]
    at = {line.seq: line for line in lines}
    return tuple(
        _receipt(at[end], [line for line in lines if begin < line.seq < end], log)
        for begin, end in pairwise(ends)
    )


def alarms(act: Act, behind: Seconds = IN_STEP) -> tuple[str, ...]:
    """What somebody has to look at; late purges and keys that came back for a day."""
    since = act.now - ALARM_LASTS
    late = [line for line in lines_of(act, E.PURGE_LATE) if line.at >= since]
    back = [line for line in lines_of(act, E.KEY_CAME_BACK) if line.at >= since]
    ahead = [line for line in lines_of(act, E.CLOCK_AHEAD) if line.at >= since]
    overdue = [hold for hold in standing_holds(act).values() if hold.is_overdue(act.now)]
    return (
        *(
            f"PURGED LATE: at {iso(line.at)}, {_hours(int(line.detail['seconds']))} after its time "
            f"(line {line.seq}); let a timer run `overt purge` every quarter of an hour"
            for line in late
        ),
        *(
            f"A DESTROYED KEY CAME BACK: the file of {line.detail['key']} lay in the keys' folder "
            f"again at {iso(line.at)} (line {line.seq}), and is destroyed again; ask who copied it, "
            "and look for other copies"
            for line in back
        ),
        *(
            f"THE MACHINE'S CLOCK MOVED AHEAD by {_hours(int(line.detail['seconds']))} more than the "
            f"machine counted, before {iso(line.at)} (line {line.seq}): what fell due by it was "
            "destroyed; ask who set it, or whether the machine was halted"
            for line in ahead
        ),
        *(f"THE REVIEW OF A HOLD IS OVERDUE: {hold.in_words}" for hold in overdue),
        *_clock(behind),
    )


def _clock(behind: Seconds) -> Iterator[str]:
    # Set back, it puts off what is due: time goes on from the log's last line then, and only while
    # a process lives.
    if behind > CLOCK_TOLERANCE:
        yield (
            "THE MACHINE'S CLOCK IS BEHIND the last line of the log by "
            f"{in_words(timedelta(seconds=behind))}: what is due is destroyed later than it should "
            "be; set it right, and ask who set it back"
        )


def _receipt(end: Line, lines: Iterable[Line], log: str) -> Receipt:
    told = list(lines)
    rows: dict[str, int] = {}
    for line in told:
        if line.event == E.EXPIRED.value:
            for name, count in line.detail.items():
                rows[name] = rows.get(name, 0) + int(count)
    late = [int(line.detail["seconds"]) for line in told if line.event == E.PURGE_LATE.value]
    return Receipt(
        number=end.seq,
        completed_at=iso(end.at),
        rows=rows,
        keys=tuple(
            DestroyedKey(str(n.detail["key"]), str(n.detail["kind"]), n.seq, iso(n.at))
            for n in told
            if n.event == E.KEY_DESTROYED.value
        ),
        deployments=tuple(
            str(n.detail["deployment"]) for n in told if n.event == E.DEPLOYMENT_PURGED.value
        ),
        late_seconds=max(late, default=0),
        log=log,
    )


def _newest(act: Act, *events: AuditEvent) -> int:
    return act.lines.newest(event.value for event in events)


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:.1f} hours"
