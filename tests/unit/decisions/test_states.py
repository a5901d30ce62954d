"""The table of states is complete, and says what the law of the thing demands."""

import pytest

from overt.decisions.engagement import ENDS, IdentityMethod, NotEngaged, Outcome
from overt.decisions.states import FINAL, JUDGING, MOVES, AlertState, Judgement, Move

CODES = (IdentityMethod, NotEngaged, Outcome, Judgement, Move)


def test_the_table_has_a_row_for_every_state() -> None:
    assert MOVES.keys() == set(AlertState)


def test_every_judgement_is_a_move() -> None:
    assert JUDGING.keys() == set(Judgement)


def test_every_move_is_used() -> None:
    assert {move for moves in MOVES.values() for move in moves} == set(Move)


def test_every_state_but_the_first_can_be_reached() -> None:
    reached = {after for moves in MOVES.values() for after in moves.values()}
    assert reached | {AlertState.RAISED} == set(AlertState)


def test_the_final_states_are_those_where_nobody_is_on_the_way() -> None:
    assert {
        AlertState.NOT_THE_PERSON,
        AlertState.UNSURE,
        AlertState.STOPPED,
        AlertState.LAPSED,
        AlertState.CONFIRMED_TRUE,
        AlertState.CONFIRMED_FALSE,
        AlertState.NOT_IDENTIFIED,
        AlertState.NOT_LOCATED,
        AlertState.NOT_ENGAGED,
    } == FINAL


@pytest.mark.requirement("R38")
def test_only_a_possible_match_is_dispatched() -> None:
    assert [state for state in AlertState if Move.DISPATCH in MOVES[state]] == [
        AlertState.POSSIBLE_MATCH
    ]


@pytest.mark.requirement("R38")
def test_only_a_judgement_makes_a_possible_match() -> None:
    ways = {
        move
        for moves in MOVES.values()
        for move, after in moves.items()
        if after is AlertState.POSSIBLE_MATCH
    }
    assert ways == {Move.JUDGE_POSSIBLE_MATCH}


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("state", [AlertState.POSSIBLE_MATCH, AlertState.DISPATCHED])
@pytest.mark.parametrize(
    "doubt", [Move.STOP, Move.JUDGE_UNSURE, Move.JUDGE_NOT_THE_PERSON], ids=lambda m: m.name
)
def test_a_doubt_is_a_stop(state: AlertState, doubt: Move) -> None:
    assert MOVES[state][doubt] in FINAL


@pytest.mark.requirement("R46")
def test_true_or_false_is_said_only_of_somebody_who_was_engaged() -> None:
    said = {AlertState.CONFIRMED_TRUE, AlertState.CONFIRMED_FALSE, AlertState.NOT_IDENTIFIED}
    before = {state for state, moves in MOVES.items() if said & set(moves.values())}
    assert before == {AlertState.ENGAGED}


@pytest.mark.requirement("R40")
def test_nobody_is_engaged_before_the_same_person_was_confirmed() -> None:
    before = {state for state, moves in MOVES.items() if AlertState.ENGAGED in moves.values()}
    assert before == {AlertState.SAME_PERSON}


@pytest.mark.requirement("R46")
def test_every_end_counts_as_something_and_nothing_else_does() -> None:
    assert ENDS.keys() == FINAL


@pytest.mark.requirement("R46")
def test_from_every_state_an_end_can_be_reached() -> None:
    for state in AlertState:
        reached = {state}
        for _ in AlertState:
            reached |= {after for each in reached for after in MOVES[each].values()}
        assert reached & FINAL


@pytest.mark.requirement("R49")
def test_no_code_says_that_somebody_avoided_the_cameras() -> None:
    words = " ".join(f"{code.name} {code.value}".lower() for kind in CODES for code in kind)
    assert not any(word in words for word in ("avoid", "camera", "evad", "hid", "mask", "cover"))


@pytest.mark.requirement("R47")
def test_the_alert_is_no_way_to_know_somebody() -> None:
    words = " ".join(method.value for method in IdentityMethod)
    assert not any(word in words for word in ("alert", "face", "match", "similar"))
