"""The report as A4 pages, for files that want paper: the same sentences, tables and plots."""

import io
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from overt.assurance.figures import drawing
from overt.assurance.report import percent
from overt.assurance.report_tables import (
    Table,
    counted,
    counts,
    flat,
    interval,
    lacking,
    operating_rates,
    tables_of,
)

A4: Final = (8.27, 11.69)
LINES: Final = 88
ACROSS: Final = 108
Json = Mapping[str, Any]


def pdf_of(report: Json, figures: Mapping[str, Any]) -> bytes:
    """The same bytes for the same report."""
    lines = list(_lines(report))
    pages = [lines[top : top + LINES] for top in range(0, len(lines), LINES)]
    out = io.BytesIO()
    with drawing() as figure:
        from matplotlib.backends.backend_pdf import PdfPages

        about = {"CreationDate": None, "Title": report["title"], "Creator": "overt"}
        with PdfPages(out, metadata=about) as pdf:
            for number, page in enumerate(pages, start=1):
                pdf.savefig(_page(figure, page, f"{number} of {len(pages)}"))
            for caption, each in figures.items():
                each.suptitle(caption, fontsize=8)
                pdf.savefig(each)
    return out.getvalue()


def _page(figure: Any, lines: list[str], number: str) -> Any:
    page = figure(figsize=A4, layout="none")
    page.text(0.07, 0.96, "\n".join(lines), family="DejaVu Sans Mono", fontsize=7, va="top",
              linespacing=1.35, parse_math=False)  # fmt: skip
    page.text(0.5, 0.02, number, fontsize=7, ha="center")
    return page


def _lines(report: Json) -> Iterator[str]:
    yield from _prose(report["title"].upper())
    for sentence in (*report["summary"], *(f"! {each}" for each in report["warnings"])):
        yield from ("", *_prose(sentence))
    yield from _heading("Error rates by list size (* insufficient data)")
    yield from _grid(
        ("List", "Target", "Threshold", "FPIR", "95 %", "FNIR", "95 %", "Rank 1"),
        [_rates(each) for each in report["rates"]],
    )
    for line in lacking(report):
        yield from _prose(f"* {line}")
    yield from _heading(f"At the operating threshold, {report['operating']['threshold']}")
    yield from _grid(
        ("Rate", "Count", "Share", "95 % interval"),
        [
            (name, counts(rate), percent(rate["rate"]), interval(rate))
            for name, rate in operating_rates(report)
        ],
    )
    for table in tables_of(report):
        yield from _table(table)
    for title in ("method", "limits"):
        yield from _heading(title.capitalize())
        for sentence in report[title]:
            yield from _prose(f"- {sentence}")
    for title in ("data", "system"):
        yield from _heading(title.capitalize())
        for name, value in flat(report[title]):
            yield from _prose(f"{name}: {value}")
    yield from _heading("The same again")
    yield from _prose(report["command"])


def _rates(each: Json) -> tuple[str, ...]:
    threshold = each["threshold"]
    return (
        f"{each['list_size']:,}{' *' if each['insufficient_data'] else ''}",
        f"{each['fpir_target']:g}",
        "none" if threshold is None else f"{threshold:.4f}",
        counted(each["fpir"]),
        interval(each["fpir"]),
        counted(each["fnir"]),
        interval(each["fnir"]),
        percent(each["rank1"]),
    )


def _table(table: Table) -> Iterator[str]:
    yield from _heading(table.title)
    for paragraph in table.paragraphs:
        yield from _prose(paragraph)
    if table.rows:
        yield from _grid(table.columns, list(table.rows))


def _heading(title: str) -> Iterator[str]:
    yield from ("", title, "-" * len(title))


def _prose(text: str) -> list[str]:
    return textwrap.wrap(text, ACROSS, subsequent_indent="  ") or [""]


def _grid(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Columns as wide as they need; rows that do not fit the page are folded into lines."""
    widths = [max(len(row[i]) for row in (columns, *rows)) for i in range(len(columns))]
    if sum(widths) + 2 * len(widths) > ACROSS:
        for row in rows:
            told = "; ".join(f"{name} {cell}" for name, cell in zip(columns, row, strict=True))
            yield from _prose(told)
        return
    for row in (columns, *rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip()
