"""`overt drill`: a whole deployment with test people and test documents, draft to evaluation."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.alert_line import shown_as
from overt.cli.answer import answer, remark
from overt.live.supervise import Event


def add_to(app: typer.Typer) -> None:
    app.command()(drill)


def drill(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Its record, log and the log's key go there."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Walk a whole deployment under the rules of uk-police-2026, as training and as a test.

    It works in a temporary OVERT_HOME, asks nothing, touches no records of yours, and is marked as a
    drill in everything that it leaves.
    """
    from overt.assurance.report_files import require_folder, write_whole
    from overt.demo.drill import Drill, results_as_files
    from overt.models.library import search_folders
    from overt.units import Clock

    if out is not None:
        require_folder(out)

    def show(event: Event) -> None:
        if (line := shown_as(event)) is not None:
            remark(line)

    with tempfile.TemporaryDirectory(prefix="overt-drill-") as folder:
        done = Drill(Path(folder), search_folders(), remark, show).walk(Clock())
    files = write_whole(out, results_as_files(done)) if out is not None else ()
    facts = {
        **done.record,
        "stages": list(done.stages),
        "alerts": dict(done.alerts),
        "files": [str(each) for each in files],
    }
    lines = [
        *(f"{name}: {value}" for name, value in done.columns.items()), "stages: " + ", ".join(done.stages),
        *(f"written: {each}" for each in files),
    ]  # fmt: skip
    answer(facts, lines, as_json=as_json)
