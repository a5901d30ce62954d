"""The life of a deployment in words, for docs/states.md: written by the table, never by hand."""

from typing import Final

from overt.policy.access import ROLES, Permission
from overt.policy.life import FINAL, MOVES, RULES, Move, Stage, after

_PREAMBLE: Final = """\
# The life of a deployment

Generated from `src/overt/policy/life.py` by `make docs`; `make check` compares.

Nothing runs that was not submitted, signed and told to the public first, in that order. Under the
profile `consent` the program makes the moves to *submitted* and *noticed* by itself, when it is
signed, and the log says so. An extension is another deployment file: it begins at *drafted*. The
stage is worked out from the log each time; no row holds it.
"""


def life_in_words() -> str:
    return f"{_PREAMBLE}\n{_diagram()}\n{_table()}\nFinal: {_final()}.\n"


def _diagram() -> str:
    arrows = "\n".join(
        f"    {stage.value} --> {after(stage, move).value}: {move.value}"
        for stage, moves in MOVES.items()
        for move in Move
        if move in moves
    )
    ends = "\n".join(f"    {stage.value} --> [*]" for stage in Stage if stage in FINAL)
    return (
        f"```mermaid\nstateDiagram-v2\n    [*] --> {Stage.DRAFTED.value}\n{arrows}\n{ends}\n```\n"
    )


def _table() -> str:
    rows = "\n".join(_row(move) for move in Move)
    return (
        "| move | from | to | who may | what must be true | what the log says |\n"
        f"|---|---|---|---|---|---|\n{rows}\n"
    )


def _row(move: Move) -> str:
    rule = RULES[move]
    begins = ", ".join(stage.value for stage in Stage if move in MOVES[stage])
    cells = (move.value, begins, rule.leads_to.value, _who(move), rule.asks, f"`{rule.event}`")
    return f"| {' | '.join(cells)} |"


def _who(move: Move) -> str:
    permission: Permission = RULES[move].by
    roles = sorted(role.value for role, may in ROLES.items() if permission in may)
    return ", ".join(roles) + (", the program" if RULES[move].program_too else "")


def _final() -> str:
    return ", ".join(f"`{stage.value}`" for stage in Stage if stage in FINAL)
