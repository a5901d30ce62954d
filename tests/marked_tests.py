"""Which tests marked with a row of the requirements ran, and whether they passed; as JSON."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

PROPERTY = "requirement"


def note_rows(item: pytest.Item) -> None:
    """Send the rows of a test along with its report, from whichever process runs it."""
    rows = {str(row) for mark in item.iter_markers("requirement") for row in mark.args}
    item.user_properties += [(PROPERTY, row) for row in sorted(rows)]


class MarkedTests:
    """Collects the reports; each test function is one, however many cases it has."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows: dict[str, set[str]] = defaultdict(set)
        self._outcomes: dict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        rows = {str(value) for name, value in report.user_properties if name == PROPERTY}
        if not rows or (report.when != "call" and report.passed):
            return
        test = report.nodeid.split("[", 1)[0]
        self._rows[test] |= rows
        self._outcomes[test][report.outcome] += 1

    def pytest_sessionfinish(self) -> None:
        told = {
            test: {"rows": sorted(rows), **self._outcomes[test]}
            for test, rows in sorted(self._rows.items())
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
