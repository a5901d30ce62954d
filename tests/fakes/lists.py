"""Watchlists as a list builder would write them, with single cells changed."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from overt.config.list_csv import OPTIONAL, REQUIRED, ListRow, parse_list

GOOD_ROW: Final = {
    "subject_id": "S1",
    "image": "s1.jpg",
    "category": "consented",
    "reason": "volunteer in a seeded walk",
    "image_source": "taken at enrolment",
    "legal_basis": "consent form 12",
    "image_date": "2026-10-01",
    "review_by": "2027-10-01",
    "response_plan": "say hello",
}


def row(**changes: str) -> dict[str, str]:
    return {**GOOD_ROW, **changes}


def list_csv(*rows: dict[str, str], columns: Sequence[str] = (*REQUIRED, *OPTIONAL)) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def parsed(*rows: dict[str, str]) -> list[ListRow]:
    listed = parse_list(list_csv(*rows), file="list.csv")
    assert not listed.problems
    return list(listed.rows)
