"""Which looks of a track are worth a template, and which kept shot a better one replaces.

The rule, for a pack whose rise was measured (ADR 8, `overt.models.rise`); N is nowhere in it,
because a longer list only raises what a track resembles:
(1) The first good look is taken.
(2) While the track, or its newest look, is over the threshold and lacks its second shot, the next
    look is taken as soon as it counts as evidence of its own.
(3) Otherwise a look is taken only if it could lift the track over the threshold: if what the
    track resembles, with the measured lift, and more of it for a look that is better than all
    before (nearer, sharper), reaches it. So whoever resembles nobody is given up after one look,
    is looked at again when they are clearly nearer, and those in doubt go on. The share of
    listed passages that this loses is stated with the lift.
(4) Whoever was given up is looked at again after a while all the same: where people pass close
    behind one another, a track may have gone over to somebody else.
(5) Looks in quick succession are numbered: a lookalike who stands still must not cost a template
    a frame. After them, and after an alert, looks are taken at leisure.
For a pack without such a measurement no track is given up: a look is taken every 0.3 s, and
every look while the track nearly resembles somebody: one in seventy-five is 0.10 more alike than
the average. On 220 composed passages chosen near the threshold (cosine 0.50, list of 100, pack
`open`) that alerts 127 for the right person, where a plain loop that encodes all 75 looks alerts
124, and looks at leisure alone, the two most alike fused, 110.

While a track nearly resembles somebody, each of its looks is encoded twice where the pack can look
closer: aligned by the points that are found anew, and by those of the first search. The two err
apart from each other, as one shot: over nine composed clips of twenty people with 90 listed
passages that alerts 81 for the right person with 1 false alert, instead of 77 with 1; the best
look of all that a plain loop takes alerts 76 with 6.

A track keeps a bounded number of shots, each in a slot: whoever holds the templates overwrites
the slot that `choose` names (R50).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from overt.models.rise import MeasuredRise
from overt.units import Seconds, Similarity

APART: Final = Seconds(0.3)
EVIDENCE_APART: Final = Seconds(0.15)
AGAIN_APART: Final = Seconds(0.8)
"""Between two looks at somebody who was given up."""
SETTLED_APART: Final = Seconds(1.0)
"""An alert is not updated more often."""
GROWN: Final = 1.15
"""How much larger than at the last taken look a face must be to be looked at before its time."""
NEARLY: Final = 0.4
"""Of the measured lift: this near the threshold, the next frame may settle it. Looking at every
frame for everybody whom a look could lift costs a third more frames and finds nobody more."""
NEVER: Final = 2.0
"""No cosine reaches it."""
HOPE: Final = 0.2
"""How far below the threshold hope begins, in shares of what is left above it: the spread of
cosines differs from model to model. 0.40 at a threshold of 0.50."""


@dataclass(frozen=True, slots=True)
class ShotRules:
    slots: int = 16
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
    again_apart: Seconds = AGAIN_APART
    """Between two looks at somebody who was given up."""
    few: int = 2
    """At least so many of the most alike shots are compared together: as many as an alert needs."""
    hopeful_from: float = NEVER
    """The resemblance from which every look is taken, until the track is settled."""
    most_hopeful: int = 75
    """Looks taken in quick succession."""
    threshold: float = NEVER
    told_from: float = -1.0
    """Below this nobody is told what a track resembles: whom exactly need not be found out."""
    rise: MeasuredRise | None = None
    """None where nothing was measured: nobody is given up."""


DEFAULT_RULES: Final = ShotRules()


def rules_for(threshold: Similarity, min_shots: int, rise: MeasuredRise | None = None) -> ShotRules:
    """Fit the rules to what an alert needs, and to what is known of the model."""
    nearly = HOPE * (1 - threshold) if rise is None else NEARLY * rise.lift
    return ShotRules(
        few=max(min_shots, DEFAULT_RULES.few),
        hopeful_from=threshold - nearly,
        threshold=threshold,
        rise=rise,
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

    def shares_flaws(self, others: Iterable["Shot"], rules: "ShotRules") -> bool:
        """Too near one of them in time to be evidence of its own."""
        return any(abs(self.at - other.at) < rules.evidence_apart for other in others)


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

    def not_alerted(self) -> "Shots":
        """The alert was refused."""
        return replace(self, settled=False)


NO_SHOTS: Final = Shots()


def hopeful(shots: Shots, rules: ShotRules = DEFAULT_RULES) -> bool:
    """Whether every look is worth a template: it may be the one that settles it."""
    return (
        shots.hope >= rules.hopeful_from
        and not (rules.rise is not None and shots.hope >= rules.threshold)  # (2) is enough
        and not shots.settled
        and shots.taken_in_hope < rules.most_hopeful
    )


def could_settle(shots: Shots, better: float, rules: ShotRules) -> bool:
    """Whether a look so many times as good as the best could lift the track over the threshold.

    Always true where nothing is known of how far looks lift, and of a track that is over it.
    """
    if rules.rise is None or shots.hope >= rules.threshold:
        return True
    return shots.hope + rules.rise.lift + rules.rise.gain * math.log(better) >= rules.threshold


def due(shots: Shots, at: Seconds, rules: ShotRules = DEFAULT_RULES) -> bool:
    """Whether a look may be worth a template now without being clearly nearer.

    Asked before quality is judged: it may still turn out to be as good as a leap, or too poor.
    """
    return not shots.kept or _wanted(shots, at, rules.leap, rules)


def choose(shots: Shots, at: Seconds, worth: float, rules: ShotRules = DEFAULT_RULES) -> int | None:
    """Name the slot that this look should be encoded into, or None if it is not worth it."""
    if not worth > 0:
        return None
    if not shots.kept:  # (1)
        return 0
    better = worth / shots.best.worth
    if not (_wanted(shots, at, better, rules) or _leaps(shots, better, rules)):
        return None
    if len(shots.kept) < rules.slots:
        return len(shots.kept)
    if hopeful(shots, rules) or (rules.rise is not None and not shots.settled):
        # The least alike goes, whatever comes: the most alike stay, and one slot tries on.
        return min(shots.kept, key=lambda shot: (shot.likeness, shot.at)).slot
    worst = min(shots.kept, key=lambda shot: (shot.worth, shot.at))
    return worst.slot if worth >= rules.better * worst.worth else None


def second_slot(shots: Shots, first: int, rules: ShotRules = DEFAULT_RULES) -> int:
    """Name the slot of another template of the look that goes to the first slot."""
    if first == len(shots.kept) and first + 1 < rules.slots:
        return first + 1
    others = [shot for shot in shots.kept if shot.slot != first]
    return min(others, key=lambda shot: (shot.likeness, shot.at)).slot


def _wanted(shots: Shots, at: Seconds, better: float, rules: ShotRules) -> bool:
    since = at - shots.last_at if shots.last_at is not None else math.inf
    if rules.rise is None:
        return since >= rules.apart or hopeful(shots, rules)
    if shots.settled:
        return since >= SETTLED_APART
    if shots.hope >= rules.threshold:
        return since >= rules.evidence_apart  # (2)
    if since >= rules.again_apart:
        return True  # (4)
    leisurely = since >= rules.apart or shots.taken_in_hope < rules.most_hopeful  # (5)
    return leisurely and could_settle(shots, better, rules)  # (3)


def _leaps(shots: Shots, better: float, rules: ShotRules) -> bool:
    """Whether the look is taken before its time: only where nobody is given up."""
    return better >= rules.leap and (rules.rise is None or shots.settled)


def independent(shots: Iterable[Shot], rules: ShotRules = DEFAULT_RULES) -> int:
    """Count the shots that lie far enough apart in time to count as evidence."""
    count, last = 0, None
    for at in sorted(shot.at for shot in shots):
        if last is None or at - last >= rules.evidence_apart:
            count, last = count + 1, at
    return count
