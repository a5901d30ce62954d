"""TRUTH.json: which recordings to watch, against which list, and who passed in them when.

    {"clips": [{"video": "a.mp4", "watchlist": "list.csv", "passages": [
        {"subject_id": "S1", "from": 1.2, "to": 4.8, "camera": "north",
         "groups": {"age": "40-49"}}]}]}

Times are seconds of the recording, `subject_id` is null for somebody who is on no list, and
paths are relative to the file. Anything else is refused, with the place where it stands.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.config.toml_table import finite
from overt.errors import Refused
from overt.frames.stills import still_contents
from overt.identifiers import CameraId, SubjectId
from overt.units import Seconds

NO_CAMERA: Final = CameraId("camera")
CLIP: Final = frozenset({"video", "watchlist", "passages"})
PASSAGE: Final = frozenset({"subject_id", "from", "to", "camera", "groups"})


@dataclass(frozen=True, slots=True)
class TruePassage:
    """Somebody was in view from `start` to `end`."""

    subject_id: SubjectId | None
    start: Seconds
    end: Seconds
    camera: CameraId
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clip:
    video: Path
    watchlist: Path
    passages: tuple[TruePassage, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file something stands, for messages."""

    name: str

    def within(self, key: str) -> "_Place":
        return _Place(f"{self.name} {key}")

    def refuse(self, message: str) -> Refused:
        return Refused(f"{self.name}: {message}")


def read_truth(path: Path) -> tuple[Clip, ...]:
    """Read the file, or refuse it at the first fault."""
    place = _Place(path.name)
    try:
        whole = json.loads(still_contents(path, str(path)).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise place.refuse(f"byte {error.start} is not UTF-8; save it as UTF-8") from error
    except ValueError as error:
        raise place.refuse(f"not JSON: {error}") from error
    except RecursionError as error:
        raise place.refuse("nested too deeply to be a truth") from error
    table = _table(whole, place, known=frozenset({"clips"}))
    clips = _list(table.get("clips"), place.within("clips"))
    return tuple(
        _clip(each, place.within(f"clips {i}"), path.absolute().parent)
        for i, each in enumerate(clips, start=1)
    )


def _clip(value: object, place: _Place, base: Path) -> Clip:
    table = _table(value, place, known=CLIP)
    passages = _list(table.get("passages"), place.within("passages"))
    return Clip(
        video=_file(table, "video", place, base),
        watchlist=_file(table, "watchlist", place, base),
        passages=tuple(
            _passage(each, place.within(f"passages {i}")) for i, each in enumerate(passages, 1)
        ),
    )


def _passage(value: object, place: _Place) -> TruePassage:
    table = _table(value, place, known=PASSAGE)
    if "subject_id" not in table:
        raise place.refuse("subject_id is missing; write null for somebody who is on no list")
    subject = table["subject_id"]
    if subject is not None and not (isinstance(subject, str) and subject.strip()):
        raise place.within("subject_id").refuse("neither text nor null")
    start, end = (_time(table, key, place) for key in ("from", "to"))
    if end <= start:
        raise place.refuse(f"to, {end:g}, is not after from, {start:g}")
    camera = table.get("camera", NO_CAMERA)
    if not isinstance(camera, str) or not camera.strip():
        raise place.within("camera").refuse("no name; write text, or leave it out")
    return TruePassage(
        subject_id=None if subject is None else SubjectId(str(subject).strip()),
        start=start,
        end=end,
        camera=CameraId(camera),
        groups=_groups(table.get("groups", {}), place.within("groups")),
    )


def _time(table: Mapping[str, object], key: str, place: _Place) -> Seconds:
    number = finite(table.get(key))
    if number is None or number < 0:
        raise place.within(key).refuse("no time; write seconds of the recording, as in 4.8")
    return Seconds(number)


def _groups(value: object, place: _Place) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise place.refuse('no table; write {"age": "40-49"}')
    for key, text in value.items():
        if not isinstance(text, str) or not text.strip() or not key.strip():
            raise place.within(key[:60]).refuse("no text; groups are written as text")
    return {key: text.strip() for key, text in value.items()}


def _file(table: Mapping[str, object], key: str, place: _Place, base: Path) -> Path:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise place.within(key).refuse("missing; write a path relative to the file")
    path = base / value
    if not path.exists():
        raise place.within(key).refuse(f"{value[:200]} does not exist; check the path")
    return path


def _table(value: object, place: _Place, *, known: frozenset[str]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise place.refuse("no table; write { ... }")
    for key in value:
        if key not in known:
            raise place.refuse(f"{key[:60]!r} is unknown; take one of {', '.join(sorted(known))}")
    return value


def _list(value: object, place: _Place) -> list[object]:
    if not isinstance(value, list) or not value:
        raise place.refuse("missing or empty; write [ ... ] with at least one")
    return value
