"""`overt purge`: delete and destroy what is due; `overt receipt`: what was destroyed, signed."""

from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.errors import Fault


def add_to(app: typer.Typer) -> None:
    app.command()(purge)


def purge(
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Delete and destroy what is past its date. Let a timer run it; status 2 is an alarm.

    An alarm: something was destroyed long after its time within the last day, is not destroyed yet,
    or a legal hold was not reviewed in time.
    """
    with acting() as (gate, actor):
        done = gate.purge(actor)
    lines = [f"{count} of {name}" for name, count in done.rows.items()]
    answer(
        {
            "rows": dict(done.rows),
            "keys": done.keys,
            "receipt": done.receipt,
            "alarms": list(done.alarms),
        },
        [
            f"deleted: {', '.join(lines) or 'nothing was due'}; keys destroyed: {done.keys}",
            *([f"newest receipt: {done.receipt} (overt receipt export)"] if done.receipt else []),
        ],
        as_json=as_json,
    )
    if done.alarms:
        raise Fault("\n".join(done.alarms))
