"""The states of an alert under review and the moves between them: one complete table.

Nothing is dispatched before a person has judged it a possible match (R38). A doubt is a stop, at
any time and by anybody (R41). What a state means to the person on the street, the pages say.
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
        M.STOP: S.STOPPED,
    },
    S.NOT_THE_PERSON: {},
    S.UNSURE: {},
    S.STOPPED: {},
    S.LAPSED: {},
}

FINAL: Final = frozenset(state for state, moves in MOVES.items() if not moves)
AWAITING_JUDGEMENT: Final = frozenset({S.RAISED})
JUDGEMENTS: Final = frozenset(JUDGING.values())
