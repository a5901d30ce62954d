"""`overt backup` and `overt restore`: copy the records, and put a copy in their place."""

from pathlib import Path
from typing import Annotated

import typer

from overt.cli.answer import answer
from overt.models.library import home_folder
from overt.units import Clock, iso

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def add_to(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes, on another disk.")],
    as_json: AsJson = False,
) -> None:
    """Copy the records, also while they are in use.

    Beside FILE stands overt.keys, which each backup in that folder replaces: keep only the newest,
    because it is what makes deletion reach the older files. Neither opens without the master key
    (OVERT_HOME/keys/master.key), which is in neither: keep a copy of it elsewhere.
    """
    from overt.cli.acting import acting

    with acting() as (gate, actor):
        done = gate.back_up(actor, file)
    facts: dict[str, object] = {
        "file": str(done.file),
        "keys": str(done.keys),
        "lines": done.lines,
        "made_at": iso(done.made_at),
    }
    said = f"{done.file} holds the records of {iso(done.made_at)}; {done.keys} the keys it needs"
    answer(facts, [said, "Neither opens without the master key: keep that apart."], as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `overt backup` made.")],
    keys: Annotated[
        Path | None, typer.Option(help="The file of keys; otherwise overt.keys beside FILE.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of records that are lost or older.

    The master key must be in its place in OVERT_HOME. Records that are newer, another
    installation's or in use are not overwritten.
    """
    from overt.gate.restore import restore as put_back

    done = put_back(home_folder(), file, clock=Clock(), keys=keys)
    facts: dict[str, object] = {
        "restored": True,
        "made_at": done.manifest.made_at,
        "lines": done.manifest.lines,
        "lost_keys": done.lost_keys,
    }
    said = f"restored the records of {done.manifest.made_at}, {done.manifest.lines} lines of log"
    answer(facts, [said], as_json=as_json)
