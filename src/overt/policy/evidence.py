"""Evidence that must be in force before anybody is looked for, and what it lets one expect.

Where the figures come from is for whoever measures (the assessor and their report). Here is only
which deployment they cover (R62), and how many false alerts they foretell (R18).
"""

from dataclasses import dataclass
from typing import Final

from overt.identifiers import ActorId, Digest
from overt.units import Similarity, UtcTime

WHOLLY_WITHIN: Final = 1e-9
"""Two thresholds this close are the same, however each was written down."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A test of equal accuracy that somebody answers for."""

    pack: Digest
    precision: str
    lowest: Similarity
    """The thresholds that it covers, from here"""
    highest: Similarity
    """to here."""
    list_size: int
    """The largest list that it speaks of."""
    valid_until: UtcTime
    report: Digest
    by: ActorId
    acceptable: bool
    """What the assessor concluded; False stops whatever an earlier test allowed."""

    def is_of(self, pack: Digest, precision: str) -> bool:
        return self.pack == pack and self.precision == precision

    def covers(self, threshold: Similarity) -> bool:
        return self.lowest - WHOLLY_WITHIN <= threshold <= self.highest + WHOLLY_WITHIN


@dataclass(frozen=True, slots=True)
class FalseAlerts:
    """What a calibration foretells for one deployment."""

    faces: int
    """Who is expected to pass."""
    share: float
    """FPIR(N, T): of the people not listed, how many raise an alert."""
    highest_share: float
    """The upper end of its interval."""

    @property
    def expected(self) -> float:
        return self.faces * self.share

    @property
    def at_most(self) -> float:
        return self.faces * self.highest_share
