"""When an alert is kept beyond its time: a legal hold has a ground, a reference and a review date.

A hold keeps one alert with its evidence from deletion, and nothing else. It ends when somebody else
releases it; a review that is overdue raises an alarm, and the evidence stays until a person decides.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from overt.errors import Refused
from overt.identifiers import ActorId, AlertId
from overt.units import UtcTime, iso

LONGEST_REVIEW: Final = timedelta(days=92)
"""Ours; a force may review sooner. A hold goes on by a new review date, each on record."""
LONGEST_REFERENCE: Final = 120


class HoldGround(Enum):
    COURT = "court"
    """A court or a coroner ordered it, or proceedings are on."""
    COMPLAINT = "complaint"
    CLAIM = "claim"
    """A civil claim was made or is expected."""
    DEFENCE = "defence"
    """Somebody who is accused needs it."""
    RIGHTS = "rights"
    """The person asked for their data, or that they be kept (s.47(3))."""


@dataclass(frozen=True, slots=True)
class Hold:
    alert: AlertId
    ground: HoldGround
    reference: str
    """A case number or the like; no name."""
    by: ActorId
    set_by: ActorId
    """Who set the review date that stands."""
    placed_at: UtcTime
    review_by: UtcTime

    def is_overdue(self, now: UtcTime) -> bool:
        return now >= self.review_by

    @property
    def in_words(self) -> str:
        return (
            f"{self.alert}: {self.ground.value} ({self.reference}), held by {self.by} since "
            f"{iso(self.placed_at)}, to be reviewed by {iso(self.review_by)}"
        )


def require_review(now: UtcTime, review_by: UtcTime) -> None:
    """Raise Refused unless the hold comes up for review in good time."""
    if not now < review_by <= now + LONGEST_REVIEW:
        raise Refused(
            f"a hold is reviewed within {LONGEST_REVIEW.days} days: --review-by between "
            f"{iso(now)} and {iso(UtcTime(now + LONGEST_REVIEW))}"
        )


def require_reference(reference: str) -> str:
    """Raise Refused unless there is one; it stands in the log for years, so it names nobody."""
    words = reference.strip()
    if not words or len(words) > LONGEST_REFERENCE or not words.isprintable():
        raise Refused(
            f"a hold takes a reference of 1 to {LONGEST_REFERENCE} characters, such as a case "
            "number and no name: --reference"
        )
    return words
