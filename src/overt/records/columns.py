"""How times and closed vocabularies are written in the database, on SQLite and PostgreSQL alike."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from overt.units import UtcTime, iso, utc


class Moment(TypeDecorator[UtcTime]):
    """A time as it is written everywhere: RFC 3339, UTC, milliseconds; it sorts as text."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: UtcTime | None, dialect: Dialect) -> str | None:
        del dialect  # the same on each
        return None if value is None else iso(utc(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> UtcTime | None:
        del dialect
        return None if value is None else utc(datetime.fromisoformat(value))


class Word[E: Enum](TypeDecorator[E]):
    """A member of an enum, kept as its value."""
