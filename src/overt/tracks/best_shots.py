"""Which looks of a track are worth a template, and which kept shot a better one replaces.

Neighbouring frames say the same thing again, so looks are taken some time apart; a look that is
clearly better than all before is taken at once. A track keeps a bounded number of shots, each in
a slot: whoever holds the templates overwrites the slot that `choose` names (R50).
"""

from dataclasses import dataclass
from typing import Final

from overt.units import Seconds

APART: Final = Seconds(0.2)
EVIDENCE_APART: Final = Seconds(0.4)


@dataclass(frozen=True, slots=True)
class ShotRules:
    slots: int = 8
    """How many templates a track keeps."""
    apart: Seconds = APART
    """Between two looks that are encoded."""
    leap: float = 1.3
    """How many times better than every kept shot a look must be to be taken before its time."""
    better: float = 1.1
    """How many times better than the worst kept shot a look must be to take its slot."""
    evidence_apart: Seconds = EVIDENCE_APART
    """Between two shots that count as independent."""


DEFAULT_RULES: Final = ShotRules()


@dataclass(frozen=True, slots=True)
class Shot:
    """One look that was encoded: its template is in the slot of the same number."""

    slot: int
    at: Seconds
    worth: float
    """The score of its quality, 0 to 1: its weight when shots are fused."""


@dataclass(frozen=True, slots=True)
class Shots:
    """What is kept of one track, the slots in order."""

    kept: tuple[Shot, ...] = ()
    last_at: Seconds | None = None
    """When a look was last taken, replaced since or not."""

    @property
    def best(self) -> Shot:
        """The most worthy, of equals the latest; ValueError if nothing is kept."""
        return max(self.kept, key=lambda shot: (shot.worth, shot.at))

    def with_shot(self, slot: int, at: Seconds, worth: float) -> "Shots":
        """Enter a look that was encoded into this slot."""
        others = tuple(shot for shot in self.kept if shot.slot != slot)
        kept = sorted((*others, Shot(slot, at, worth)), key=lambda shot: shot.slot)
        return Shots(tuple(kept), at)


NO_SHOTS: Final = Shots()


def choose(shots: Shots, at: Seconds, worth: float, rules: ShotRules = DEFAULT_RULES) -> int | None:
    """Name the slot that this look should be encoded into, or None if it is not worth it."""
    if not worth > 0:
        return None
    if not shots.kept:
        return 0
    leaps = worth >= rules.leap * shots.best.worth
    early = shots.last_at is not None and at - shots.last_at < rules.apart
    if early and not leaps:
        return None
    if len(shots.kept) < rules.slots:
        return len(shots.kept)
    worst = min(shots.kept, key=lambda shot: (shot.worth, shot.at))
    return worst.slot if worth >= rules.better * worst.worth else None


def independent(shots: Shots, rules: ShotRules = DEFAULT_RULES) -> int:
    """Count the kept shots that lie far enough apart in time to count as evidence."""
    count, last = 0, None
    for at in sorted(shot.at for shot in shots.kept):
        if last is None or at - last >= rules.evidence_apart:
            count, last = count + 1, at
    return count
