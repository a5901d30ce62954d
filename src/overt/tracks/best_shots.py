"""Which looks of a track are worth a template, and which kept shot a better one replaces.

Neighbouring frames say much the same, so looks are taken some time apart; a look that is clearly
better than all before is taken at once. While a track nearly resembles somebody, every look is
taken: one in seventy-five is 0.10 more alike than the average, and the plain loop finds it. A
track keeps a bounded number of shots, each in a slot: whoever holds the templates overwrites
the slot that `choose` names (R50).

Measured on 220 composed passages chosen near the threshold (cosine 0.50, list of 100, pack
`open`; a plain loop that encodes all 75 looks alerts 124 of them for the right person):

    a look each 0.2 s, all of them fused                     94 passages, 15 looks each
    a look each 0.2 s, the two most alike fused             110 passages, 15 looks each
    as here: each 0.3 s, and every look while hopeful       127 passages, 20 looks each
                                                            (strangers: 11 looks each)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from overt.units import Seconds, Similarity

APART: Final = Seconds(0.3)
EVIDENCE_APART: Final = Seconds(0.2)
NEVER: Final = 2.0
"""No cosine reaches it."""
HOPE: Final = 0.2
"""How far below the threshold hope begins, in shares of what is left above it: the spread of
cosines differs from model to model. 0.40 at a threshold of 0.50."""


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
    """Between two shots that count as independent. 0.04 to 0.4 s made no difference to false
    alerts (16 or 17 in 2,860); nearer ones share the flaws of one frame."""
    few: int = 2
    """Of the most alike shots, how many are compared together: no fewer than an alert needs."""
    hopeful_from: float = NEVER
    """The resemblance from which every look is taken, until the track is settled."""
    most_hopeful: int = 75
    """Looks taken in hope: a lookalike who stands still must not cost a template a frame."""


DEFAULT_RULES: Final = ShotRules()


def rules_for(threshold: Similarity, min_shots: int) -> ShotRules:
    """Fit the rules to what an alert needs."""
    return replace(
        DEFAULT_RULES,
        few=max(min_shots, DEFAULT_RULES.few),
        hopeful_from=threshold - HOPE * (1 - threshold),
    )


@dataclass(frozen=True, slots=True)
class Shot:
    """One look that was encoded: its template is in the slot of the same number."""

    slot: int
    at: Seconds
    worth: float
    """The score of its quality, 0 to 1: its weight when shots are fused."""
    likeness: float = -1.0
    """How much it resembles whom the track resembles; -1 until it was compared."""


@dataclass(frozen=True, slots=True)
class Shots:
    """What is kept of one track, the slots in order."""

    kept: tuple[Shot, ...] = ()
    last_at: Seconds | None = None
    """When a look was last taken, replaced since or not."""
    hope: float = -1.0
    """How much the track resembles somebody, as far as is known."""
    taken_in_hope: int = 0
    settled: bool = False
    """Alerted: nothing more has to be found out at the cost of every look."""

    @property
    def best(self) -> Shot:
        """The most worthy, of equals the latest; ValueError if nothing is kept."""
        return max(self.kept, key=lambda shot: (shot.worth, shot.at))

    def with_shot(
        self, slot: int, at: Seconds, worth: float, rules: ShotRules = DEFAULT_RULES
    ) -> "Shots":
        """Enter a look that was encoded into this slot."""
        others = tuple(shot for shot in self.kept if shot.slot != slot)
        kept = sorted((*others, Shot(slot, at, worth)), key=lambda shot: shot.slot)
        soon = self.last_at is not None and at - self.last_at < rules.apart
        return replace(self, kept=tuple(kept), last_at=at, taken_in_hope=self.taken_in_hope + soon)

    def compared(self, likeness: Sequence[float], hope: float) -> "Shots":
        """Enter what the search told: the likeness of the shot in each slot, and the track's."""
        kept = tuple(replace(shot, likeness=float(likeness[shot.slot])) for shot in self.kept)
        return replace(self, kept=kept, hope=hope)

    def alerted(self) -> "Shots":
        return replace(self, settled=True)


NO_SHOTS: Final = Shots()


def hopeful(shots: Shots, rules: ShotRules = DEFAULT_RULES) -> bool:
    """Whether every look is worth a template: it may be the one that settles it."""
    return (
        shots.hope >= rules.hopeful_from
        and not shots.settled
        and shots.taken_in_hope < rules.most_hopeful
    )


def due(shots: Shots, at: Seconds, rules: ShotRules = DEFAULT_RULES) -> bool:
    """Whether a look may be taken now without being a leap; asked before quality is judged."""
    return shots.last_at is None or at - shots.last_at >= rules.apart or hopeful(shots, rules)


def choose(shots: Shots, at: Seconds, worth: float, rules: ShotRules = DEFAULT_RULES) -> int | None:
    """Name the slot that this look should be encoded into, or None if it is not worth it."""
    if not worth > 0:
        return None
    if not shots.kept:
        return 0
    if not due(shots, at, rules) and worth < rules.leap * shots.best.worth:
        return None
    if len(shots.kept) < rules.slots:
        return len(shots.kept)
    if hopeful(shots, rules):
        # The least alike goes, whatever comes: the most alike stay, and one slot tries on.
        return min(shots.kept, key=lambda shot: (shot.likeness, shot.at)).slot
    worst = min(shots.kept, key=lambda shot: (shot.worth, shot.at))
    return worst.slot if worth >= rules.better * worst.worth else None


def independent(shots: Shots, rules: ShotRules = DEFAULT_RULES) -> int:
    """Count the kept shots that lie far enough apart in time to count as evidence."""
    count, last = 0, None
    for at in sorted(shot.at for shot in shots.kept):
        if last is None or at - last >= rules.evidence_apart:
            count, last = count + 1, at
    return count


def most_alike(shots: Shots, rules: ShotRules = DEFAULT_RULES) -> tuple[Shot, ...]:
    """Choose the few independent shots that are most alike, the most first; () if too few."""
    chosen: list[Shot] = []
    for shot in sorted(shots.kept, key=lambda shot: (-shot.likeness, shot.at)):
        if all(abs(shot.at - other.at) >= rules.evidence_apart for other in chosen):
            chosen.append(shot)
        if len(chosen) == rules.few:
            return tuple(chosen)
    return ()
