"""The keys of a canary's records, so that the test can look for them after they were destroyed (R50).

Only of records that were made for the test: they lie beside a file that says so, which no home of
anybody else has. What these keys seal is two portraits and words that mean nothing.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import select

from overt.errors import Refused
from overt.records.home import Home
from overt.records.postgres import postgres_named
from overt.records.records import open_records
from overt.records.schema import DataKeyRow
from overt.records.work import Reading
from overt.units import Clock

CANARY: Final = "canary-records"
"""The file beside the home."""


def require_records_in_files() -> None:
    """Raise Refused where records lie in PostgreSQL, whose files the test cannot search."""
    if postgres_named() is not None:
        raise Refused(
            "the canary test searches the files that overt writes, and these records are on "
            "PostgreSQL: run it without OVERT_DATABASE, and ask the database's keeper for the rest"
        )


def canary_keys(home: Path, clock: Clock) -> dict[str, bytes]:
    """Each key as it is, and wrapped as it is kept."""
    if not (home.parent / CANARY).is_file():
        raise Refused(f"{home} holds no records of a canary test; their keys are nobody's to read")
    records = open_records(Home(home), clock)
    found: dict[str, bytes] = {}
    try:
        with Reading(records) as reading:
            for row in reading.session.scalars(select(DataKeyRow)):
                if (wrapped := records.keys.get(row.id)) is not None:
                    found[f"the key of the {row.kind.value}"] = records.vault.raw(row.id, wrapped)
                    found[f"the key of the {row.kind.value}, as it is kept"] = wrapped
    finally:
        records.close()
    return found
