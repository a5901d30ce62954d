"""TRR and FAR of a matched walk: in all, and by camera, light, distance, eyewear and headgear.

TRR is of listed people's passes through the zone. Passes of one person err together, so beside the
interval of the counts stands the one that counts people for what they are worth (`clustered`). FAR
is of faces seen (R31); by condition it can be told of control passes alone, because nothing is
recorded of how passers-by looked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from overt.identifiers import SubjectId
from overt.rates.clustered import FEWEST_PEOPLE, clustered_interval, effective_trials
from overt.rates.counts import Rate
from overt.rates.how_many import how_many, people
from overt.rates.walk_matching import MatchedPass, MatchedWalk, Standing

WIDEST: Final = 0.2
"""An interval that is wider says too little of a rate to be called one."""
FEWEST_FACES: Final = 300
"""Below it not even 1 in 100 can be told from nothing."""


@dataclass(frozen=True, slots=True)
class WalkRate:
    """Successes (TRR) or false alerts (FAR) in passes of so many people."""

    counts: Rate
    people: int
    effective: float
    low: float
    high: float

    @property
    def insufficient(self) -> str:
        """Why the data cannot carry the rate; nothing where they can."""
        if not self.counts.trials:
            return "no passes"
        if self.people < FEWEST_PEOPLE:
            return f"{people(self.people)}; it takes {FEWEST_PEOPLE} at least"
        if self.high - self.low > WIDEST:
            return f"the interval is wider than {WIDEST:.0%}"
        return ""

    def as_json(self) -> dict[str, object]:
        told = self.counts.as_json()
        return {
            "count": told.pop("errors"),
            "trials": told.pop("trials"),
            "rate": told["rate"],
            "low": told["low"],
            "high": told["high"],
            "people": self.people,
            "effective_trials": self.effective if self.counts.trials else None,
            "low_by_person": self.low if self.counts.trials else None,
            "high_by_person": self.high if self.counts.trials else None,
            "insufficient_data": bool(self.insufficient),
            "why_insufficient": self.insufficient,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One value of one condition."""

    column: str
    value: str
    trr: WalkRate
    control_far: WalkRate


@dataclass(frozen=True, slots=True)
class WalkRates:
    trr: WalkRate
    control_far: WalkRate
    far: Rate | None
    """False alerts by faces seen; None where a run did not say how many faces it saw."""
    rows: tuple[Row, ...]

    @property
    def far_insufficient(self) -> str:
        if self.far is None:
            return "a run ended without saying how many faces it saw"
        if self.far.trials < FEWEST_FACES:
            return f"{how_many(self.far.trials, 'face')}; it takes {FEWEST_FACES} at least"
        return ""


COLUMNS: Final[Mapping[str, Callable[[MatchedPass], str]]] = {
    "camera": lambda each: each.told.camera,
    "light": lambda each: each.told.conditions.light.value,
    "distance": lambda each: each.told.conditions.distance.value,
    "eyewear": lambda each: each.told.conditions.eyewear.value,
    "headgear": lambda each: each.told.conditions.headgear.value,
}


def walk_rates(walk: MatchedWalk) -> WalkRates:
    trr, far = _both(walk.passes)
    return WalkRates(trr, far, _far(walk), tuple(_rows(walk.passes)))


def _rows(passes: Sequence[MatchedPass]) -> Iterable[Row]:
    for column, value_of in COLUMNS.items():
        for value in sorted({value_of(each) for each in passes}):
            trr, far = _both([each for each in passes if value_of(each) == value])
            yield Row(column, value, trr, far)


def _both(passes: Sequence[MatchedPass]) -> tuple[WalkRate, WalkRate]:
    mated = [
        (each.told.participant, each.standing is Standing.FOUND)
        for each in passes
        if each.standing in {Standing.FOUND, Standing.MISSED}
    ]
    controls = [
        (each.told.participant, each.false_alert)
        for each in passes
        if each.standing is Standing.CONTROL
    ]
    return _rate(mated), _rate(controls)


def _rate(trials: Sequence[tuple[SubjectId, bool]]) -> WalkRate:
    people = sorted({person for person, _ in trials})
    often = np.array([sum(p == person for p, _ in trials) for person in people], np.intp)
    count = np.array([sum(p == person and hit for p, hit in trials) for person in people], np.intp)
    low, high = clustered_interval(count, often)
    return WalkRate(
        counts=Rate(int(count.sum()), int(often.sum())),
        people=len(people),
        effective=effective_trials(count, often) if people else 0.0,
        low=low,
        high=high,
    )


def _far(walk: MatchedWalk) -> Rate | None:
    faces = [run.faces for run in walk.record.runs]
    if not faces or any(each is None for each in faces):
        return None
    seen = sum(each for each in faces if each is not None)
    return Rate(len(walk.strays), max(seen, len(walk.strays)))
