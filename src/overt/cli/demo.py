"""`overt demo`: the main job on a clip made from two public-domain portraits."""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.alert_line import shown_as
from overt.cli.answer import remark
from overt.demo.rehearsal import Listed
from overt.errors import Fault, Refused
from overt.live.supervise import Event


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    headless: Annotated[bool, typer.Option(help="End by itself; open no page.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The summary as one JSON object.")
    ] = False,
    listed: Annotated[Listed, typer.Option(help="Who is on the watchlist.")] = Listed.COLLINS,
    keep: Annotated[
        Path | None, typer.Option(help="Work in this new folder and leave everything in it.")
    ] = None,
) -> None:
    """Show the whole main job on a made-up street: the mechanism, not its accuracy."""
    if keep is not None:
        _make(keep)
        _rehearse(keep, listed, headless=headless, as_json=as_json)
        return
    with tempfile.TemporaryDirectory(prefix="overt-demo-") as folder:
        _rehearse(Path(folder), listed, headless=headless, as_json=as_json)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise Refused(f"{folder} exists; name a folder that does not, and it is made") from None
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {error.strerror}; name another --keep") from None


def _rehearse(folder: Path, listed: Listed, *, headless: bool, as_json: bool) -> None:
    from overt.console.serve import Address, Serving, serve_console
    from overt.demo.rehearsal import Rehearsal
    from overt.gate.gate import open_gate
    from overt.models.library import search_folders
    from overt.units import Clock

    tell = remark if as_json else print

    def show(event: Event) -> None:
        if (line := shown_as(event)) is not None:
            tell(line)

    rehearsal = Rehearsal(folder, search_folders(), listed, tell, show)
    clock = Clock()
    with open_gate(rehearsal.home, clock) as gate:
        actor = gate.whoami()
        rehearsal.prepare(gate, actor, clock.now())
        summary = rehearsal.run(gate, actor, clock)
        if as_json:
            print(json.dumps(summary, ensure_ascii=False))
        if not rehearsal.is_as_it_should_be(summary):
            raise Fault(
                f"the demonstration went wrong: {summary['listed_alerted']} alerts for the listed "
                f"person, {summary['unlisted_alerted']} for others; run overt doctor"
            )
        alerted = "nobody was" if listed is Listed.NONE else "the listed person was, nobody else"
        tell(f"As it should be: {alerted} alerted.")
        if not headless:
            tell("The alert waits to be judged on this page; Ctrl-C ends the demonstration.")
            serve_console(gate, clock, Address(port=0), Serving(tell, rehearsal.home))
