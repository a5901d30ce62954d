"""Who may move an alert, with which words, and what is kept of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from overt.decisions.engagement import IdentityMethod, NotEngaged
from overt.decisions.review import LONGEST_REASON, Act, Review, apply_move, may
from overt.decisions.states import FINAL, AlertState, Move
from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import UtcTime

RAISED_AT = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
ANA, BEN = ActorId("ana"), ActorId("ben")


def act(
    move: Move, by: ActorId = ANA, *, reason: str = "the same scar", to: tuple[str, ...] = ()
) -> Act:
    return Act(move, by, UtcTime(RAISED_AT + timedelta(seconds=8)), reason, to)


def after(*acts: Act) -> Review:
    review = Review(RAISED_AT)
    for each in acts:
        review = apply_move(review, each)
    return review


POSSIBLE = act(Move.JUDGE_POSSIBLE_MATCH)


@pytest.mark.requirement("R38")
def test_a_score_alone_sends_nobody() -> None:
    with pytest.raises(Refused, match="nobody is sent on a score alone"):
        after(act(Move.DISPATCH, to=("PC 4411",)))


@pytest.mark.requirement("R38")
def test_a_possible_match_may_be_dispatched_to_named_recipients() -> None:
    review = after(POSSIBLE, act(Move.DISPATCH, to=("PC 4411",)))
    assert (review.state, review.acts[-1].recipients) == (AlertState.DISPATCHED, ("PC 4411",))


@pytest.mark.requirement("R45")
@pytest.mark.parametrize("recipients", [(), ("",), ("PC 4411", "  ")])
def test_a_dispatch_to_nobody_in_particular_is_refused(recipients: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="recipient"):
        after(POSSIBLE, act(Move.DISPATCH, to=recipients))


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "\u200b", "..."])
def test_a_judgement_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(Refused, match="a reason"):
        after(act(Move.JUDGE_UNSURE, reason=reason))


def test_a_reason_longer_than_a_page_is_refused() -> None:
    with pytest.raises(Refused, match="at most"):
        after(act(Move.JUDGE_UNSURE, reason="x" * (LONGEST_REASON + 1)))


@pytest.mark.requirement("R39")
def test_nobody_judges_twice() -> None:
    with pytest.raises(Refused, match="ana has judged this alert already"):
        after(POSSIBLE, act(Move.JUDGE_POSSIBLE_MATCH))


@pytest.mark.requirement("R39")
def test_a_second_person_may_judge_for_themselves() -> None:
    review = after(POSSIBLE, act(Move.JUDGE_POSSIBLE_MATCH, BEN))
    assert [judged.by for judged in review.judgements] == [ANA, BEN]


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("doubt", [Move.JUDGE_UNSURE, Move.JUDGE_NOT_THE_PERSON])
def test_a_second_persons_doubt_stops_a_possible_match(doubt: Move) -> None:
    assert after(POSSIBLE, act(doubt, BEN)).state is AlertState.STOPPED


@pytest.mark.requirement("R41")
def test_whoever_judged_may_still_stop_it() -> None:
    sent = act(Move.DISPATCH, to=("PC 4411",))
    assert after(POSSIBLE, sent, act(Move.STOP)).state is AlertState.STOPPED


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("move", list(Move), ids=lambda m: m.name)
def test_nothing_follows_a_doubt(move: Move) -> None:
    doubted = after(act(Move.JUDGE_UNSURE))
    with pytest.raises(Refused, match="final"):
        apply_move(doubted, act(move, BEN, to=("PC 4411",)))


@pytest.mark.requirement("R42")
def test_the_time_to_the_first_judgement_is_kept() -> None:
    assert after(POSSIBLE, act(Move.STOP)).time_to_judge == 8.0


def test_an_alert_that_nobody_judged_has_no_time_to_judge() -> None:
    assert after(act(Move.LAPSE)).time_to_judge is None


def test_may_tells_what_apply_move_would_allow() -> None:
    review = after(POSSIBLE)
    assert {move for move in Move if may(review, move, ANA)} == {
        Move.DISPATCH, Move.STOP, Move.LAPSE,
    }  # fmt: skip


def test_a_final_review_leaves_no_move_to_anybody() -> None:
    review = after(act(Move.JUDGE_NOT_THE_PERSON))
    assert review.state in FINAL
    assert not any(may(review, move, BEN) for move in Move)


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("hidden", ["\x1b[2K", "\0", "\u202e"])
def test_words_that_would_steer_a_screen_are_refused(hidden: str) -> None:
    with pytest.raises(Refused, match="invisible control character"):
        after(act(Move.JUDGE_UNSURE, reason=f"no scar{hidden}"))
    with pytest.raises(Refused, match="invisible control character"):
        after(POSSIBLE, act(Move.DISPATCH, to=(f"PC 4411{hidden}",)))


SENT = act(Move.DISPATCH, to=("pc-4411",))
SAME = act(Move.CONFIRM_SAME_PERSON, BEN)
SPOKEN = act(Move.ENGAGE, BEN)


def found(move: Move, method: IdentityMethod | None = None) -> Act:
    return replace(act(move, BEN), method=method)


@pytest.mark.requirement("R39")
def test_where_two_must_judge_one_sends_nobody() -> None:
    with pytest.raises(Refused, match="2 people must judge"):
        apply_move(after(POSSIBLE), SENT, judgements=2)
    both = after(POSSIBLE, act(Move.JUDGE_POSSIBLE_MATCH, BEN))
    assert apply_move(both, SENT, judgements=2).state is AlertState.DISPATCHED
    assert may(both, Move.DISPATCH, ANA, judgements=2)
    assert not may(after(POSSIBLE), Move.DISPATCH, ANA, judgements=2)


@pytest.mark.requirement("R40")
def test_nobody_is_spoken_to_before_the_officer_sees_the_same_person() -> None:
    with pytest.raises(Refused, match="does not allow one to engage"):
        after(POSSIBLE, SENT, SPOKEN)
    assert after(POSSIBLE, SENT, SAME, SPOKEN).state is AlertState.ENGAGED


@pytest.mark.requirement("R46")
@pytest.mark.parametrize("move", [Move.FIND_TRUE, Move.FIND_FALSE])
def test_nobody_is_found_to_be_anybody_who_was_not_engaged(move: Move) -> None:
    with pytest.raises(Refused, match="does not allow"):
        after(POSSIBLE, SENT, SAME, found(move, IdentityMethod.DOCUMENT))


@pytest.mark.requirement("R47")
@pytest.mark.parametrize("move", [Move.FIND_TRUE, Move.FIND_FALSE])
def test_who_somebody_is_takes_a_method(move: Move) -> None:
    with pytest.raises(Refused, match="other than the alert"):
        after(POSSIBLE, SENT, SAME, SPOKEN, found(move))
    ended = after(POSSIBLE, SENT, SAME, SPOKEN, found(move, IdentityMethod.FINGERPRINT))
    assert ended.state in FINAL


@pytest.mark.requirement("R46")
def test_not_engaging_says_why() -> None:
    with pytest.raises(Refused, match="why the person was not engaged"):
        after(POSSIBLE, SENT, act(Move.REFRAIN, BEN))
    ended = after(POSSIBLE, SENT, replace(act(Move.REFRAIN, BEN), because=NotEngaged.DOUBT))
    assert ended.state is AlertState.NOT_ENGAGED
