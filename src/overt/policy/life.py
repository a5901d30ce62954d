"""A deployment's life as one table: its stages, the moves between them, who may make each.

What must be true before a move is a matter of rules (`policy/deployments.py`); what has happened
is read from the log (`policy/told.py`). A stage is a consequence of what the log tells and is
stored nowhere, so that no edited row can put a deployment where it never was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from typing import Final

from overt.policy.access import Permission


class Stage(Enum):
    DRAFTED = "drafted"
    """A file that somebody wrote. Nothing is on record."""
    SUBMITTED = "submitted"
    """Put before an authorising officer, exactly as it stands."""
    AUTHORISED = "authorised"
    """An officer's key covers it. Nothing may run before the public is told."""
    NOTICED = "noticed"
    """The public was told when, where and how long."""
    OPEN = "open"
    """Its cameras may look for the people on its list, while its window and its team last."""
    SUSPENDED = "suspended"
    """Nobody is looked at until an authorising officer lets it go on."""
    CLOSED = "closed"
    """Over, for good. A new window takes a new signature."""
    PURGED = "purged"
    """Nothing about anybody is left of it: the list, the alerts and their keys are gone."""
    EVALUATED = "evaluated"
    """Somebody judged what it did and what came of it."""


class Move(Enum):
    SUBMIT = "submit it"
    AUTHORISE = "sign it"
    NOTICE = "tell the public"
    OPEN = "open it"
    SUSPEND = "suspend it"
    RESUME = "let it go on"
    CLOSE = "close it"
    PURGE = "purge it"
    EVALUATE = "evaluate it"


@dataclass(frozen=True, slots=True)
class MoveRule:
    leads_to: Stage
    by: Permission
    """What whoever makes the move must be permitted to do."""
    asks: str
    """What must be true first, for the page of the table; the rules themselves decide."""
    event: str
    """What the log calls it."""
    program_too: bool = False
    """The program makes it by itself where its condition is plain: an end, a breach, nothing left."""


S, M, P = Stage, Move, Permission

MOVES: Final[Mapping[Stage, frozenset[Move]]] = {
    S.DRAFTED: frozenset({M.SUBMIT}),
    S.SUBMITTED: frozenset({M.SUBMIT, M.AUTHORISE, M.CLOSE}),
    S.AUTHORISED: frozenset({M.AUTHORISE, M.NOTICE, M.CLOSE}),
    S.NOTICED: frozenset({M.AUTHORISE, M.NOTICE, M.OPEN, M.CLOSE}),
    # Signed again unchanged, it stays where it is: a signature undoes neither end nor suspension.
    S.OPEN: frozenset({M.AUTHORISE, M.OPEN, M.SUSPEND, M.CLOSE}),
    S.SUSPENDED: frozenset({M.AUTHORISE, M.SUSPEND, M.RESUME, M.CLOSE}),
    S.CLOSED: frozenset({M.PURGE}),
    S.PURGED: frozenset({M.EVALUATE}),
    S.EVALUATED: frozenset(),
}

RULES: Final[Mapping[Move, MoveRule]] = {
    M.SUBMIT: MoveRule(
        S.SUBMITTED, P.DEPLOYMENT_SUBMIT, "what the file says keeps the profile's rules",
        "deployment-submitted",
    ),
    M.AUTHORISE: MoveRule(
        S.AUTHORISED, P.DEPLOYMENT_SIGN,
        "submitted as it stands; list, networks and test evidence in force; not by whoever built "
        "the list, tested, made the key or submitted it", "deployment-signed",
    ),
    M.NOTICE: MoveRule(
        S.NOTICED, P.DEPLOYMENT_NOTICE,
        "the notice tells the whole window and the place, early enough", "deployment-noticed",
    ),
    M.OPEN: MoveRule(
        S.OPEN, P.DEPLOYMENT_RUN,
        "every rule: signature, window, documents, list of at most 24 hours and looked up again, "
        "signs, staff checked in", "deployment-opened",
    ),
    M.SUSPEND: MoveRule(
        S.SUSPENDED, P.DEPLOYMENT_SUSPEND, "a reason", "deployment-suspended", program_too=True,
    ),
    M.RESUME: MoveRule(
        S.OPEN, P.DEPLOYMENT_RESUME, "a reason; the window is not over", "deployment-resumed",
    ),
    M.CLOSE: MoveRule(
        S.CLOSED, P.DEPLOYMENT_CLOSE, "a reason, or the window is over", "deployment-closed",
        program_too=True,
    ),
    M.PURGE: MoveRule(
        S.PURGED, P.EXPIRE, "no alert of it is left, nor a list that dies with it",
        "deployment-purged", program_too=True,
    ),
    M.EVALUATE: MoveRule(
        S.EVALUATED, P.DEPLOYMENT_EVALUATE, "a report, by its digest", "deployment-evaluated",
    ),
}  # fmt: skip

MOVE_OF: Final[Mapping[str, Move]] = {rule.event: move for move, rule in RULES.items()}
"""Which move a line of the log tells of."""
FINAL: Final = frozenset(stage for stage, moves in MOVES.items() if not moves)
ENDED: Final = frozenset({S.CLOSED, S.PURGED, S.EVALUATED})
STAYS: Final = frozenset({S.NOTICED, S.OPEN, S.SUSPENDED})
"""Where signing again what was signed before changes nothing."""


def after(stage: Stage, move: Move) -> Stage:
    """Where a move leads."""
    if move is Move.AUTHORISE and stage in STAYS:
        return stage
    return RULES[move].leads_to


def step(stage: Stage, move: Move) -> Stage:
    """Where a deployment stands after one more line of the log.

    A move that the table does not allow from there changes nothing, but an end is an end wherever
    it came from: an older program may have told it under an older table.
    """
    if move is Move.CLOSE and stage not in ENDED:
        return Stage.CLOSED
    return after(stage, move) if move in MOVES[stage] else stage


def stage_of(moves: Iterable[Move]) -> Stage:
    """Where a deployment stands after what was done to it, oldest first."""
    return reduce(step, moves, Stage.DRAFTED)


def why_not(stage: Stage, move: Move) -> str | None:
    """Say why a move cannot be made from a stage; None where it can."""
    if move in MOVES[stage]:
        return None
    possible = " or ".join(
        sorted(each.value for each, moves in MOVES.items() if move in moves and each is not stage)
    )
    return f"it is {stage.value}; to {move.value} it must be {possible}"
