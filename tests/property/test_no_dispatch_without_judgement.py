"""No sequence of moves, by anybody, with any words, sends somebody before a person judged (R38)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.decisions.engagement import IDENTIFYING, IdentityMethod, NotEngaged
from overt.decisions.review import Act, Review, apply_move, may
from overt.decisions.states import FINAL, AlertState, Move
from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import UtcTime

RAISED_AT = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))

acts = st.builds(
    Act,
    move=st.sampled_from(Move),
    by=st.sampled_from(["ana", "ben", "cai"]).map(ActorId),
    at=st.integers(1, 600).map(lambda s: UtcTime(RAISED_AT + timedelta(seconds=s))),
    reason=st.sampled_from(["", " ", "the same scar", "no"]),
    recipients=st.sampled_from([(), ("PC 4411",), ("",)]),
    method=st.sampled_from([None, IdentityMethod.DOCUMENT]),
    because=st.sampled_from([None, NotEngaged.DOUBT]),
)


def tried(review: Review, act: Act) -> Review:
    try:
        return apply_move(review, act)
    except Refused:
        return review


@pytest.mark.requirement("R38")
@given(st.lists(acts, max_size=12))
def test_whoever_is_sent_was_sent_after_a_judgement_with_a_reason(story: list[Act]) -> None:
    review = Review(RAISED_AT)
    for act in story:
        review = tried(review, act)
    moves = [act.move for act in review.acts]
    if Move.DISPATCH in moves:
        before = review.acts[: moves.index(Move.DISPATCH)]
        assert any(a.move is Move.JUDGE_POSSIBLE_MATCH and a.reason.strip() for a in before)


@pytest.mark.requirement("R39")
@given(st.lists(acts, max_size=12))
def test_nobody_judges_an_alert_twice(story: list[Act]) -> None:
    review = Review(RAISED_AT)
    for act in story:
        review = tried(review, act)
    judges = [act.by for act in review.judgements]
    assert len(judges) == len(set(judges))


@pytest.mark.requirement("R41")
@given(st.lists(acts, max_size=12), acts)
def test_a_review_that_ended_never_changes(story: list[Act], more: Act) -> None:
    review = Review(RAISED_AT)
    for act in story:
        review = tried(review, act)
    if review.state in FINAL:
        assert tried(review, more) == review


@given(st.lists(acts, max_size=12), acts)
def test_may_never_promises_what_is_then_refused(story: list[Act], more: Act) -> None:
    review = Review(RAISED_AT)
    for act in story:
        review = tried(review, act)
    worded = Act(
        more.move, more.by, more.at, "the same scar", ("PC 4411",),
        method=IdentityMethod.DOCUMENT if more.move in IDENTIFYING else None,
        because=NotEngaged.DOUBT if more.move is Move.REFRAIN else None,
    )  # fmt: skip
    moved = tried(review, worded) != review
    assert moved == may(review, more.move, more.by)
    assert review.state in AlertState
