"""The command `overt`: one group of commands per module, one way to end.

Exit status: 0 done, 1 refused or bad input (one clear message), 2 fault (design section 6).
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated, Final

from overt.cli.answer import remark
from overt.errors import Fault, Refused
from overt.live.fault_note import note_of
from overt.loading import loading

GROUPS: Final[tuple[str, ...]] = (
    "alerts",
    "assure",
    "audit",
    "camera",
    "deployment",
    "evidence",
    "footfall",
    "holds",
    "incidents",
    "keys",
    "models",
    "profile",
    "receipt",
    "rights",
    "secrets",
    "sign-on",
    "users",
    "walk",
    "watchlist",
)
"""Modules of `overt.cli` whose `app` becomes a group of commands of the same name (`-` as `_`)."""

COMMANDS: Final[Mapping[str, str]] = {
    "backup": "backup",
    "check-in": "check_in",
    "console": "console",
    "demo": "demo",
    "doctor": "doctor",
    "prove-erasure": "prove_erasure",
    "drill": "drill",
    "purge": "purge",
    "restore": "backup",
    "run": "run",
    "stop": "run",
}
"""Commands at the top level, and the modules of `overt.cli` whose `add_to(app)` adds them."""


def _assemble(arguments: Sequence[str]) -> Callable[..., object]:
    """Import the module of the command that is asked for, or all of them to list or refuse."""
    import typer

    app = typer.Typer(
        name="overt",
        help="Live facial recognition that proves its own limits.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def overt(
        _version: Annotated[
            bool, typer.Option("--version", help="Say which overt this is, and nothing else.")
        ] = False,
    ) -> None:
        """Live facial recognition that proves its own limits."""

    asked = arguments[0] if arguments else ""
    for name in [asked] if asked in GROUPS else GROUPS if asked not in COMMANDS else ():
        app.add_typer(import_module(f"overt.cli.{name.replace('-', '_')}").app, name=name)
    modules = {COMMANDS[asked]} if asked in COMMANDS else set(COMMANDS.values())
    for name in sorted(modules) if asked not in GROUPS else ():
        import_module(f"overt.cli.{name}").add_to(app)
    return app


def main(ready: Callable[[], object] = lambda: None) -> None:
    """Run the command line; no traceback reaches a user. `ready` when all is imported."""
    if isinstance(sys.stdout, TextIOWrapper):
        # In a pipe too, an alert is there as soon as it is printed; an odd name stops nothing.
        sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    try:
        status = _status_of(sys.argv[1:], ready)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the answer is given; ending takes a moment
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        status = _say("interrupted", 130)
    sys.exit(status)


def _status_of(arguments: Sequence[str], ready: Callable[[], object]) -> int:
    if list(arguments) == ["--version"]:
        print(f"overt {version('overt')}")
        return 0
    with loading():
        from typer.exceptions import Abort, TyperException

    try:
        with loading():
            command = _assemble(arguments)
        ready()
        ended = command(standalone_mode=False)
    except Refused as refusal:
        return _say(f"refused: {refusal}", 1)
    except Fault as fault:
        return _say(f"fault: {fault}", 2)
    except TyperException as misuse:  # unknown commands and options, missing arguments
        return _say(f"{misuse.format_message()} (--help tells more)".lstrip(), 1)
    except Abort:
        return _say("interrupted", 130)
    except BrokenPipeError:  # whoever read our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as unexpected:  # noqa: BLE001  the last line before a person: they see the note
        return _say(f"fault: {note_of(unexpected)}", 2)
    return ended if isinstance(ended, int) else 0


def _say(message: str, status: int) -> int:
    remark(message)
    return status
