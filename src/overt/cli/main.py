"""The command `overt`: one group of commands per module, one way to end.

Exit status: 0 done, 1 refused or bad input (one clear message), 2 fault (design section 6).
"""

import os
import sys
from importlib import import_module
from typing import Final

import typer
from click.exceptions import Abort, ClickException

from overt.errors import Fault, Refused
from overt.live.fault_note import note_of

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
    "demo",
    "doctor",
    "run",
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
    sys.exit(_status_of(_assemble()))


def _status_of(commands: typer.Typer) -> int:
    try:
        ended = commands(standalone_mode=False)
    except Refused as refusal:
        return _say(f"refused: {refusal}", 1)
    except Fault as fault:
        return _say(f"fault: {fault}", 2)
    except ClickException as misuse:  # unknown options and the like
        misuse.show()
        return 1
    except (Abort, KeyboardInterrupt):
        return _say("interrupted", 130)
    except BrokenPipeError:  # whoever read our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as unexpected:  # noqa: BLE001  the last line before a person: they see the note
        return _say(f"fault: {note_of(unexpected)}", 2)
    return ended if isinstance(ended, int) else 0


def _say(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status
