"""The states of an alert, from the resemblance to what came of it: one complete table.

Nothing is dispatched before a person has judged it a possible match (R38). A doubt is a stop, at
any time and by anybody (R41). Whoever is sent first makes sure that the person before them is the
one in the images (R40); true or false can be said only of somebody who was engaged (R46). What a
state means to the person on the street, the pages say.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final


class AlertState(Enum):
    RAISED = "raised"
    """A resemblance above the threshold. Nobody has looked at it."""
    POSSIBLE_MATCH = "possible-match"
    """A person compared the images and judged that it may be the person on the list."""
    DISPATCHED = "dispatched"
    """Named officers were told, after the judgement."""
    SAME_PERSON = "same-person"
    """An officer sees, with their own eyes, the person whom the images show."""
    ENGAGED = "engaged"
    """An officer speaks with the person; who they are is still to be found out."""
    CONFIRMED_TRUE = "confirmed-true"
    """The person engaged is the one on the list, by other means than the alert (R47)."""
    CONFIRMED_FALSE = "confirmed-false"
    """The person engaged is not the one on the list: an incident (R48)."""
    NOT_IDENTIFIED = "not-identified"
    """The person engaged went their way unidentified: an incident too."""
    NOT_LOCATED = "not-located"
    NOT_ENGAGED = "not-engaged"
    NOT_THE_PERSON = "not-the-person"
    UNSURE = "unsure"
    """A doubt: it ends here, as a no does."""
    STOPPED = "stopped"
    """A possible match that somebody came to doubt; whoever was sent is called back."""
    LAPSED = "lapsed"
    """Nobody acted on it while the deployment was open."""


class Move(Enum):
    JUDGE_POSSIBLE_MATCH = "judge it a possible match"
    JUDGE_NOT_THE_PERSON = "judge it not the person"
    JUDGE_UNSURE = "judge it unsure"
    DISPATCH = "send an officer"
    CONFIRM_SAME_PERSON = "confirm the person before them"
    ENGAGE = "engage the person"
    FIND_TRUE = "find that it is the person"
    FIND_FALSE = "find that it is not the person"
    LET_GO = "let the person go unidentified"
    MISS = "not find the person"
    REFRAIN = "not engage the person"
    STOP = "stop it for a doubt"
    LAPSE = "let it lapse"


class Judgement(Enum):
    """What a person may say after comparing the images. None of the three is a default (R41)."""

    POSSIBLE_MATCH = "possible-match"
    NOT_THE_PERSON = "not-the-person"
    UNSURE = "unsure"


S, M = AlertState, Move

JUDGING: Final[Mapping[Judgement, Move]] = {
    Judgement.POSSIBLE_MATCH: M.JUDGE_POSSIBLE_MATCH,
    Judgement.NOT_THE_PERSON: M.JUDGE_NOT_THE_PERSON,
    Judgement.UNSURE: M.JUDGE_UNSURE,
}

MOVES: Final[Mapping[AlertState, Mapping[Move, AlertState]]] = {
    S.RAISED: {
        M.JUDGE_POSSIBLE_MATCH: S.POSSIBLE_MATCH,
        M.JUDGE_NOT_THE_PERSON: S.NOT_THE_PERSON,
        M.JUDGE_UNSURE: S.UNSURE,
        M.LAPSE: S.LAPSED,
    },
    S.POSSIBLE_MATCH: {
        # A second person may judge for themselves (R39), before or after somebody was sent.
        M.JUDGE_POSSIBLE_MATCH: S.POSSIBLE_MATCH,
        M.JUDGE_NOT_THE_PERSON: S.STOPPED,
        M.JUDGE_UNSURE: S.STOPPED,
        M.DISPATCH: S.DISPATCHED,
        M.STOP: S.STOPPED,
        M.LAPSE: S.LAPSED,
    },
    S.DISPATCHED: {
        M.JUDGE_POSSIBLE_MATCH: S.DISPATCHED,
        M.JUDGE_NOT_THE_PERSON: S.STOPPED,
        M.JUDGE_UNSURE: S.STOPPED,
        M.CONFIRM_SAME_PERSON: S.SAME_PERSON,
        M.MISS: S.NOT_LOCATED,
        M.REFRAIN: S.NOT_ENGAGED,
        M.STOP: S.STOPPED,
    },
    S.SAME_PERSON: {
        M.ENGAGE: S.ENGAGED,
        M.MISS: S.NOT_LOCATED,
        M.REFRAIN: S.NOT_ENGAGED,
        M.STOP: S.STOPPED,
    },
    # Somebody who was spoken to was spoken to: from here on it is found out, or it is an incident.
    S.ENGAGED: {
        M.FIND_TRUE: S.CONFIRMED_TRUE,
        M.FIND_FALSE: S.CONFIRMED_FALSE,
        M.LET_GO: S.NOT_IDENTIFIED,
    },
    S.CONFIRMED_TRUE: {},
    S.CONFIRMED_FALSE: {},
    S.NOT_IDENTIFIED: {},
    S.NOT_LOCATED: {},
    S.NOT_ENGAGED: {},
    S.NOT_THE_PERSON: {},
    S.UNSURE: {},
    S.STOPPED: {},
    S.LAPSED: {},
}

FINAL: Final = frozenset(state for state, moves in MOVES.items() if not moves)
AWAITING_JUDGEMENT: Final = frozenset({S.RAISED})
JUDGEMENTS: Final = frozenset(JUDGING.values())
JUDGED: Final = frozenset({S.RAISED, S.POSSIBLE_MATCH})
"""States in which another person's judgement may still come before anybody is sent."""
ON_THE_STREET: Final = frozenset({S.DISPATCHED, S.SAME_PERSON, S.ENGAGED})
"""States that only a person ends: no clock does, and a deployment that closes lists them (R46)."""
ENGAGING: Final = frozenset(
    {M.CONFIRM_SAME_PERSON, M.ENGAGE, M.FIND_TRUE, M.FIND_FALSE, M.LET_GO, M.MISS, M.REFRAIN}
)
"""Moves of whoever was sent."""
INCIDENTS: Final = frozenset({S.CONFIRMED_FALSE, S.NOT_IDENTIFIED})
"""Ends that open an incident record (R48)."""
