"""How the pages write times, cosines, states and acts."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from overt.decisions.engagement import IdentityMethod, NotEngaged, Outcome
from overt.decisions.states import AlertState, Judgement, Move
from overt.decisions.wording import NEXT, STATES, wording_of
from overt.policy.rights import GROUNDS, GROUNDS_OF, Ground, Right
from overt.policy.rights import Outcome as RightsOutcome
from overt.units import Seconds, Similarity, UtcTime, iso

DONE: Final[Mapping[Move, str]] = {
    Move.JUDGE_POSSIBLE_MATCH: "Judged a possible match",
    Move.JUDGE_NOT_THE_PERSON: "Judged not the person",
    Move.JUDGE_UNSURE: "Judged unsure",
    Move.DISPATCH: "Officer sent",
    Move.CONFIRM_SAME_PERSON: "Same person confirmed",
    Move.ENGAGE: "Person engaged",
    Move.FIND_TRUE: "Found to be the person",
    Move.FIND_FALSE: "Found not to be the person",
    Move.LET_GO: "Let go unidentified",
    Move.MISS: "Not located",
    Move.REFRAIN: "Not engaged",
    Move.STOP: "Stopped for a doubt",
    Move.LAPSE: "Lapsed",
}

CHOICES: Final = (
    (Judgement.NOT_THE_PERSON.value, "Not the person", "The images show two people."),
    (Judgement.UNSURE.value, "Unsure", "A doubt is a stop: nobody is sent."),
    (
        Judgement.POSSIBLE_MATCH.value,
        "Possible match",
        "They may show one person. Somebody may be sent to find out.",
    ),
)
"""In this order, none chosen: the answer that lets everybody walk on is read first."""


OUTCOMES: Final = (
    (Outcome.FALSE.value, "Not the person", "An incident record opens.", True),
    (Outcome.TRUE.value, "The person on the list", "Established by other means.", True),
    (Outcome.UNIDENTIFIED.value, "Let go unidentified", "An incident record opens.", True),
    (Outcome.NOT_LOCATED.value, "Not located", "The person was not found.", False),
    (Outcome.NOT_ENGAGED.value, "Not engaged", "Nobody spoke with them.", False),
)
"""Value, label, hint, and whether it is said of somebody who was engaged."""


def _spoken(kind: type[Enum]) -> tuple[tuple[str, str], ...]:
    return tuple((each.value, each.value.replace("-", " ").capitalize()) for each in kind)


Chosen = TypeVar("Chosen", bound=Enum)
METHODS: Final = _spoken(IdentityMethod)
REFRAINING: Final = _spoken(NotEngaged)


RIGHT_CHOICES: Final = (
    (Right.ACCESS.value, "Access", "What is held on them."),
    (Right.RECTIFICATION.value, "Rectification", "What is wrong of them is put right."),
    (Right.ERASURE.value, "Erasure", "What is held on them goes."),
    (Right.RESTRICTION.value, "Restriction", "It is kept and not used."),
)
RIGHTS_OUTCOMES: Final = (
    (RightsOutcome.GRANTED.value, "Granted", "Wholly."),
    (RightsOutcome.IN_PART.value, "Granted in part", "The rest is refused, on a ground."),
    (RightsOutcome.REFUSED.value, "Refused", "On a ground, for a reason on record."),
    (RightsOutcome.NOTHING_HELD.value, "Nothing held", "A search found nothing."),
)


def _grounds(right: Right) -> tuple[tuple[str, str], ...]:
    return tuple((each.value, GROUNDS[each]) for each in Ground if each in GROUNDS_OF[right])


GROUND_CHOICES: Final = {right: _grounds(right) for right in Right}
"""On which a request of each kind may be refused, in the words of the answer."""


def chosen(kind: type[Chosen], value: str) -> Chosen | None:
    """What was chosen in a form; None where nothing of the kind was."""
    return next((each for each in kind if each.value == value), None)


def cosine(similarity: float) -> str:
    """A cosine as it is, to four decimals; never a share of a hundred."""
    return f"{similarity:.4f}".replace("-", "−")


def bound(threshold: Similarity) -> str:
    """A threshold as it was signed."""
    return f"{threshold:.2f}" if round(threshold, 2) == threshold else f"{threshold:g}"


def clock(moment: UtcTime) -> str:
    return f"{moment:%H:%M:%S} UTC"


def day(moment: UtcTime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def moment(at: UtcTime) -> str:
    return f"{day(at)}, {clock(at)}"


def span(seconds: Seconds) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"


def state(value: AlertState) -> str:
    return STATES[value]


def next_step(value: AlertState) -> str:
    return NEXT[value]


def done(move: Move) -> str:
    return DONE[move]


FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "cosine": cosine,
    "bound": bound,
    "clock": clock,
    "day": day,
    "moment": moment,
    "span": span,
    "state": state,
    "next": next_step,
    "done": done,
    "iso": iso,
    "wording": wording_of,
}


def page_templates() -> Environment:
    """Give the pages: everything is escaped, and a value that is missing is an error."""
    pages = Environment(
        loader=PackageLoader("overt.console", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters.update(FILTERS)
    return pages
