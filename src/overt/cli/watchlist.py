"""`overt watchlist`: import, list, show, delete, and take somebody off at once."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer, remark
from overt.cli.progress_bar import progress_bar
from overt.errors import Refused
from overt.gate.watchlist_orders import (
    EntryLine,
    ImportOrder,
    ImportReport,
    WatchlistLine,
)
from overt.identifiers import SubjectId, WatchlistName
from overt.rates.how_many import how_many, people
from overt.units import iso

app = typer.Typer(help="Watchlists: who is looked for, why, and until when.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Name = Annotated[str, typer.Argument(help="The watchlist's name.")]
MOST_SHOWN = 50
"""Lines of one kind after an import; `--json` has them all."""


@app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(metavar="LIST.csv", help="One row for each image.")],
    *,
    name: Annotated[str, typer.Option(help="The watchlist's name.")],
    profile: Annotated[
        str | None, typer.Option(help="Accept only this profile's categories.")
    ] = None,
    pack: Annotated[
        str | None, typer.Option(help="The model pack; open if found, else dlib.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check all, keep nothing.")] = False,
    skip_refused: Annotated[
        Path | None,
        typer.Option(help="Import the good rows; write the others here with their reasons."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import a watchlist whole, or refuse it and say which rows are wrong and why."""
    if skip_refused is not None:
        _require_writable(skip_refused, file)
    order = ImportOrder(
        file=file, name=WatchlistName(name), profile=profile, pack=pack, dry_run=dry_run,
        skip_refused=skip_refused is not None,
    )  # fmt: skip
    with acting() as (gate, actor), progress_bar("reading faces") as progress:
        report = gate.import_watchlist(actor, order, progress)
    if skip_refused is not None:
        _write_refused(skip_refused, report)
    answer(_import_facts(report), _import_lines(report, skip_refused), as_json=as_json)


@app.command("list")
def list_watchlists(as_json: AsJson = False) -> None:
    """List the watchlists with their counts and dates."""
    with acting() as (gate, actor):
        lists = gate.watchlists(actor)
    answer(
        {"watchlists": [_list_facts(line) for line in lists]},
        [_list_line(line) for line in lists] or ["no watchlists"],
        as_json=as_json,
    )


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show who is on a watchlist and why; no image."""
    with acting() as (gate, actor):
        view = gate.watchlist(actor, WatchlistName(name))
    answer(
        {**_list_facts(view.line), "entries": [_entry_facts(entry) for entry in view.entries]},
        [_list_line(view.line), *(_entry_line(entry) for entry in view.entries)],
        as_json=as_json,
    )


@app.command()
def delete(name: Name, as_json: AsJson = False) -> None:
    """Destroy a watchlist and the key that sealed it; a running deployment of it stops."""
    with acting() as (gate, actor):
        gate.delete_watchlist(actor, WatchlistName(name))
    answer({"deleted": name}, [f"{name} is deleted, and its key destroyed"], as_json=as_json)


@app.command("stand-down")
def stand_down(
    name: Name,
    subject: Annotated[str, typer.Argument(help="The subject_id to look for no more.")],
    reason: Annotated[str, typer.Option(help="Why, in words: an arrest, a withdrawn warrant.")],
    as_json: AsJson = False,
) -> None:
    """Take somebody off at once, of a running deployment too. Nothing brings them back."""
    with acting() as (gate, actor):
        gate.stand_down(actor, WatchlistName(name), SubjectId(subject), reason=reason)
    answer(
        {"watchlist": name, "stood_down": subject},
        [f"{subject} on {name} is not looked for any more"],
        as_json=as_json,
    )


Subject = Annotated[str, typer.Argument(help="The subject_id of the entry.")]


@app.command()
def verify(
    name: Name,
    subject: Annotated[str | None, typer.Argument(help="The subject_id of the entry.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Every entry.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check entries as a second person: the right person, the latest suitable image."""
    if (subject is None) != everybody:
        raise Refused("name one subject_id, or --all")
    with acting() as (gate, actor):
        done = gate.verify_entries(
            actor, WatchlistName(name), None if subject is None else SubjectId(subject)
        )
    answer(
        {"watchlist": name, "checked": done.checked, "left": done.left},
        [f"entries of {name} checked: {done.checked}; left: {done.left}"],
        as_json=as_json,
    )


