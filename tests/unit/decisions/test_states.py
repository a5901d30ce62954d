"""The table of states is complete, and says what the law of the thing demands."""

import pytest

from overt.decisions.states import FINAL, JUDGING, MOVES, AlertState, Judgement, Move


def test_the_table_has_a_row_for_every_state() -> None:
    assert MOVES.keys() == set(AlertState)


def test_every_judgement_is_a_move() -> None:
    assert JUDGING.keys() == set(Judgement)


def test_every_move_is_used() -> None:
    assert {move for moves in MOVES.values() for move in moves} == set(Move)


def test_every_state_but_the_first_can_be_reached() -> None:
    reached = {after for moves in MOVES.values() for after in moves.values()}
    assert reached | {AlertState.RAISED} == set(AlertState)


def test_the_final_states_are_those_where_nobody_is_sent() -> None:
    assert {
        AlertState.NOT_THE_PERSON,
        AlertState.UNSURE,
        AlertState.STOPPED,
        AlertState.LAPSED,
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
