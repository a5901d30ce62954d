"""Whatever is done, in whatever order: nothing opens that skipped a stage, and all can be purged."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.events import AuditEvent
from overt.policy.access import ROLES, Role
from overt.policy.life import ENDED, FINAL, MOVES, RULES, Move, Stage, stage_of, step, why_not

any_moves = st.lists(st.sampled_from(Move), max_size=40)
NOT_BEFORE = (
    (Move.SUBMIT, Move.AUTHORISE),
    (Move.AUTHORISE, Move.NOTICE),
    (Move.NOTICE, Move.OPEN),
)


def test_the_table_is_complete() -> None:
    assert MOVES.keys() == set(Stage)
    assert RULES.keys() == set(Move)
    assert {rule.event for rule in RULES.values()} <= {event.value for event in AuditEvent}
    assert {move for moves in MOVES.values() for move in moves} == set(Move)


@pytest.mark.requirement("R6")
def test_every_move_is_somebodys_and_no_camera_makes_one() -> None:
    for move, rule in RULES.items():
        assert any(rule.by in may for role, may in ROLES.items() if role is not Role.CAMERA), move
        assert rule.by not in ROLES[Role.CAMERA]


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R59")
@given(any_moves)
def test_nothing_is_open_that_was_not_submitted_signed_and_told_in_that_order(
    moves: list[Move],
) -> None:
    stage, done = Stage.DRAFTED, list[Move]()
    for move in moves:
        if why_not(stage, move) is None:
            done.append(move)
        stage = step(stage, move)
    if stage in {Stage.OPEN, Stage.SUSPENDED}:
        for before, after in NOT_BEFORE:
            assert done.index(before) < done.index(after)


@pytest.mark.requirement("R3")
@given(any_moves, any_moves)
def test_what_has_ended_never_opens_again(before: list[Move], after: list[Move]) -> None:
    ended = step(stage_of(before), Move.CLOSE)
    for move in after:
        ended = step(ended, move)
        assert ended in ENDED


@given(any_moves)
def test_a_move_that_is_refused_changes_nothing_but_an_end(moves: list[Move]) -> None:
    stage = stage_of(moves)
    for move in Move:
        if why_not(stage, move) is not None and move is not Move.CLOSE:
            assert step(stage, move) is stage


@given(any_moves)
def test_from_everywhere_a_purge_can_be_reached(moves: list[Move]) -> None:
    stage = stage_of(moves)
    assert {Stage.PURGED, Stage.EVALUATED} & _reachable(stage)


def test_every_stage_can_be_reached_and_only_the_last_is_final() -> None:
    assert _reachable(Stage.DRAFTED) == set(Stage)
    assert {Stage.EVALUATED} == FINAL


@pytest.mark.requirement("R3")
@pytest.mark.parametrize(("stage", "move"), list(product(Stage, Move)))
def test_whatever_cannot_be_done_says_from_where_it_could(stage: Stage, move: Move) -> None:
    why = why_not(stage, move)
    assert (why is None) == (move in MOVES[stage])
    assert why is None or stage.value in why


def _reachable(stage: Stage) -> set[Stage]:
    found, open_ends = {stage}, [stage]
    while open_ends:
        for move in MOVES[open_ends.pop()]:
            for each in Stage:
                after = step(each, move) if each in found else each
                if move in MOVES[each] and each in found and after not in found:
                    found.add(after)
                    open_ends.append(after)
    return found