@app.command()
def approve(
    name: Name,
    subject: Subject,
    rationale: Annotated[str, typer.Option(help="The case for listing them, in words.")],
    as_json: AsJson = False,
) -> None:
    """Approve an entry under age, or of an exceptional category. Without it nobody looks."""
    with acting() as (gate, actor):
        gate.approve_entry(actor, WatchlistName(name), SubjectId(subject), rationale=rationale)
    answer(
        {"watchlist": name, "approved": subject},
        [f"{subject} on {name} is approved"],
        as_json=as_json,
    )


@app.command()
def recheck(
    name: Name,
    *,
    source: Annotated[str, typer.Option(help="Where everybody was looked up.")],
    current: Annotated[
        Path | None, typer.Option(help="Who is still looked for there: one subject_id a line.")
    ] = None,
    all_current: Annotated[
        bool, typer.Option("--all-current", help="Everybody is still looked for.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Record that every entry was looked up again; whoever is not current is stood down."""
    if (current is None) != all_current:
        raise Refused("name a file with --current, or say --all-current")
    with acting() as (gate, actor):
        done = gate.recheck_list(actor, WatchlistName(name), source=source, current=current)
    answer(
        {"watchlist": name, "current": done.current, "stood_down": list(done.stood_down)},
        [
            f"{done.current} on {name} are current",
            *(f"{subject} is not looked for any more" for subject in done.stood_down),
        ],
        as_json=as_json,
    )


@app.command()
def manifest(name: Name, as_json: AsJson = False) -> None:
    """Show whom lists of this name named: ids and categories, also once they are destroyed."""
    with acting() as (gate, actor):
        lines = gate.manifest(actor, WatchlistName(name))
    answer(
        {
            "watchlist": name,
            "entries": [
                {
                    "subject_id": line.subject_id,
                    "category": line.category,
                    "imported_at": iso(line.imported_at),
                    "delete_after": iso(line.delete_after),
                }
                for line in lines
            ],
        },
        [f"{line.subject_id}: {line.category}, imported {iso(line.imported_at)}" for line in lines],
        as_json=as_json,
    )


def _require_writable(target: Path, source: Path) -> None:
    """Better now than after ten thousand images."""
    if target.exists() and source.exists() and target.samefile(source):
        raise Refused(f"--skip-refused {target} is the list itself; name another file")
    folder = target.absolute().parent
    may_write = os.access(target if target.exists() else folder, os.W_OK)
    if not folder.is_dir() or target.is_dir() or not may_write:
        raise Refused(f"--skip-refused {target}: no file can be written there; name another")


def _write_refused(target: Path, report: ImportReport) -> None:
    try:
        with open(target, "w", encoding="utf-8", newline="", opener=_private) as file:
            os.fchmod(file.fileno(), 0o600)  # before a word of it is there, of an older file too
            file.write(report.refused_csv)
    except OSError as error:
        remark(f"{target}: cannot be written: {error.strerror}; the good rows were imported")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _import_facts(report: ImportReport) -> dict[str, object]:
    return {
        "watchlist": report.name,
        "imported": report.kept,
        "digest": report.digest,
        "people": report.people,
        "images": report.images,
        "refused": [{"row": p.row, "column": p.column, "reason": p.reason} for p in report.refused],
        "warnings": list(report.warnings),
        "ignored_faces": report.ignored_faces,
        "without_birth_date": report.without_birth_date,
        "lookalikes": [
            {"first": p.first, "second": p.second, "similarity": round(p.similarity, 4)}
            for p in report.lookalikes
        ],
        "pack": report.pack,
        "model": report.model,
        "engine": report.engine,
        "seconds": round(report.seconds, 3),
        "images_per_second": round(report.images_per_second, 1),
        "delete_after": iso(report.delete_after) if report.delete_after else None,
    }


def _import_lines(report: ImportReport, refused_file: Path | None) -> Iterator[str]:
    yield f"pack {report.pack} ({report.engine})"
    alike = [
        f"alike: {pair.first} and {pair.second}, {pair.similarity:.3f}"
        for pair in report.lookalikes
    ]
    refused = [f"refused: {problem}" for problem in report.refused]
    yield from _some(refused, f"written to {refused_file}")
    yield from _some([f"warning: {warning}" for warning in report.warnings])
    yield from _some(alike)
    if report.ignored_faces:
        yield f"smaller faces ignored: {report.ignored_faces}; nothing is kept of them"
    if report.without_birth_date:
        yield f"{people(report.without_birth_date)} without a date of birth: ask whether anybody is under age"
    yield (
        f"{report.name}: {people(report.people)}, {how_many(report.images, 'image')}, "
        f"{report.images_per_second:.0f} images/s, {report.digest}"
    )
    if report.delete_after:
        yield f"kept until {iso(report.delete_after)}"
    else:
        yield "dry run: nothing was kept"


def _some(lines: list[str], where_the_rest_is: str = "--json tells all") -> Iterator[str]:
    yield from lines[:MOST_SHOWN]
    if len(lines) > MOST_SHOWN:
        yield f"... and {len(lines) - MOST_SHOWN} more; {where_the_rest_is}"


def _list_facts(line: WatchlistLine) -> dict[str, object]:
    return {
        "watchlist": line.name,
        "people": line.people,
        "stood_down": line.stood_down,
        "unchecked": line.unchecked,
        "under_age": line.under_age,
        "images": line.images,
        "profile": line.profile,
        "digest": line.digest,
        "imported_at": iso(line.imported_at),
        "imported_by": line.imported_by,
        "delete_after": iso(line.delete_after),
    }


def _list_line(line: WatchlistLine) -> str:
    gone = f", {line.stood_down} stood down" if line.stood_down else ""
    gone += f", {line.unchecked} unchecked" if line.unchecked else ""
    gone += f", {line.under_age} under age" if line.under_age else ""
    return (
        f"{line.name}: {people(line.people)}{gone}, {how_many(line.images, 'image')}, imported "
        f"{iso(line.imported_at)} by {line.imported_by}, kept until {iso(line.delete_after)}"
    )


def _entry_facts(entry: EntryLine) -> dict[str, object]:
    return {
        "subject_id": entry.subject_id,
        "category": entry.category,
        "status": entry.status,
        "reason": entry.reason,
        "response_plan": entry.response_plan,
        "necessity": entry.necessity,
        "less_intrusive": entry.less_intrusive,
        "review_by": entry.review_by.isoformat(),
        "images": entry.images,
        "stood_down": entry.stood_down,
        "restricted": entry.restricted,
        "checked": entry.checked,
        "approved": entry.approved,
        "under_age": entry.under_age,
        "lookalikes": list(entry.lookalikes),
    }


def _entry_line(entry: EntryLine) -> str:
    state = "stood down" if entry.stood_down else "restricted" if entry.restricted else "listed"
    alike = f"; resembles {', '.join(entry.lookalikes)}" if entry.lookalikes else ""
    status = f", {entry.status}" if entry.status else ""
    status += ", under age" if entry.under_age else ""
    status += "" if entry.checked else ", unchecked"
    need = f"; necessary: {entry.necessity}; lesser means: {entry.less_intrusive}"
    return (
        f"  {entry.subject_id}: {state}, {entry.category}{status}, {how_many(entry.images, 'image')}, "
        f"review by {entry.review_by}: {entry.reason}; {entry.response_plan}"
        f"{need if entry.necessity else ''}{alike}"
    )
