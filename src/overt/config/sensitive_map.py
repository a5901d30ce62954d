"""A map of sensitive places as an organisation draws it up: points and outlines with names (R8).

This decides what is well formed. Which kinds of place a profile knows, and what being near one
takes, is for `policy`.
"""

from dataclasses import dataclass
from typing import Final

from overt.config.toml_table import TableReader, finite, parse_toml
from overt.errors import Refused

Position = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84), as a map or a phone gives them."""
DEFAULT_REACH: Final = 100.0
"""Metres: what lies nearer than this is near."""
MOST_REACH: Final = 5000.0
MOST_CORNERS: Final = 500


@dataclass(frozen=True, slots=True)
class SensitivePlace:
    name: str
    kind: str
    outline: tuple[Position, ...]
    """One point, or at least three corners in order."""
    within_m: float


@dataclass(frozen=True, slots=True)
class SensitiveMap:
    profile: str
    version: str
    places: tuple[SensitivePlace, ...]


def parse_map(content: bytes, *, file: str) -> SensitiveMap:
    problems: list[str] = []
    top = TableReader(file, "the top level,", parse_toml(content, file=file), problems)
    found = SensitiveMap(
        profile=top.name("profile", required=True),
        version=top.name("version", required=True),
        places=tuple(
            _place(TableReader(file, f"[[place]] {number}", table, problems))
            for number, table in enumerate(top.tables("place"), start=1)
        ),
    )
    top.finish()
    if not found.places and not problems:
        top.problem("[[place]]", "missing; a map names at least one place")
    if problems:
        raise Refused("\n".join(problems))
    return found


def _place(table: TableReader) -> SensitivePlace:
    place = SensitivePlace(
        name=table.text("name", required=True),
        kind=table.name("kind", required=True),
        outline=_outline(table),
        within_m=table.number("within_m", low=0, high=MOST_REACH, default=DEFAULT_REACH),
    )
    table.finish()
    return place


def _outline(table: TableReader) -> tuple[Position, ...]:
    if table.has("point") == table.has("polygon"):
        table.problem("point", "write point = [latitude, longitude] or polygon = [[...], ...]")
    if table.has("polygon"):
        return _polygon(table)
    point = position_in(table.take("point", required=False))
    if table.has("point") and point is None:
        table.problem("point", "no position; write [latitude, longitude] in degrees")
    return (point,) if point else ()


def _polygon(table: TableReader) -> tuple[Position, ...]:
    value = table.take("polygon", required=True)
    corners = [position_in(item) for item in value] if isinstance(value, list) else []
    whole = tuple(corner for corner in corners if corner is not None)
    if len(whole) != len(corners) or not 3 <= len(whole) <= MOST_CORNERS:
        table.problem("polygon", f"no outline; write 3 to {MOST_CORNERS} [latitude, longitude]")
    return whole


def position_in(value: object) -> Position | None:
    """Read `[latitude, longitude]`; None for anything else."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    latitude, longitude = finite(value[0]), finite(value[1])
    if latitude is None or longitude is None:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
