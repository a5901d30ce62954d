"""What may be said of an engagement: closed lists, and what an end of an alert counts as (R46-R49).

How somebody is known is never the alert (R47), and no code says that somebody avoided the cameras,
which is no reason for anything (R49).
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from overt.decisions.states import AlertState, Move


class IdentityMethod(Enum):
    """How a person's identity was established, by ordinary means."""

    DOCUMENT = "identity-document"
    FINGERPRINT = "fingerprint"
    RECORDS_CHECK = "records-check"
    KNOWN_PERSONALLY = "known-personally"
    THIRD_PARTY = "vouched-for-by-somebody"
    OWN_ACCOUNT = "own-account-checked"


class NotEngaged(Enum):
    """Why nobody spoke with a person who was there."""

    DOUBT = "doubt"
    SAFETY = "safety"
    NO_OFFICER_FREE = "no-officer-free"
    NOT_PROPORTIONATE = "not-proportionate"
    NO_LONGER_SOUGHT = "no-longer-sought"
    VULNERABLE = "vulnerable-person"


IDENTIFYING: Final = frozenset({Move.FIND_TRUE, Move.FIND_FALSE})


class CountsAs(Enum):
    """What an alert counts as in every figure (R46)."""

    CONFIRMED_TRUE = "confirmed-true"
    CONFIRMED_FALSE = "confirmed-false"
    ADJUDICATED_FALSE = "adjudicated-false"
    """A person judged the images to show two people; nobody was engaged."""
    NOT_IDENTIFIED = "not-identified"
    """Somebody was engaged and went unidentified: an incident, and no confirmation."""
    NOT_ENGAGED = "not-engaged"
    NOT_LOCATED = "not-located"


S, C = AlertState, CountsAs

ENDS: Final[Mapping[AlertState, CountsAs]] = {
    S.CONFIRMED_TRUE: C.CONFIRMED_TRUE,
    S.CONFIRMED_FALSE: C.CONFIRMED_FALSE,
    S.NOT_IDENTIFIED: C.NOT_IDENTIFIED,
    S.NOT_LOCATED: C.NOT_LOCATED,
    S.NOT_ENGAGED: C.NOT_ENGAGED,
    S.NOT_THE_PERSON: C.ADJUDICATED_FALSE,
    S.UNSURE: C.NOT_ENGAGED,
    S.STOPPED: C.NOT_ENGAGED,
    S.LAPSED: C.NOT_ENGAGED,
}
"""Every end state, and none that is not an end: true or false is said of nobody else."""


class Outcome(Enum):
    """An end, as whoever was sent tells it."""

    TRUE = "true"
    FALSE = "false"
    UNIDENTIFIED = "unidentified"
    NOT_LOCATED = "not-located"
    NOT_ENGAGED = "not-engaged"


TELLING: Final[Mapping[Outcome, Move]] = {
    Outcome.TRUE: Move.FIND_TRUE,
    Outcome.FALSE: Move.FIND_FALSE,
    Outcome.UNIDENTIFIED: Move.LET_GO,
    Outcome.NOT_LOCATED: Move.MISS,
    Outcome.NOT_ENGAGED: Move.REFRAIN,
}
