"""The state tables in words, for docs/states.md: written by the table, never by hand."""

from typing import Final

from overt.decisions.states import FINAL, MOVES, AlertState, Move

_PREAMBLE: Final = """\
# The states of an alert

Generated from `src/overt/decisions/states.py` by `make docs`; `make check` compares.

An alert is a resemblance, not an identity. Nobody is sent before a person has judged it a possible
match (R38). A doubt is a stop, at any time and by anybody (R41). Every move except a lapse is made
by a person, and every move keeps who made it, when and why (R42). Nobody judges the same alert
twice (R39); where the profile keeps duties apart, two people judge, each without the other's
judgement, before anybody is sent. Whoever is sent makes sure of the person first (R40); true or
false is said only of somebody who was engaged (R46), with the method by which it is known (R47). An
engagement that was false, or that identified nobody, opens an incident record (R48).
"""


def states_in_words() -> str:
    """Give the page docs/states.md."""
    return f"{_PREAMBLE}\n{_diagram()}\n{_table()}\nFinal: {_final()}.\n"


def _diagram() -> str:
    arrows = "\n".join(
        f"    {_node(state)} --> {_node(after)}: {move.value}"
        for state, moves in MOVES.items()
        for move, after in moves.items()
    )
    ends = "\n".join(f"    {_node(state)} --> [*]" for state in MOVES if state in FINAL)
    return (
        f"```mermaid\nstateDiagram-v2\n    [*] --> {_node(AlertState.RAISED)}\n"
        f"{arrows}\n{ends}\n```\n"
    )


def _table() -> str:
    rows = "\n".join(
        f"| {state.value} | {move.value} | {_by_whom(move)} | {after.value} |"
        for state, moves in MOVES.items()
        for move, after in moves.items()
    )
    return f"| from | move | made by | to |\n|---|---|---|---|\n{rows}\n"


def _by_whom(move: Move) -> str:
    return "the clock" if move is Move.LAPSE else "a person"


def _final() -> str:
    return ", ".join(f"`{state.value}`" for state in MOVES if state in FINAL)


def _node(state: AlertState) -> str:
    return state.value.replace("-", "_")
