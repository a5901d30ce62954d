"""The ground truth of a seeded walk: who passed which camera when, and in what conditions.

As people write it: a CSV file, or one tap on a phone. A file with a bad line is refused whole, and
every bad line is named. Whether the participant agreed and the camera is the walk's is for the gate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, TypeVar

from overt.config.csv_records import csv_records
from overt.config.list_csv import SUBJECT
from overt.errors import Refused
from overt.identifiers import CameraId, SubjectId
from overt.units import UtcTime, iso, utc


class Light(Enum):
    DAYLIGHT = "daylight"
    OVERCAST = "overcast"
    BACKLIT = "backlit"
    DUSK = "dusk"
    LAMPS = "lamps"
    """Dark but for street lamps, or indoors."""


class Distance(Enum):
    """From the camera, at the nearest."""

    NEAR = "near"
    """Up to five metres."""
    MIDDLE = "middle"
    FAR = "far"
    """More than ten metres."""


class Eyewear(Enum):
    NONE = "none"
    GLASSES = "glasses"
    SUNGLASSES = "sunglasses"


class Headgear(Enum):
    NONE = "none"
    CAP = "cap"
    HAT = "hat"
    HOOD = "hood"
    SCARF = "scarf"


class Zone(Enum):
    """Whether the person went through the zone of recognition: TRR is of those who did (R63)."""

    THROUGH = "through"
    OUTSIDE = "outside"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Conditions:
    light: Light
    distance: Distance
    eyewear: Eyewear
    headgear: Headgear

    def facts(self) -> Mapping[str, str]:
        return {
            "light": self.light.value,
            "distance": self.distance.value,
            "eyewear": self.eyewear.value,
            "headgear": self.headgear.value,
        }


@dataclass(frozen=True, slots=True)
class WalkPass:
    """One participant went past one camera once."""

    participant: SubjectId
    camera: CameraId
    at: UtcTime
    zone: Zone
    conditions: Conditions

    def facts(self) -> Mapping[str, str]:
        return {
            "participant": self.participant,
            "camera": self.camera,
            "at": iso(self.at),
            "zone": self.zone.value,
            **self.conditions.facts(),
        }


REQUIRED: Final = ("participant", "camera", "at", "light", "distance", "eyewear", "headgear")
OPTIONAL: Final = ("zone",)
LONGEST_CELL: Final = 200
MOST_LINES_NAMED: Final = 50
Kind = TypeVar("Kind", bound=Enum)


@dataclass(frozen=True, slots=True)
class WalkLog:
    """The passes by the line that tells each, and what is wrong with the other lines."""

    passes: Mapping[int, WalkPass]
    problems: tuple[str, ...]


def parse_walk_log(content: bytes, *, file: str) -> WalkLog:
    records = csv_records(content, file=file)
    columns = _columns(records[0] if records else [], file=file)
    passes: dict[int, WalkPass] = {}
    problems: list[str] = []
    for number, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(columns):
            problems.append(f"line {number}: {len(record)} cells, the header has {len(columns)}")
            continue
        try:
            cells = dict(zip(columns, (cell.strip() for cell in record), strict=True))
            passes[number] = _pass(cells)
        except Refused as refusal:
            problems.append(f"line {number}: {refusal}")
    if not passes and not problems:
        raise Refused(f"{file}: no lines below the header; a log has at least one pass")
    return WalkLog(passes, tuple(problems))


def require_no_problem(file: str, problems: list[str]) -> None:
    """Refuse a log of which any line is bad, and name every one, to a sensible number."""
    if not problems:
        return
    named = [f"{file}: {each}" for each in problems[:MOST_LINES_NAMED]]
    more = len(problems) - len(named)
    if more > 0:
        named.append(f"and {more} more bad lines")
    raise Refused("\n".join(["nothing was imported:", *named]))


def chosen(kind: type[Kind], value: str, column: str) -> Kind:
    """One of the closed words of a column."""
    for each in kind:
        if each.value == value.strip().lower():
            return each
    words = ", ".join(str(each.value) for each in kind)
    raise Refused(f"{column} {value[:60]!r} is none of {words}")


def _columns(header: list[str], *, file: str) -> tuple[str, ...]:
    columns = tuple(name.strip().lower() for name in header)
    faults = [f"column {name} is missing" for name in REQUIRED if name not in columns]
    faults += [
        f"column {name[:60]!r} is unknown; take it out"
        for name in columns
        if name not in {*REQUIRED, *OPTIONAL}
    ]
    faults += [f"column {name} stands twice" for name in REQUIRED if columns.count(name) > 1]
    if faults:
        raise Refused("\n".join(f"{file}: line 1: {fault}" for fault in faults))
    return columns


def _pass(cells: Mapping[str, str]) -> WalkPass:
    for column, cell in cells.items():
        if len(cell) > LONGEST_CELL:
            raise Refused(f"{column} has {len(cell)} characters; {LONGEST_CELL} at most")
    return WalkPass(
        participant=participant_id(cells["participant"]),
        camera=CameraId(cells["camera"]),
        at=_time(cells["at"]),
        zone=chosen(Zone, cells.get("zone") or Zone.THROUGH.value, "zone"),
        conditions=conditions_of(cells),
    )


def conditions_of(cells: Mapping[str, str]) -> Conditions:
    return Conditions(
        light=chosen(Light, cells.get("light", ""), "light"),
        distance=chosen(Distance, cells.get("distance", ""), "distance"),
        eyewear=chosen(Eyewear, cells.get("eyewear", ""), "eyewear"),
        headgear=chosen(Headgear, cells.get("headgear", ""), "headgear"),
    )


def participant_id(value: str) -> SubjectId:
    """An id as on the list: letters, digits and a few marks; never a name with a space."""
    if not SUBJECT.fullmatch(value):
        raise Refused(
            f"participant {value[:64]!r} is no id: up to 64 letters, digits and ._:- "
            "as on the list, never a name"
        )
    return SubjectId(value)


def _time(value: str) -> UtcTime:
    try:
        return utc(datetime.fromisoformat(value))
    except ValueError as error:
        raise Refused(
            f"at {value[:60]!r} is no time with its zone; write 2026-11-30T10:00:00Z"
        ) from error
