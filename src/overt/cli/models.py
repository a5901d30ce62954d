"""`overt models`: which packs there are, fetch one, check their files."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from overt.cli.answer import answer
from overt.errors import Refused
from overt.models.library import cache_folder, manifest_of, search_folders
from overt.models.survey import PackReport, PackState, report_pack, survey_packs

app = typer.Typer(
    help="Model packs: the networks, their licences and digests.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command("list")
def list_packs(as_json: Json = False) -> None:
    """List the packs that the program knows, with licence and digest, and whether each is here."""
    reports = survey_packs(search_folders())
    answer(
        {"packs": [report.as_facts() for report in reports]},
        (line for report in reports for line in _told(report)),
        as_json=as_json,
    )


@app.command()
def pull(
    pack: Annotated[str, typer.Argument(help="The pack's name, for example open.")],
    as_json: Json = False,
) -> None:
    """Fetch a pack from its publishers into the cache; every file's digest is checked."""
    # Slow to import, and only this command needs the network.
    from overt.models.pull import pull_pack

    manifest = manifest_of(pack, search=search_folders())
    with _progress() as progress:
        files = pull_pack(manifest, cache_folder(), progress=progress)
    answer(
        {
            "pack": pack,
            "folder": str(cache_folder() / manifest.name),
            "files": {file.name: file.fetched.value for file in files},
        },
        [f"{file.name}: {file.fetched.value}, digest right, {file.path}" for file in files],
        as_json=as_json,
    )


@app.command()
def verify(
    pack: Annotated[str | None, typer.Argument(help="One pack; without it, all of them.")] = None,
    as_json: Json = False,
) -> None:
    """Check every file of the packs that are here against its publisher's digest.

    Status 1 if a file is wrong, or if the named pack is not here.
    """
    search = search_folders()
    reports = survey_packs(search) if pack is None else (report_pack(pack, search),)
    bad = [report for report in reports if _fails(report, named=pack is not None)]
    answer(
        {"verified": not bad, "packs": [report.as_facts() for report in reports]},
        (line for report in reports for line in _told(report)),
        as_json=as_json,
    )
    if bad:
        raise Refused("; ".join(report.remark for report in bad))


def _fails(report: PackReport, *, named: bool) -> bool:
    return report.state is PackState.WRONG or (named and report.state is not PackState.READY)


def _told(report: PackReport) -> Iterator[str]:
    manifest = report.manifest
    yield f"{manifest.name} {manifest.version}: {report.state.value}"
    if manifest.summary:
        yield f"  {manifest.summary}"
    yield f"  licence {manifest.licence.spdx}, allows " + (
        ", ".join(sorted(use.value for use in manifest.licence.allows)) or "nothing"
    )
    if manifest.licence.notice:
        yield f"  {manifest.licence.notice}"
    yield f"  {report.digest}"
    if report.found_in:
        yield f"  in {report.found_in}"
    if report.remark:
        yield f"  {report.remark}"


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each file on a terminal; stay quiet in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _name, _have, _size: None
        return
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TransferSpeedColumn

    with Progress(
        *Progress.get_default_columns(), DownloadColumn(), TransferSpeedColumn(),
        console=Console(stderr=True),
    ) as bars:  # fmt: skip
        tasks: dict[str, object] = {}

        def tell(name: str, have: int, size: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=size)
            bars.update(tasks[name], completed=have)  # type: ignore[arg-type]  # rich's TaskID is an int of its own

        yield tell
