"""How many false alerts a deployment is to expect, before anybody signs it (R18).

The share of people not listed who raise an alert is what the pack's calibration measured at this
threshold and list size; the number of faces is what whoever plans the deployment expects to pass.
"""

from dataclasses import dataclass
from math import ceil, floor

from overt.rates.calibration import Calibration
from overt.rates.how_many import how_many, people
from overt.rates.unit import OF_STILLS, Unit
from overt.units import Similarity


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a calibration foretells for one deployment."""

    faces: int
    """Who is expected to pass."""
    threshold: Similarity
    list_size: int
    share: float
    """FPIR(N, T): of the people not listed, how many raise an alert."""
    lowest_share: float
    """The ends of its two-sided 95 % interval."""
    highest_share: float
    unit: Unit
    people: int
    """Not listed, measured."""

    @property
    def expected(self) -> float:
        return self.faces * self.share

    @property
    def least(self) -> float:
        return self.faces * self.lowest_share

    @property
    def most(self) -> float:
        return self.faces * self.highest_share

    def __str__(self) -> str:
        return (
            f"{self.expected:,.1f} false alerts expected in {how_many(self.faces, 'face')} (95 % interval "
            f"{self.least:,.1f} to {self.most:,.1f}), at threshold {self.threshold:.4f} on a list of "
            f"{self.list_size:,}; from {people(self.people)} not listed"
            + (f"; {OF_STILLS}" if self.unit is Unit.STILL else ", measured with passages")
        )


def for_the_public(told: Forecast) -> str:
    """The sentence that a notice owes where the profile asks for it."""
    return (
        f"Of about {told.faces:,} people expected to pass, about {told.expected:,.0f} who are on no "
        f"list may be shown to an officer by mistake (between {floor(told.least):,} and "
        f"{ceil(told.most):,}, by what was measured)."
    )


def forecast(
    calibration: Calibration, threshold: Similarity, *, list_size: int, faces: int
) -> Forecast:
    """Raises ValueError below the scores that the calibration kept."""
    if threshold < calibration.tail_floor:
        raise ValueError(
            f"the calibration knows nothing below {calibration.tail_floor:g}; raise the threshold"
        )
    share = calibration.fpir(threshold, list_size)[0]
    lowest, highest = calibration.fpir_interval(threshold, list_size)
    return Forecast(
        faces=faces,
        threshold=threshold,
        list_size=list_size,
        share=share,
        lowest_share=lowest,
        highest_share=highest,
        unit=calibration.unit,
        people=calibration.people,
    )
