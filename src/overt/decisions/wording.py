"""How the program speaks of people on a list: by their category, never beyond what it says.

Somebody missing, a victim or a witness is never shown as a suspect (R21), an assessment is not
shown as a finding (s.38), and a state says what may happen next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from overt.decisions.states import AlertState


class Tone(Enum):
    """How a page marks the category; a concern for somebody is never marked as a danger."""

    SOUGHT = "sought"
    CONCERN = "concern"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Wording:
    name: str
    notice: str
    tone: Tone


CATEGORIES: Final[Mapping[str, Wording]] = {
    "wanted-by-court": Wording(
        "Wanted by a court", "A court has asked for this person. Check that it still does.",
        Tone.SOUGHT,
    ),
    "suspected-of-offence": Wording(
        "Suspected of an offence", "A suspicion, not a conviction.", Tone.SOUGHT
    ),
    "subject-to-order": Wording(
        "Subject to a court order",
        "Being here need not break the order. Check its conditions.", Tone.SOUGHT,
    ),
    "risk-of-harm-to-others": Wording(
        "May pose a risk of harm to others", "An assessment, not a finding.", Tone.SOUGHT
    ),
    "missing-or-at-risk": Wording(
        "Missing or at risk",
        "Sought for their own safety. This person has done nothing wrong.", Tone.CONCERN,
    ),
    "victim-or-witness": Wording(
        "Victim or witness",
        "Sought for their help or safety. This person has done nothing wrong.", Tone.CONCERN,
    ),
    "victim-of-listed-crime": Wording(
        "Victim of a crime listed in the law",
        "Sought for their help or safety. This person has done nothing wrong.", Tone.CONCERN,
    ),
    "source-of-imminent-threat": Wording(
        "Source of an imminent threat", "An assessment, not a finding.", Tone.SOUGHT
    ),
    "suspected-of-listed-offence": Wording(
        "Suspected of an offence listed in the law", "A suspicion, not a conviction.", Tone.SOUGHT
    ),
    "consented": Wording(
        "On the list by consent", "A demonstration or a test. Nobody is sought.", Tone.NEUTRAL
    ),
}  # fmt: skip

STATES: Final[Mapping[AlertState, str]] = {
    AlertState.RAISED: "Awaiting judgement",
    AlertState.POSSIBLE_MATCH: "Possible match",
    AlertState.DISPATCHED: "Officer sent",
    AlertState.SAME_PERSON: "Same person seen",
    AlertState.ENGAGED: "Engaged",
    AlertState.CONFIRMED_TRUE: "Confirmed: the person",
    AlertState.CONFIRMED_FALSE: "Confirmed: not the person",
    AlertState.NOT_IDENTIFIED: "Let go unidentified",
    AlertState.NOT_LOCATED: "Not located",
    AlertState.NOT_ENGAGED: "Not engaged",
    AlertState.NOT_THE_PERSON: "Not the person",
    AlertState.UNSURE: "Unsure: stopped",
    AlertState.STOPPED: "Stopped",
    AlertState.LAPSED: "Lapsed",
}

NEXT: Final[Mapping[AlertState, str]] = {
    AlertState.RAISED: "Nobody can be sent before a person has compared the images.",
    AlertState.POSSIBLE_MATCH: "A resemblance that a person has seen too; not an identity.",
    AlertState.DISPATCHED: "Whoever was sent must make sure who the person is by other means.",
    AlertState.SAME_PERSON: "Still no identity: an officer may speak with the person.",
    AlertState.ENGAGED: "Find out by other means who the person is, then say how.",
    AlertState.CONFIRMED_TRUE: "Ended: established by other means than the alert.",
    AlertState.CONFIRMED_FALSE: "A false engagement: its incident record must be completed.",
    AlertState.NOT_IDENTIFIED: "An engagement without a result: complete its incident record.",
    AlertState.NOT_LOCATED: "Ended: the person was not found.",
    AlertState.NOT_ENGAGED: "Ended: nobody spoke with the person.",
    AlertState.NOT_THE_PERSON: "Nothing follows from this alert.",
    AlertState.UNSURE: "A doubt is a stop: nothing follows from this alert.",
    AlertState.STOPPED: "Somebody came to doubt it: whoever was sent is called back.",
    AlertState.LAPSED: "Nobody acted on it while the deployment was open.",
}


def wording_of(category: str) -> Wording:
    """Words for a category; one that no profile here names gets none but its own."""
    return CATEGORIES.get(
        category, Wording(category, "Read what the list says before anything else.", Tone.NEUTRAL)
    )
