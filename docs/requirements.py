"""Write docs/requirements.md and build/requirements.json from the marked tests that passed.

`make requirements` runs every test that is marked with a row of the requirements and hands this
script what became of them: MARKED-TESTS.json ... REQUIREMENTS.json. What the code does for each row, and what it lacks, stands in
requirements.toml; a row that no passed test shows is not done, whatever is written there.
"""

import json
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
TABLE: Final = FOLDER / "requirements.toml"
PAGE: Final = FOLDER / "requirements.md"
DONE, PARTLY, NOT_DONE = "done", "partly", "not done"
UNSHOWN: Final = "No test that shows it passed in this run."
HEAD: Final = """\
# What is required, what is done, and which tests show it

The rows R1 to R70 say what the law, the courts, the regulators and the critics ask of live facial recognition. `make requirements` runs every test that is marked with a row and writes this page from those that passed; what the code does and what it lacks stands in [requirements.toml](requirements.toml). "Done" means: the code does it, and the tests named here show that. "Partly" says what is missing. What takes people, a place or a contract (signs in a street, a leaflet, a trained officer) no program does; there it keeps the record and refuses without one.
"""


@dataclass(frozen=True, slots=True)
class Row:
    row: str
    asks: str
    standing: str
    does: str
    lacks: str
    tests: tuple[str, ...]
    """That passed."""
    not_run: tuple[str, ...]
    """Marked, and skipped where this was written."""


def rows_of(table: dict[str, dict[str, str]], ran: dict[str, dict[str, Any]]) -> list[Row]:
    """Join what is written of each row with what the tests showed."""
    return [_row(name, told, ran) for name, told in table.items()]


def _row(name: str, told: dict[str, str], ran: dict[str, dict[str, Any]]) -> Row:
    marked = [(test, outcome) for test, outcome in ran.items() if name in outcome["rows"]]
    passed = tuple(t for t, o in marked if o.get("passed") and not o.get("failed"))
    skipped = tuple(t for t, o in marked if t not in passed and not o.get("failed"))
    standing, lacks = told["standing"], told.get("lacks", "")
    if standing != NOT_DONE and not passed:
        standing, lacks = NOT_DONE, f"{UNSHOWN} {lacks}".strip()
    return Row(name, told["asks"], standing, told.get("does", ""), lacks, passed, skipped)


def page(rows: list[Row]) -> str:
    """The page, as it is committed."""
    counts = {name: sum(r.standing == name for r in rows) for name in (DONE, PARTLY, NOT_DONE)}
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    table = "\n".join(f"| [{r.row}](#{r.row.lower()}) | {r.asks} | {r.standing} |" for r in rows)
    parts = [HEAD, f"Of {len(rows)} rows: {told}.\n"]
    parts.append(f"| row | what is asked | |\n|-|-|-|\n{table}\n")
    return "\n".join([*parts, *map(_section, rows)])


def _section(row: Row) -> str:
    lines = [f"## {row.row}\n", f"**{row.asks}** {row.standing.capitalize()}.\n"]
    lines += [f"{row.does}\n"] if row.does else []
    lines += [f"*Missing:* {row.lacks}\n"] if row.lacks else []
    lines += [f"- `{test}`" for test in row.tests]
    lines += [f"- not run where this page was written: `{test}`" for test in row.not_run]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write both files; say which rows claim more than their tests show, and what failed."""
    *runs, told = map(Path, sys.argv[1:])
    ran: dict[str, dict[str, Any]] = {}
    for run in runs:  # a later run of a test counts instead of an earlier one
        ran |= json.loads(run.read_text(encoding="utf-8"))
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    rows = rows_of(table, ran)
    PAGE.write_text(page(rows), encoding="utf-8")
    told.parent.mkdir(parents=True, exist_ok=True)
    told.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    unshown = [r.row for r in rows if r.standing == NOT_DONE != table[r.row]["standing"]]
    for test, outcome in ran.items():
        if outcome.get("failed"):
            print(f"{test} failed and shows nothing", file=sys.stderr)
    for name in unshown:
        print(f"{name}: requirements.toml claims it, and no test of it passed", file=sys.stderr)
    return 1 if unshown else 0


if __name__ == "__main__":
    sys.exit(main())
