"""One move in the review of an alert: what is asked of whoever makes it. Pure.

A judgement needs a reason, and nobody judges the same alert twice (R39, R41). Where a profile asks
for two judgements, nobody is sent before two people made them, each without the other's. Every
move keeps who made it, when and why (R42); one that says who somebody is, how that is known (R47).
"""

from dataclasses import dataclass
from typing import Final

from overt.config.toml_table import CONTROL
from overt.decisions.engagement import IDENTIFYING, IdentityMethod, NotEngaged
from overt.decisions.states import JUDGEMENTS, MOVES, AlertState, Move
from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import Seconds, UtcTime

LONGEST_REASON: Final = 2000
"""Characters. A reason is a sentence or two; a dossier belongs elsewhere."""


@dataclass(frozen=True, slots=True)
class Act:
    """A move that somebody made, or asks to make."""

    move: Move
    by: ActorId
    at: UtcTime
    reason: str
    recipients: tuple[str, ...] = ()
    """Who was told, where the move tells somebody."""
    method: IdentityMethod | None = None
    """How it is known who the person is."""
    because: NotEngaged | None = None
    """Why the person was not engaged."""


@dataclass(frozen=True, slots=True)
class Review:
    """Where an alert stands, and every act that brought it there, oldest first."""

    raised_at: UtcTime
    state: AlertState = AlertState.RAISED
    acts: tuple[Act, ...] = ()

    @property
    def judgements(self) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.move in JUDGEMENTS)

    @property
    def time_to_judge(self) -> Seconds | None:
        """From the alert to the first judgement of it (R42)."""
        if not self.judgements:
            return None
        return Seconds((self.judgements[0].at - self.raised_at).total_seconds())


def apply_move(review: Review, act: Act, *, judgements: int = 1) -> Review:
    """Give the review as it stands after the act.

    `judgements` is how many people must have judged it a possible match before anybody is sent.
    Raises Refused where the state does not allow the move, the reason, the recipients or the
    method are missing, or the same person judges twice.
    """
    after = MOVES[review.state].get(act.move)
    if after is None:
        raise Refused(_not_from_here(review.state, act.move))
    require_words("a reason, in words", act.reason)
    if act.move in JUDGEMENTS:
        _require_fresh_eyes(review, act)
    if act.move is Move.DISPATCH:
        _require_recipients(act)
        _require_judgements(review, judgements)
    _require_particulars(act)
    return Review(review.raised_at, after, (*review.acts, act))


def may(review: Review, move: Move, by: ActorId, *, judgements: int = 1) -> bool:
    """Whether the state and the acts so far leave this move to this person."""
    if move not in MOVES[review.state]:
        return False
    if move is Move.DISPATCH and len(review.judgements) < judgements:
        return False
    return move not in JUDGEMENTS or all(act.by != by for act in review.judgements)


def _not_from_here(state: AlertState, move: Move) -> str:
    if move is Move.DISPATCH and state is AlertState.RAISED:
        return (
            "nobody is sent on a score alone (R38): "
            "a person must first judge this alert a possible match"
        )
    if not MOVES[state]:
        return f"the alert is {state.value}, and that is final: nobody can {move.value} now"
    return (
        f"an alert that is {state.value} does not allow one to {move.value}; "
        f"it allows one to {', or to '.join(m.value for m in MOVES[state])}"
    )


def require_words(what: str, text: str) -> None:
    if not any(character.isalnum() for character in text):
        raise Refused(f"{what}, is required; it was blank")
    if len(text) > LONGEST_REASON:
        raise Refused(f"{what}, has at most {LONGEST_REASON} characters; this has {len(text)}")
    if CONTROL.search(text):
        raise Refused(f"{what}, holds an invisible control character; take it out")


def _require_fresh_eyes(review: Review, act: Act) -> None:
    if any(earlier.by == act.by for earlier in review.judgements):
        raise Refused(
            f"{act.by} has judged this alert already; a second judgement is another person's "
            "(R39). Whoever doubts it now can stop it"
        )


def _require_recipients(act: Act) -> None:
    if not act.recipients:
        raise Refused("name whoever is sent: an alert goes to named recipients (R45)")
    for name in act.recipients:
        require_words("the name of a recipient", name)


def _require_judgements(review: Review, wanted: int) -> None:
    if len(review.judgements) < wanted:
        raise Refused(
            f"{wanted} people must judge this alert a possible match, each for themselves, before "
            f"anybody is sent (R39); {len(review.judgements)} has"
        )


def _require_particulars(act: Act) -> None:
    """What an outcome says of somebody, it says how that is known (R47)."""
    if (act.move in IDENTIFYING) != (act.method is not None):
        raise Refused(
            "how the person's identity is known must be said, by a method other than the alert "
            "(R47)"
            if act.method is None
            else f"to {act.move.value} establishes nobody's identity: no method goes with it"
        )
    if (act.move is Move.REFRAIN) != (act.because is not None):
        raise Refused(
            "why the person was not engaged must be said"
            if act.because is None
            else f"to {act.move.value} is not to refrain: no code goes with it"
        )
