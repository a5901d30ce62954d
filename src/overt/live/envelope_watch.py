"""Whether the faces before one camera are as large, sharp and light as those that were tested (R27).

One verdict a passage and measure, of the best look; only how many were outside is kept. Nothing is
watched where no test in force says how its faces looked. What was watched so far is numbers alone:
the supervisor holds it for the next process, if this one dies.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from overt.faces.look_measures import LOOK_MEASURES, TOO_LITTLE
from overt.faces.quality import Quality, Rejection
from overt.rates.drift import Drift, DriftDetector, Envelope
from overt.rates.sequential import Verdict

SoFar = Mapping[str, tuple[tuple[float, ...], int, int]]
"""By envelope: the detector's sums, passages, and how many of them were outside."""


@dataclass(slots=True)
class EnvelopeWatch:
    envelopes: tuple[Envelope, ...] = ()
    outside: dict[str, int] = field(default_factory=dict)
    """Passages outside, by measure, since this process began."""
    _watched: dict[str, "_Watched"] = field(default_factory=dict)

    def take(self, clearest: Quality | None, rejected: Collection[Rejection]) -> None:
        """A passage has ended. Without a good look, what was wrong with it was outside."""
        wrong = {TOO_LITTLE[reason] for reason in rejected if reason in TOO_LITTLE}
        for envelope in self.envelopes:
            measure = envelope.measure
            if clearest is not None:
                self._enter(measure, outside=not envelope.holds(LOOK_MEASURES[measure](clearest)))
            elif measure in wrong:
                self._enter(measure, outside=True)

    def so_far(self) -> SoFar:
        """What the next process goes on from."""
        return {
            _name(envelope): (watched.detector.sums, watched.passages, watched.outside)
            for envelope in self.envelopes
            if (watched := self._watched.get(envelope.measure)) is not None
        }

    def go_on_from(self, so_far: SoFar) -> None:
        """Take over from a process that died. An envelope that is another by now begins anew."""
        for envelope in self.envelopes:
            if (before := so_far.get(_name(envelope))) is not None:
                sums, passages, outside = before
                self._watched[envelope.measure] = _Watched(
                    DriftDetector(sums=tuple(sums)), passages, outside
                )

    def _enter(self, measure: str, *, outside: bool) -> None:
        self.outside[measure] = self.outside.get(measure, 0) + outside
        watched = self._watched.setdefault(measure, _Watched())
        watched.detector = watched.detector.after(outside)
        watched.passages += 1
        watched.outside += outside

    def drift(self) -> Drift | None:
        """What has left the envelope, told once: then it is watched anew."""
        for envelope in self.envelopes:
            watched = self._watched.get(envelope.measure)
            if watched is not None and watched.detector.verdict is Verdict.TRIPPED:
                del self._watched[envelope.measure]
                return Drift(envelope, watched.outside, watched.passages)
        return None


def _name(envelope: Envelope) -> str:
    return f"{envelope.measure} {envelope.low!r} {envelope.high!r}"


@dataclass(slots=True)
class _Watched:
    detector: DriftDetector = field(default_factory=DriftDetector)
    passages: int = 0
    outside: int = 0
