"""The files of a report: JSON, one self-contained page, CSV, PDF and the scores of each probe.

Written aside and moved into place when all of them are whole, so that a folder never holds half
a report, nor parts of two.
"""

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import date
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, Final

from overt.assurance.figures import as_svg, figures_of
from overt.assurance.report import ProbeLine, percent
from overt.assurance.report_pdf import pdf_of
from overt.assurance.report_tables import (
    counted,
    flat,
    interval,
    lacking,
    operating_rates,
    tables_of,
)
from overt.config.list_csv import neutral
from overt.errors import Fault, Refused
from overt.policy.evidence_file import EVIDENCE_FILE, REPORT_FILE, evidence_in, write_evidence

RATE_COLUMNS: Final = (
    "list_size", "fpir_target", "threshold", "fpir_errors", "fpir_trials", "fpir", "fpir_low",
    "fpir_high", "fnir_errors", "fnir_trials", "fnir", "fnir_low", "fnir_high", "rank1",
    "insufficient_data",
)  # fmt: skip
Json = Mapping[str, Any]


def require_folder(out: Path) -> None:
    """Refuse before the long work where the report could not be written; leaves nothing behind."""
    made = _missing(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        if not os.access(out, os.W_OK | os.X_OK):
            raise Refused(f"--out {out}: may not be written to; name another folder")
    except OSError as error:
        raise Refused(f"--out {out}: no folder can be made there: {error.strerror}") from error
    finally:
        _remove_empty(made)


def _missing(folder: Path) -> tuple[Path, ...]:
    """The folder and those above it that do not exist, the innermost first."""
    return tuple(each for each in (folder, *folder.parents) if not os.path.lexists(each))


def _remove_empty(folders: Sequence[Path]) -> None:
    for each in folders:
        with suppress(OSError):
            each.rmdir()


def write_report(
    out: Path, report: Json, probes: Sequence[ProbeLine], tested_on: date
) -> tuple[Path, ...]:
    """Write every file of the report, and what it is evidence of; where they are."""
    figures = figures_of(report)
    whole = (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode()
    contents = {
        REPORT_FILE: whole,
        EVIDENCE_FILE: write_evidence(evidence_in(whole, tested_on, REPORT_FILE)),
        "report.html": _html(report, figures).encode(),
        "report.csv": _rates_csv(report).encode(),
        "report.pdf": pdf_of(report, figures),
        "probes.csv": _probes_csv(probes).encode(),
    }
    return write_whole(out, contents)


def write_whole(out: Path, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files that belong together, and their folder: all of them, or none."""
    made = _missing(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (out / f".{name}.part").write_bytes(content)
        for name in contents:
            (out / f".{name}.part").replace(out / name)
    except OSError as error:
        raise Fault(f"{out}: the report cannot be written: {error.strerror}") from error
    finally:
        for name in contents:
            with suppress(OSError):
                (out / f".{name}.part").unlink(missing_ok=True)
        _remove_empty(made)
    return tuple(out / name for name in contents)


def _html(report: Json, figures: Mapping[str, Any]) -> str:
    return rendered(
        "report.html.j2",
        title=report["title"],
        report=report,
        figures=[{"caption": name, "svg": as_svg(each)} for name, each in figures.items()],
        sections=tables_of(report),
        operating=operating_rates(report),
        lacking=lacking(report),
        counted=counted,
        interval=interval,
        percent=percent,
        flat=flat,
    )


def rendered(template: str, **values: Any) -> str:
    """One self-contained page, in the style that all reports share."""
    from jinja2 import Environment, StrictUndefined

    folder = package_files("overt.assurance")
    source = folder.joinpath(template).read_text("utf-8")
    style = folder.joinpath("report.css").read_text("utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False).from_string(
        source
    )
    return page.render(style=style, **values)


def _rates_csv(report: Json) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(RATE_COLUMNS)
    for each in report["rates"]:
        writer.writerow(
            [each["list_size"], each["fpir_target"], each["threshold"]]
            + [
                each[kind][key]
                for kind in ("fpir", "fnir")
                for key in ("errors", "trials", "rate", "low", "high")
            ]
            + [each["rank1"], str(each["insufficient_data"]).lower()]
        )
    return out.getvalue()


def _probes_csv(probes: Sequence[ProbeLine]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([field.name for field in fields(ProbeLine)])
    for each in probes:
        writer.writerow([_cell(value) for value in asdict(each).values()])
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return neutral(value)
    return "" if value is None else str(value)
