"""Reads one TOML table strictly: takes its keys one by one and collects every problem.

Whoever reads decides what a key means. A key that nobody asked for is a problem too, so that
a misspelt rule is never a rule that is silently absent.
"""

import difflib
import math
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from overt.errors import Refused
from overt.units import UtcTime, utc

LONGEST_FILE: Final = 1_000_000
"""Bytes. A deployment is a page of text; more is a mistake or an attack on the reader."""
LONGEST_TEXT: Final = 20_000
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""Invisible characters, among them those that reorder text: a signer must see what is signed."""
KINDS: Final = {
    bool: "true or false", int: "a number", float: "a number", str: "text", list: "an array",
    dict: "a table", datetime: "a time", date: "a date",
}  # fmt: skip


def parse_toml(content: bytes, *, file: str) -> dict[str, object]:
    """Read TOML, or refuse with the place where it stops being TOML."""
    if len(content) > LONGEST_FILE:
        raise Refused(f"{file}: {len(content)} bytes; a file of at most {LONGEST_FILE} is read")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{file}: not TOML: {error}") from error
    except (RecursionError, ValueError) as error:
        raise Refused(f"{file}: not TOML that can be read: {type(error).__name__}") from error


def kind_of(value: object) -> str:
    return KINDS.get(type(value), "a time of day")


@dataclass(slots=True)
class TableReader:
    file: str
    place: str
    """The table as the file writes it: `[deployment]`, `[[camera]] 2`."""
    table: dict[str, object]
    problems: list[str]
    """Shared by all readers of one file."""
    asked: set[str] = field(default_factory=set)

    def problem(self, key: str, message: str) -> None:
        self.problems.append(f"{self.file}: {self.place} {key}: {message}")

    def has(self, key: str) -> bool:
        return key in self.table

    def take(self, key: str, *, required: bool) -> object | None:
        self.asked.add(key)
        if key not in self.table and required:
            self.problem(key, "missing; add it")
        return self.table.get(key)

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        """Text as written, without the white space around it."""
        value = self.take(key, required=required)
        if value is None:
            return default
        if not isinstance(value, str):
            self.problem(key, f"{kind_of(value)}; write text in quotes")
            return default
        if not value.strip() and required:
            self.problem(key, "blank; fill it in")
        elif CONTROL.search(value):
            self.problem(key, "holds an invisible control character; take it out")
        elif len(value) > LONGEST_TEXT:
            self.problem(key, f"{len(value)} characters; {LONGEST_TEXT} at most")
        return value.strip()

    def name(self, key: str, *, required: bool = False, default: str = "") -> str:
        """Text that may stand in a file name, an event and an audit line."""
        before = len(self.problems)
        value = self.text(key, required=required, default=default)
        if len(self.problems) == before and (value or required) and not NAME.fullmatch(value):
            self.problem(
                key,
                f"{value!r} is no name; take 1 to 64 of letters A-Z a-z, digits, dot, dash and "
                "underscore, and begin with a letter or digit",
            )
        return value

    def number(
        self, key: str, *, low: float, high: float, required: bool = False, default: float = 0.0
    ) -> float:
        value = self.take(key, required=required)
        if value is None:
            return default
        number = finite(value)
        if number is None:
            self.problem(key, f"{shown(value)} is no finite number")
        elif not low <= number <= high:
            self.problem(key, f"{number:g} is not between {low:g} and {high:g}")
        else:
            return number
        return default

    def time(self, key: str, *, required: bool = False) -> UtcTime | None:
        value = self.take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, datetime):
            self.problem(
                key, f"{kind_of(value)}; write a time without quotes, as in 2026-11-30T10:00:00Z"
            )
            return None
        if value.tzinfo is None:
            self.problem(
                key, f"{value.isoformat()} has no time zone; write {value.isoformat()}Z for UTC"
            )
            return None
        try:
            # Times are signed and written in milliseconds; what is finer is dropped.
            return utc(value.replace(microsecond=value.microsecond // 1000 * 1000))
        except OverflowError:
            self.problem(key, f"{value.isoformat()} is outside the calendar")
            return None

    def day(self, key: str, *, required: bool = False) -> date | None:
        value = self.take(key, required=required)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.problem(key, f"{kind_of(value)}; write a date without quotes, as in 2027-05-01")
            return None
        return value

    def tables(self, key: str) -> list[dict[str, object]]:
        """Read an array of tables; anything else is a problem."""
        value = self.take(key, required=False)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, f"{kind_of(value)}; write [[{key}]] above each")
            return []
        return value

    def finish(self) -> None:
        """Every key that nobody asked for is a problem."""
        for key in self.table:
            if key not in self.asked:
                close = difflib.get_close_matches(key, sorted(self.asked), n=1)
                hint = f"did you mean {close[0]}?" if close else "take it out"
                self.problem(key[:80], f"unknown key; {hint}")


def finite(value: object) -> float | None:
    """Return the value as a float, or None if it is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def shown(value: object) -> str:
    return repr(value)[:60]
