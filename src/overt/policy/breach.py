"""The clock of a personal data breach: 72 hours to the regulator, from when it became known (R68).

DPA 2018 s.67: the controller tells the Commissioner without undue delay and within 72 hours, with
the reasons where it is later, unless the breach is unlikely to risk anybody's rights. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from overt.identifiers import ActorId
from overt.policy.span import in_words
from overt.policy.told import Told
from overt.units import UtcTime, iso

TO_THE_REGULATOR: Final = timedelta(hours=72)
NEAR: Final = timedelta(hours=24)
"""Before the end: from then on it is told as an alarm."""
REPORTED: Final = "breach-reported"
TOLD: Final = "breach-told"


@dataclass(frozen=True, slots=True)
class Breach:
    id: str
    aware_at: UtcTime
    reported_by: ActorId
    told_at: UtcTime | None = None
    """When the regulator was told, or it was decided that nothing is owed."""
    owed: bool = True

    @property
    def due_at(self) -> UtcTime:
        return UtcTime(self.aware_at + TO_THE_REGULATOR)

    def clock(self, now: UtcTime) -> str:
        """How it stands, in words."""
        if self.told_at is not None and not self.owed:
            return f"nothing is owed to the regulator, decided {iso(self.told_at)}"
        if self.told_at is not None:
            late = self.told_at - self.due_at
            when = f"{in_words(late)} late" if late > timedelta() else "in time"
            return f"the regulator was told {iso(self.told_at)}, {when}"
        left = self.due_at - now
        if left <= timedelta():
            return f"OVERDUE: the regulator was to be told by {iso(self.due_at)}"
        return f"the regulator must be told by {iso(self.due_at)}, in {in_words(left)}"

    def alarm(self, now: UtcTime) -> str | None:
        """What somebody has to look at now; None while there is time, or once it is done."""
        if self.told_at is not None or self.due_at - now > NEAR:
            return None
        return f"BREACH {self.id}: {self.clock(now)}; overt incidents breach-told {self.id}"


def breaches_told(lines: Iterable[Told]) -> tuple[Breach, ...]:
    """Every breach that the log tells of, oldest first; `lines` too."""
    found: dict[str, Breach] = {}
    for line in lines:
        name, at = line.text("breach"), line.time("at")
        if line.event == REPORTED and at is not None:
            found[name] = Breach(name, at, line.by)
        elif line.event == TOLD and at is not None and name in found:
            owed = line.detail.get("owed") is not False
            found[name] = replace(found[name], told_at=at, owed=owed)
    return tuple(found.values())
