"""`overt run` and `overt stop`: watch the cameras of a signed deployment until it closes."""

import json
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.answer import remark
from overt.errors import Fault
from overt.identifiers import DeploymentId
from overt.live.camera_processes import CameraProcesses
from overt.loading import loading

KEEP = "the log's checkpoint, for whoever checks it later (keep it apart from this machine):"


def add_to(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(stop)


def run(
    deployment: Annotated[Path, typer.Argument(help="The signed DEPLOYMENT.toml.")],
    events: Annotated[
        Path | None, typer.Option(help="Append events to this file, one JSON object a line.")
    ] = None,
    fast: Annotated[bool, typer.Option(help="Files as quickly as they decode.")] = False,
    metrics: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            metavar="PORT",
            help="Tell the figures to a Prometheus server on this port of loopback.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The summary as one JSON object.")
    ] = False,
) -> None:
    """Watch the cameras of a signed deployment; alerts are printed as they are raised."""
    with CameraProcesses() as cameras:  # loads in its own process what this one loads here
        with loading():
            from overt.cli.acting import keep_keys_private, say_alarms
            from overt.cli.alert_line import LATE, is_late, shown_as
            from overt.gate.gate import open_gate
            from overt.live.run import Run, run_deployment
            from overt.live.supervise import Event
            from overt.models.library import home_folder, search_folders
            from overt.units import Clock

        tell = remark if as_json else print

        def show(event: Event) -> None:
            if as_json and event["event"] == "summary":  # also where a camera was refused
                print(json.dumps(event, ensure_ascii=False), flush=True)
            if (line := shown_as(event)) is not None:
                tell(line)
            if not fast and is_late(event):  # a file as fast as it decodes keeps no time
                tell(LATE)

        clock = Clock()
        keep_keys_private()
        with open_gate(home_folder(), clock) as gate:
            say_alarms(gate)
            run_deployment(
                gate,
                gate.whoami(),
                clock,
                Run(
                    deployment=deployment,
                    home=home_folder(),
                    models=search_folders(),
                    show=show,
                    events=events,
                    fast=fast,
                    cameras=cameras,
                    metrics=metrics,
                    note=lambda checkpoint: remark(f"{KEEP}\n{checkpoint.rstrip()}"),
                ),
            )


def stop(
    deployment_id: Annotated[str, typer.Argument(help="The id of the running deployment.")],
) -> None:
    """Stop a running deployment cleanly: as SIGTERM does, from any terminal."""
    from overt.cli.acting import acting
    from overt.gate.emergency_stop import stop_without_records
    from overt.models.library import home_folder

    asked = DeploymentId(deployment_id)
    try:
        with acting() as (gate, actor):
            gate.request_stop(actor, asked)
    except Fault as fault:  # the records cannot be written; a run is stopped all the same
        process = stop_without_records(home_folder(), asked)
        remark(f"{fault}; so no line of the log tells who stopped it: note it elsewhere")
        print(f"{deployment_id} is stopped by a signal to its process {process}")
        return
    print(f"{deployment_id} is asked to stop; it ends within a second or two")
