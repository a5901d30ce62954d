"""The command `overt`: one group of commands per module, one way to end.

Exit status: 0 done, 1 refused or bad input (one clear message), 2 fault (design section 6).
"""

import sys
from importlib import import_module
from typing import Final

import typer

from overt.errors import Fault, Refused

GROUPS: Final[tuple[str, ...]] = (
    "alerts",
    "audit",
    "camera",
    "deployment",
    "keys",
    "models",
    "secrets",
    "watchlist",
)
"""Modules of `overt.cli` whose `app` becomes a group of commands of the same name."""

COMMANDS: Final[tuple[str, ...]] = (
    "backup",
    "console",
    "doctor",
)
"""Modules of `overt.cli` whose `add_to(app)` adds commands at the top level."""

app = typer.Typer(
    name="overt",
    help="Live facial recognition that proves its own limits.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def overt() -> None:
    """Live facial recognition that proves its own limits."""


def _assemble() -> typer.Typer:
    for name in GROUPS:
        app.add_typer(import_module(f"overt.cli.{name}").app, name=name)
    for name in COMMANDS:
        import_module(f"overt.cli.{name}").add_to(app)
    return app


def main() -> None:
    """Run the command line; no traceback reaches a user."""
    try:
        _assemble()()
    except Refused as refusal:
        _say(f"refused: {refusal}")
        sys.exit(1)
    except Fault as fault:
        _say(f"fault: {fault}")
        sys.exit(2)


def _say(message: str) -> None:
    print(message, file=sys.stderr)
