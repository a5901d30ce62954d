"""What the database file may declare at each revision: what the migrations make, and nothing else.

The newest is written out in `declared.sql` (`make docs` writes it), so that every act can hold the
file against it; what an older revision declared is found by running its migrations in memory.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine

from overt.records.migrate import migrate, newest_revision

_WRITTEN: Final = Path(__file__).with_name("declared.sql")
_WORDS: Final = re.compile(r"""CREATE\ (?:UNIQUE\ )?(?P<kind>TABLE|INDEX|TRIGGER)\ (?P<name>\w+)
(?:\ (?:BEFORE\ \w+\ )?ON\ (?P<table>\w+))?""", re.VERBOSE)  # fmt: skip
_DECLARED: Final = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"


@dataclass(frozen=True, slots=True)
class Declared:
    """One table, index or trigger, as a row of SQLite's schema describes it."""

    kind: str
    table: str
    words: tuple[str, ...]
    """Of a table its columns and constraints in no order: that is SQLAlchemy's, and may change."""


def declared(revision: str) -> Mapping[str, Declared]:
    """Read what a file at this revision declares, by name."""
    if revision == newest_revision():
        return _newest()
    return _by_name(_made(revision))


def declared_in_words() -> str:
    """Write what the migrations make, for `declared.sql`."""
    return "\n\n".join(
        "\n".join(line.rstrip() for line in sql.splitlines()) for sql in _made("head")
    ).join(("", "\n"))


@cache
def words_of(sql: str) -> tuple[str, ...]:
    """Cut a statement into what comes before its brackets, between their commas, and after."""
    if not sql.startswith("CREATE TABLE "):
        return (" ".join(sql.split()),)
    head, _, rest = sql.partition("(")
    body, closing, tail = rest.rpartition(")")
    return (_plain(head), *sorted(_items(body)), _plain(closing + tail))


def _items(body: str) -> Iterator[str]:
    """Items of a list, whose own brackets and quoted words may hold commas."""
    depth, quote, begun = 0, "", 0
    for place, letter in enumerate(body):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "," and depth == 0:
            yield _plain(body[begun:place])
            begun = place + 1
        else:
            depth += (letter == "(") - (letter == ")")
    yield _plain(body[begun:])


def _plain(sql: str) -> str:
    return " ".join(sql.split())


@cache
def _newest() -> Mapping[str, Declared]:
    return _by_name(_WRITTEN.read_text(encoding="utf-8").strip().split("\n\n"))


def _by_name(statements: list[str]) -> dict[str, Declared]:
    found = {}
    for sql in statements:
        words = _WORDS.match(sql)
        assert words is not None, sql  # ours
        found[words["name"]] = Declared(
            words["kind"].lower(), words["table"] or words["name"], words_of(sql)
        )
    return found


def _made(revision: str) -> list[str]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        migrate(connection, revision)
        statements = _statements(connection)
    engine.dispose()
    return statements


def _statements(connection: Connection) -> list[str]:
    return [str(sql) for (sql,) in connection.exec_driver_sql(_DECLARED)]
