"""What a named person may ask, until when it is answered, and how it may be refused.

DPA 2018 Part 3, sections 44 to 54.

(1) The time is one month from the latest of: the request was received; what was asked to establish
    who asks, or what they ask about, was received (s.54). It ends on the same day of the next month,
    or on that month's last day where there is no such day.
(2) Before it ends it may be extended by two further months, once, where the request is complex or
    one of several, and the person is told why (s.54 as amended by the Data (Use and Access) Act 2025).
(3) Access may be refused, wholly or in part, on the grounds of s.45(4) alone; any request that is
    manifestly unfounded or excessive on the ground of s.53. The reason is put on record (s.45(7)).
(4) The answer names the right to complain to the Commissioner and to apply to a court.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from overt.errors import Refused


class Right(Enum):
    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"


SECTIONS: Final[Mapping[Right, str]] = {
    Right.ACCESS: "section 45",
    Right.RECTIFICATION: "section 46",
    Right.ERASURE: "section 47",
    Right.RESTRICTION: "section 47",
}


class Outcome(Enum):
    GRANTED = "granted"
    IN_PART = "in-part"
    REFUSED = "refused"
    NOTHING_HELD = "nothing-held"


class Ground(Enum):
    """Why a request is refused, wholly or in part; there is no other."""

    INQUIRY = "inquiry"
    CRIME = "crime"
    PUBLIC_SECURITY = "public-security"
    NATIONAL_SECURITY = "national-security"
    RIGHTS_OF_OTHERS = "rights-of-others"
    EVIDENCE = "evidence"
    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"


GROUNDS: Final[Mapping[Ground, str]] = {
    Ground.INQUIRY: "to avoid obstructing an official or legal inquiry, investigation or procedure",
    Ground.CRIME: (
        "to avoid prejudicing the prevention, detection, investigation or prosecution of criminal "
        "offences or the execution of criminal penalties"
    ),
    Ground.PUBLIC_SECURITY: "to protect public security",
    Ground.NATIONAL_SECURITY: "to protect national security",
    Ground.RIGHTS_OF_OTHERS: "to protect the rights and freedoms of others",
    Ground.EVIDENCE: "because it must be kept for the purposes of evidence (section 47(2))",
    Ground.UNFOUNDED: "because the request is manifestly unfounded (section 53)",
    Ground.EXCESSIVE: "because the request is manifestly excessive (section 53)",
}

_ANY: Final = frozenset({Ground.UNFOUNDED, Ground.EXCESSIVE})
_WITHHELD: Final = frozenset(
    {
        Ground.INQUIRY, Ground.CRIME, Ground.PUBLIC_SECURITY, Ground.NATIONAL_SECURITY,
        Ground.RIGHTS_OF_OTHERS,
    }
)  # fmt: skip
GROUNDS_OF: Final[Mapping[Right, frozenset[Ground]]] = {
    Right.ACCESS: _ANY | _WITHHELD,
    Right.RECTIFICATION: _ANY | _WITHHELD,
    Right.ERASURE: _ANY | _WITHHELD | {Ground.EVIDENCE},
    Right.RESTRICTION: _ANY | _WITHHELD,
}
EXTENDED_BY: Final = 2
"""Months."""


@dataclass(frozen=True, slots=True)
class Clocked:
    """What the time of an answer is counted from."""

    received_on: date
    asked_on: date | None = None
    """When more was asked of the person: who they are, or what they mean."""
    told_on: date | None = None
    """When they told it."""
    extended: bool = False

    @property
    def stands_still(self) -> bool:
        """While the person owes an answer, no time runs."""
        return self.asked_on is not None and self.told_on is None

    @property
    def starts_on(self) -> date:
        return max(self.received_on, self.told_on or self.received_on)

    @property
    def due_on(self) -> date:
        return months_later(self.starts_on, 1 + (EXTENDED_BY if self.extended else 0))

    def is_overdue(self, today: date) -> bool:
        return not self.stands_still and today > self.due_on


def months_later(day: date, months: int) -> date:
    """The corresponding day, or the month's last where there is none."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def require_extendable(clock: Clocked, today: date) -> None:
    if clock.extended:
        raise Refused("the time was extended before, and is extended once only")
    if today > clock.due_on:
        raise Refused(
            f"the time ended on {clock.due_on.isoformat()}; it is extended before it ends, not after"
        )


def require_ground(right: Right, outcome: Outcome, ground: Ground | None, reason: str) -> None:
    """A refusal takes a ground that the law knows, and a reason; anything else takes none."""
    if outcome in {Outcome.GRANTED, Outcome.NOTHING_HELD}:
        if ground is not None:
            raise Refused(f"{outcome.value} takes no ground of refusal")
        return
    if ground is None or ground not in GROUNDS_OF[right]:
        allowed = ", ".join(sorted(each.value for each in GROUNDS_OF[right]))
        raise Refused(f"a refusal of {right.value} takes one of these grounds: {allowed}")
    if not reason.strip():
        raise Refused("a refusal takes its reason, which is put on record (section 45(7))")
